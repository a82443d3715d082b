package tests

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// cacheWithPage returns a cache with a page, which is signed with the secret key
// if there is one, and a store path in it that needs a signature.
func cacheWithPage(t *testing.T, secretKeyFile string) (cache, path string) {
	t.Helper()
	expression := []string{"testdata/index/cache.nix"}
	if secretKeyFile != "" {
		expression = append(expression, "--arg", "secretKeyFile", `"${`+secretKeyFile+`}"`)
	}
	cache = nix(t, slices.Concat([]string{"nix-build", "--no-out-link", "-A", "cache"}, expression)...)
	return cache, evaluate[string](t, "path", expression...)
}

// Nix takes a cache with a page for what it is.
func TestPageInCache(t *testing.T) {
	cache, path := cacheWithPage(t, "")
	got := strings.Fields(nix(t, "nix", "path-info", "--all", "--store", "file://"+cache))
	if !slices.Contains(got, path) || len(got) != 2 {
		t.Errorf("got %q, want %q and what it refers to", got, path)
	}
	nix(t, "nix", "store", "verify", "--store", "file://"+cache, "--all", "--no-trust")
}

// The page takes the place of the server's list of files, and so leads to all of
// them: wget -r makes a cache that has them, and Nix takes from it.
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
	// What no server tells of are empty directories.
	for _, name := range []string{"realisations", "build-trace-v2", "log"} {
		if err := os.Mkdir(filepath.Join(mirror, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "/", "diff", "-r", cache, mirror)
	from, path := "file://"+mirror, evaluate[string](t, "path", expression)
	nix(t, "nix", "copy", "--no-check-sigs", "--from", from, "--to", filepath.Join(storeDir(t), "store"), path)
	nix(t, "nix-store", "--realise", path, "--option", "substituters", from, "--option", "require-sigs", "false", "--store", filepath.Join(storeDir(t), "store"))
}

// realise runs a command of the page's, with a setting of Nix that the page
// tells, where signatures are required, on an empty store.
func realise(t *testing.T, command, conf string) error {
	t.Helper()
	cmd := nixCommand(t, "sh", "-c", command+` --store "$0"`, filepath.Join(storeDir(t), "store"))
	cmd.Dir = t.TempDir() // where nix-build leaves its result
	cmd.Env = append(cmd.Env, "NIX_CONFIG=require-sigs = true\n"+conf)
	out, err := cmd.CombinedOutput()
	t.Logf("%s: %v\n%s", command, err, out)
	return err
}

// instructions returns what the page tells: the command that gets a store path,
// and the lines for nix.conf.
func instructions(t *testing.T, cache, storePath string) (command, conf string) {
	t.Helper()
	b := newBrowser(t)
	b.open("file://" + cache + "/index.html#" + path.Base(storePath)[:32])
	b.expect(`document.querySelectorAll('#detail pre').length`, 2)
	return b.text(`document.querySelectorAll('#detail pre code')[1].textContent`), b.text(`document.querySelectorAll('#use pre code')[1].textContent`)
}

// checkInstructions does what the page of a cache tells for a store path, by the
// command and by the lines for nix.conf, and returns the lines, with the command
// that goes with them.
func checkInstructions(t *testing.T, cache, path string) (plain, conf string) {
	t.Helper()
	command, conf := instructions(t, cache, path)
	plain = "nix-store --realise " + path
	if err := realise(t, command, ""); err != nil {
		t.Error(err)
	}
	if err := realise(t, plain, conf); err != nil {
		t.Error(err)
	}
	return plain, conf
}

// What the page of an unsigned cache tells works with Nix, and nothing less does.
func TestPageInstructionsUnsigned(t *testing.T) {
	cache, path := cacheWithPage(t, "")
	plain, conf := checkInstructions(t, cache, path)
	without := strings.ReplaceAll(conf, "?trusted=1", "")
	if err := realise(t, plain, without); without == conf || err == nil {
		t.Errorf("%s: no error", without)
	}
}

// What the page of a signed cache tells works with Nix, with its key alone.
func TestPageInstructionsSigned(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	key := nix(t, "nix", "key", "generate-secret", "--key-name", "cache.example.org-1")
	if err := os.WriteFile(secret, []byte(key), 0o600); err != nil {
		t.Fatal(err)
	}
	cache, path := cacheWithPage(t, secret)
	plain, conf := checkInstructions(t, cache, path)
	substituter, _, _ := strings.Cut(conf, "\n")
	if err := realise(t, plain, substituter); err == nil {
		t.Errorf("%s: no error", substituter)
	}
}

// What the page tells of the roots works with Nix: from a directory, whose name is not
// a plain one, and from a server, where there is no directory for nix-build.
func TestPageRoots(t *testing.T) {
	const expression = "testdata/index/cache.nix"
	made := nix(t, "nix-build", "--no-out-link", "-A", "everything", expression)
	cache := filepath.Join(t.TempDir(), "a+b's")
	run(t, "/", "cp", "-r", made, cache)
	server := httptest.NewServer(http.FileServer(http.Dir(cache)))
	defer server.Close()

	b := newBrowser(t)
	const commands = `[...document.querySelectorAll('#use details:last-of-type pre code')].filter(code => !code.closest('[hidden]')).map(code => code.textContent).join('\n')`
	b.open("file://" + cache + "/index.html")
	lines := strings.Split(b.text(commands), "\n")
	if len(lines) != 2 {
		t.Fatalf("got %q, want two commands", lines)
	}
	for _, line := range lines {
		if err := realise(t, line, ""); err != nil {
			t.Error(err)
		}
	}
	b.open(server.URL)
	if line := b.text(commands); strings.Contains(line, "\n") || !strings.HasPrefix(line, "nix-store ") {
		t.Errorf("got %q, want one command", line)
	} else if err := realise(t, line, ""); err != nil {
		t.Error(err)
	}

	// A root leads to its details.
	path := evaluate[string](t, "path", expression)
	b.click(`#roots a[href="#` + filepath.Base(path)[:32] + `"]`)
	b.expect(`document.querySelector('#detail pre code').textContent`, path)
}
