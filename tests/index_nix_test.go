package tests

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mkbinarycache/builder/storepath"
)

// wget -r mirrors the whole cache by the links of the index page, which a web server
// sends instead of a list of files.
func TestPageIsMirrored(t *testing.T) {
	const expression = "testdata/index/cache.nix"
	cache := nix(t, "nix-build", "--no-out-link", "-A", "everything", expression)
	server := httptest.NewServer(http.StripPrefix("/some/cache", http.FileServer(http.Dir(cache))))
	defer server.Close()
	mirror := t.TempDir()
	run(t, mirror, "wget", "--quiet", "--recursive", "--no-parent", "--no-host-directories", "--cut-dirs=2", server.URL+"/some/cache/")
	for _, pattern := range []string{"*.ls", "debuginfo/*.debug", "nix-cache-info"} {
		if found, err := filepath.Glob(filepath.Join(mirror, pattern)); err != nil || len(found) == 0 {
			t.Errorf("the mirror has no %s (%v)", pattern, err)
		}
	}
	// wget does not create empty directories: the index page has no links to them.
	for _, name := range []string{"realisations", "build-trace-v2", "log"} {
		if err := os.Mkdir(filepath.Join(mirror, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "/", "diff", "-r", cache, mirror)
}

// realise runs a command of the index page with an empty store. Nix requires signatures
// and has the settings in conf.
func realise(t *testing.T, command, conf string) error {
	t.Helper()
	cmd := nixCommand(t, "sh", "-c", command+` --store "$0"`, filepath.Join(storeDir(t), "store"))
	cmd.Dir = t.TempDir() // for the result of nix-build
	cmd.Env = append(cmd.Env, "NIX_CONFIG=require-sigs = true\n"+conf)
	out, err := cmd.CombinedOutput()
	t.Logf("%s: %v\n%s", command, err, out)
	return err
}

// The index page's command for a store path and the page's lines for nix.conf work with
// Nix. The lines for nix.conf must have ?trusted=1 for an unsigned cache, and the public
// key of a signed cache.
func TestPageInstructions(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	key := nix(t, "nix", "key", "generate-secret", "--key-name", "cache.example.org-1")
	if err := os.WriteFile(secret, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		arguments []string
		weaken    func(conf string) string
	}{
		{nil, func(conf string) string { return strings.ReplaceAll(conf, "?trusted=1", "") }},
		{[]string{"--arg", "secretKeyFile", `"${` + secret + `}"`}, func(conf string) string { return strings.Split(conf, "\n")[0] }},
	} {
		expression := append([]string{"testdata/index/cache.nix"}, test.arguments...)
		cache := nix(t, append([]string{"nix-build", "--no-out-link", "-A", "cache"}, expression...)...)
		path := evaluate[storepath.Path](t, "path", expression...)
		b := newBrowser(t)
		b.open("file://" + cache + "/index.html#" + path.Hash())
		b.expect(`document.querySelectorAll('#detail pre').length`, 2)
		command, conf := b.text(`document.querySelectorAll('#detail pre code')[1].textContent`), b.text(`document.querySelectorAll('#usage pre code')[1].textContent`)
		if err := realise(t, command, ""); err != nil {
			t.Error(err)
		}
		plain := "nix-store --realise " + string(path)
		if err := realise(t, plain, conf); err != nil {
			t.Error(err)
		}
		if weak := test.weaken(conf); weak == conf || realise(t, plain, weak) == nil {
			t.Errorf("%s: no error", weak)
		}
	}
}

// The commands of the index page for the roots work with Nix, for a directory with
// special characters in its name and for a web server. For a web server, the page shows
// no nix-build command, which would need a directory.
func TestPageRoots(t *testing.T) {
	const expression = "testdata/index/cache.nix"
	built := nix(t, "nix-build", "--no-out-link", "-A", "everything", expression)
	cache := filepath.Join(t.TempDir(), "a+b's")
	run(t, "/", "cp", "-r", built, cache)
	server := httptest.NewServer(http.FileServer(http.Dir(cache)))
	defer server.Close()

	b := newBrowser(t)
	for url, prefixes := range map[string][]string{"file://" + cache + "/index.html": {"nix-store ", "nix-build "}, server.URL: {"nix-store "}} {
		b.open(url)
		lines := strings.Split(b.text(`[...document.querySelectorAll('#usage details:first-of-type[open] pre code')]
			.filter(code => code.checkVisibility()).map(code => code.textContent).join('\n')`), "\n")
		if len(lines) != len(prefixes) {
			t.Fatalf("%s: got %q, want %d commands", url, lines, len(prefixes))
		}
		for i, line := range lines {
			if !strings.HasPrefix(line, prefixes[i]) {
				t.Errorf("%s: got %q, want %q", url, line, prefixes[i])
			}
			if err := realise(t, line, ""); err != nil {
				t.Error(err)
			}
		}
	}

	// A click on a root in the index page opens the root's details.
	path := evaluate[storepath.Path](t, "path", expression)
	b.click(`#roots a[href="#` + path.Hash() + `"]`)
	b.expect(`document.querySelector('#detail pre code').textContent`, path)
}
