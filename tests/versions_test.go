package tests

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVersions lets this machine's Nix and those of the Debian suites in
// NIX_SUITES each build a cache in its sandbox, and each take all that is in
// the caches of all. One that a real nixpkgs does not accept only takes.
func TestVersions(t *testing.T) {
	suites := strings.Fields(os.Getenv("NIX_SUITES"))
	if len(suites) == 0 {
		t.Skip("NIX_SUITES names no Debian suites, as make test-nix-versions does")
	}
	suites = append([]string{""}, suites...)
	builders := suites
	if realNixpkgs != "" {
		builders = slices.DeleteFunc(slices.Clone(suites), func(suite string) bool { return isTooOld(t, suite) })
	}
	t.Setenv("TEST", t.TempDir())
	const expression = "testdata/versions/cache.nix"
	roots := evaluateBy[[]string](t, builders[0], "paths", expression)
	var caches []string
	for _, suite := range builders {
		cache := nixOf(t, suite, "nix-build", "--no-out-link", expression, "-A", "cache")
		t.Cleanup(func() { nix(t, "nix-store", "--delete", cache) })
		caches = append(caches, cache)
	}
	for _, cache := range caches {
		t.Run(filepath.Base(cache)[33:], func(t *testing.T) {
			// The cache says nothing of the Nix that it was built by.
			run(t, "/", "diff", "-r", caches[0], cache)
			for _, suite := range suites {
				t.Run("taken by Nix of "+cmp.Or(suite, "this machine"), func(t *testing.T) {
					t.Parallel()
					take(t, suite, cache, roots)
				})
			}
		})
	}
}

// isTooOld tells whether nixpkgs does not accept the Nix of a suite.
func isTooOld(t *testing.T, suite string) bool {
	t.Helper()
	out, err := nixCommand(t, ofSuite(suite, "nix-instantiate", "<nixpkgs>", "-A", "hello")...).CombinedOutput()
	return err != nil && strings.Contains(string(out), "Nixpkgs requires")
}

// nixOf is nix for the Nix of a suite.
func nixOf(t *testing.T, suite string, args ...string) string {
	t.Helper()
	return nix(t, ofSuite(suite, args...)...)
}

// ofSuite is a command that runs another one with the Nix of a suite.
func ofSuite(suite string, args ...string) []string {
	if suite == "" {
		return args
	}
	return append([]string{filepath.Join(root, "tests", "nix-version"), suite}, args...)
}

// take gets the roots from a cache in each way that Nix has, into stores that
// are empty.
func take(t *testing.T, suite, cache string, roots []string) {
	from := "file://" + cache
	substitute := []string{"--option", "substituters", from, "--option", "require-sigs", "false"}
	ways := map[string][]string{
		"copy":    {"nix", "copy", "--no-check-sigs", "--from", from, "--to"},
		"realise": slices.Concat([]string{"nix-store", "--realise"}, substitute, []string{"--store"}),
		"build":   slices.Concat([]string{"nix", "build", "--no-link"}, substitute, []string{"--store"}),
	}
	for name, way := range ways {
		store := filepath.Join(storeDir(t), name)
		nixOf(t, suite, slices.Concat(way, []string{store}, roots)...)
		nixOf(t, suite, "nix", "store", "verify", "--store", store, "--all", "--no-trust")
		nixOf(t, suite, append([]string{"nix", "path-info", "--store", store}, roots...)...)
	}
}
