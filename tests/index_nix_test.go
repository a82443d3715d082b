package tests

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/index"
)

const cacheExpression = "testdata/use/cache.nix"

// cacheWithPage returns a directory with a copy of the cache of cacheExpression
// and a page that tells a public key, and all store paths in it.
func cacheWithPage(t *testing.T, publicKey string) (dir string, paths []string) {
	t.Helper()
	built := nix(t, "nix-build", "--no-out-link", cacheExpression, "-A", "cache")
	dir = filepath.Join(t.TempDir(), "cache")
	run(t, "/", "cp", "-r", "--no-preserve=mode", built, dir)
	page := index.Page{Name: "binary-cache", StoreDir: "/nix/store", Compression: "zstd", PublicKey: publicKey}
	files, err := filepath.Glob(dir + "/*.narinfo")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d narinfos in %s: %v", len(files), dir, err)
	}
	for _, file := range files {
		info := readNarInfo(t, file)
		paths = append(paths, info.StorePath)
		page.Paths = append(page.Paths, index.Path{
			Name: path.Base(info.StorePath), URL: info.URL, References: info.References,
			NarSize: int64(info.NarSize), FileSize: int64(info.FileSize),
		})
	}
	written := strings.TrimPrefix(writePage(t, page), "file://")
	run(t, "/", "cp", written, dir)
	return dir, paths
}

func readNarInfo(t *testing.T, name string) *narinfo.NarInfo {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := narinfo.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// aPath returns a store path of that cache that needs a signature.
func aPath(t *testing.T) string {
	t.Helper()
	return strings.Trim(nix(t, "nix-instantiate", "--eval", "--read-write-mode", cacheExpression, "-A", "paths.dev"), `"`)
}

// Nix finds in a cache with a page what it finds in one without.
func TestPageInCache(t *testing.T) {
	dir, paths := cacheWithPage(t, "")
	got := strings.Fields(nix(t, "nix", "path-info", "--all", "--store", "file://"+dir))
	slices.Sort(got)
	slices.Sort(paths)
	if !slices.Equal(got, paths) {
		t.Errorf("got %q, want %q", got, paths)
	}
	nix(t, "nix", "store", "verify", "--store", "file://"+dir, "--all", "--no-trust")
}

// realise runs a command of the page's, with a setting of Nix that the page
// tells, where signatures are required, on an empty store.
func realise(t *testing.T, command, conf string) error {
	t.Helper()
	cmd := exec.Command("sh", "-c", command+` --store "$0"`, filepath.Join(t.TempDir(), "store"))
	cmd.Env = append(os.Environ(), environment...)
	cmd.Env = append(cmd.Env, "HOME="+t.TempDir(), "NIX_CONFIG=require-sigs = true\n"+conf)
	out, err := cmd.CombinedOutput()
	t.Logf("%s: %v\n%s", command, err, out)
	return err
}

// instructions returns what the page tells: the command that gets a store path,
// and the lines for nix.conf.
func instructions(t *testing.T, dir, storePath string) (command, conf string) {
	t.Helper()
	b := newBrowser(t)
	b.open("file://" + dir + "/index.html#" + path.Base(storePath)[:32])
	b.expect(`document.querySelectorAll('#detail pre').length`, 2)
	return b.text(`document.querySelectorAll('#detail pre code')[1].textContent`), b.text(`document.querySelectorAll('#use pre code')[1].textContent`)
}

// What the page of an unsigned cache tells works with Nix, and nothing less does.
func TestPageInstructionsUnsigned(t *testing.T) {
	dir, _ := cacheWithPage(t, "")
	command, conf := instructions(t, dir, aPath(t))
	plain := "nix-store --realise " + aPath(t)
	if err := realise(t, command, ""); err != nil {
		t.Error(err)
	}
	if err := realise(t, plain, conf); err != nil {
		t.Error(err)
	}
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
	public := nix(t, "sh", "-c", `nix key convert-secret-to-public <"$0"`, secret)
	dir, paths := cacheWithPage(t, public)
	nix(t, append([]string{"nix", "store", "sign", "--store", "file://" + dir, "--key-file", secret}, paths...)...)
	command, conf := instructions(t, dir, aPath(t))
	plain := "nix-store --realise " + aPath(t)
	if err := realise(t, command, ""); err != nil {
		t.Error(err)
	}
	if err := realise(t, plain, conf); err != nil {
		t.Error(err)
	}
	substituter, _, _ := strings.Cut(conf, "\n")
	if err := realise(t, plain, substituter); err == nil {
		t.Errorf("%s: no error", substituter)
	}
}
