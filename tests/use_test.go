package tests

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestUse runs the scripts on what Nix does with a cache of ours, good or
// damaged: the cases of Nix's own functional tests of binary caches. Each has a
// copy of the cache of its own in $WORK/cache, served as $HTTP, and for each
// path in testdata/use/cache.nix its name in $name, the narinfo in
// $name_narinfo and the NAR in $name_nar.
func TestUse(t *testing.T) {
	const expression = "testdata/use/cache.nix"
	cache := nix(t, "nix-build", "--no-out-link", expression, "-A", "cache")
	paths := evaluate[map[string]string](t, "paths", expression)
	runScriptsAfter(t, "testdata/use", func(env *testscript.Env) error {
		dir := filepath.Join(env.WorkDir, "cache")
		server := httptest.NewServer(http.FileServer(http.Dir(dir)))
		env.Defer(server.Close)
		env.Setenv("HTTP", server.URL)
		env.Setenv("TESTDATA", filepath.Join(root, "tests", "testdata", "use"))
		if err := exec.Command("cp", "-r", "--no-preserve=mode", cache, dir).Run(); err != nil {
			return err
		}
		var all []string
		for name, path := range paths {
			if err := nameFiles(env, dir, name, path); err != nil {
				return err
			}
			all = append(all, path)
		}
		env.Setenv("all", strings.Join(all, " "))
		return nil
	})
}

// nameFiles sets the variables for one store path of the cache in dir.
func nameFiles(env *testscript.Env, dir, name, path string) error {
	narinfo := filepath.Join(dir, filepath.Base(path)[:32]+".narinfo")
	contents, err := os.ReadFile(narinfo)
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(contents), "\nURL: ")
	url, _, _ := strings.Cut(rest, "\n")
	env.Setenv(name, path)
	env.Setenv(name+"_narinfo", narinfo)
	env.Setenv(name+"_nar", filepath.Join(dir, url))
	return nil
}
