package tests

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestUse runs the testscripts in which Nix reads a cache of mkBinaryCache. Each
// testscript has its own copy of the cache in $WORK/cache, which a web server serves at
// $HTTP, and the store paths in testdata/use/cache.nix as variables of the same names;
// $all has all store paths.
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
		var all []string
		for name, path := range paths {
			env.Setenv(name, path)
			all = append(all, path)
		}
		env.Setenv("all", strings.Join(all, " "))
		return exec.Command("cp", "-r", "--no-preserve=mode", cache, dir).Run()
	})
}
