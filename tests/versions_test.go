package tests

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestVersions builds a cache with the installed Nix and with those of the Debian suites
// in NIX_SUITES, and substitutes each cache with each version of Nix. With NIXPKGS, a Nix
// that is too old for that nixpkgs builds no cache and only substitutes.
func TestVersions(t *testing.T) {
	suites := strings.Fields(os.Getenv("NIX_SUITES"))
	if len(suites) == 0 {
		t.Skip("NIX_SUITES is not set; make test-nix-versions sets it")
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
		cache := nixOfSuite(t, suite, "nix-build", "--no-out-link", expression, "-A", "cache")
		t.Cleanup(func() { nix(t, "nix-store", "--delete", cache) })
		caches = append(caches, cache)
	}
	for _, cache := range caches {
		t.Run(filepath.Base(cache)[33:], func(t *testing.T) {
			// The cache is the same with any version of Nix.
			run(t, "/", "diff", "-r", caches[0], cache)
			for _, suite := range suites {
				t.Run("substituted by Nix of "+cmp.Or(suite, "this machine"), func(t *testing.T) {
					t.Parallel()
					substitute(t, suite, cache, roots)
				})
			}
		})
	}
}

// isTooOld reports whether nixpkgs refuses the Nix of a Debian suite.
func isTooOld(t *testing.T, suite string) bool {
	t.Helper()
	out, err := nixCommand(t, suiteCommand(suite, "nix-instantiate", "<nixpkgs>", "-A", "hello")...).CombinedOutput()
	return err != nil && strings.Contains(string(out), "Nixpkgs requires")
}

// nixOfSuite runs a Nix command with the Nix of a Debian suite and returns its trimmed
// stdout.
func nixOfSuite(t *testing.T, suite string, args ...string) string {
	t.Helper()
	return nix(t, suiteCommand(suite, args...)...)
}

// suiteCommand returns a command that runs another command with the Nix of a Debian
// suite.
func suiteCommand(suite string, args ...string) []string {
	if suite == "" {
		return args
	}
	return append([]string{filepath.Join(root, "tests", "nix-version"), suite}, args...)
}

// substitute substitutes the roots from a cache into empty stores, one for each of three
// Nix commands.
func substitute(t *testing.T, suite, cache string, roots []string) {
	from := "file://" + cache
	options := []string{"--option", "substituters", from, "--option", "require-sigs", "false"}
	ways := map[string][]string{
		"copy":    {"nix", "copy", "--no-check-sigs", "--from", from, "--to"},
		"realise": slices.Concat([]string{"nix-store", "--realise"}, options, []string{"--store"}),
		"build":   slices.Concat([]string{"nix", "build", "--no-link"}, options, []string{"--store"}),
	}
	for name, way := range ways {
		store := filepath.Join(storeDir(t), name)
		nixOfSuite(t, suite, slices.Concat(way, []string{store}, roots)...)
		nixOfSuite(t, suite, "nix", "store", "verify", "--store", store, "--all", "--no-trust")
		nixOfSuite(t, suite, append([]string{"nix", "path-info", "--store", store}, roots...)...)
	}
}
