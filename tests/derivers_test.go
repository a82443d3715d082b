package tests

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDerivers compares the Deriver lines in the narinfos of a cache with those that nix
// copy writes, with the outputs of each .drv file, and with Nix's database after
// substitution.
func TestDerivers(t *testing.T) {
	t.Setenv("TEST", t.TempDir())
	const expression = "testdata/derivers/cache.nix"
	built := evaluate[[]string](t, "built", expression)
	for _, name := range []string{"outputs", "derivations"} {
		t.Run(name, func(t *testing.T) {
			cache := nix(t, "nix-build", "--no-out-link", expression, "-A", name)
			t.Cleanup(func() { nix(t, "nix-store", "--delete", cache) })
			lines := readDerivers(t, cache)
			checkOutputs(t, evaluate[[]string](t, name+".derivers", expression), lines)
			checkCopied(t, built, lines)
			checkSubstituted(t, cache, lines)
			checkReferences(t, cache, lines)
		})
	}
}

// checkOutputs checks that a store path has a deriver if and only if it is an output of a
// .drv file that the builder could read, and that it is an output of that deriver.
func checkOutputs(t *testing.T, drvs []string, lines map[string]string) {
	t.Helper()
	visible := slices.DeleteFunc(requisites(t, drvs...), func(path string) bool { return !isDerivation(path) })
	outputs := outputsOf(t, visible...)
	for path, deriver := range lines {
		switch {
		case deriver == "" && slices.Contains(outputs, path):
			t.Errorf("%s: no deriver, but a .drv file has it as output", path)
		case deriver != "" && !slices.Contains(outputsOf(t, deriver), path):
			t.Errorf("%s: got the deriver %s, which has no such output", path, deriver)
		}
	}
}

// checkCopied compares the Deriver lines with those of nix copy, which writes the deriver
// that Nix's database has. The database can have another deriver if the store path was
// added by other means, or built from another .drv file with the same output. Of the
// paths that this test builds, only -source is an output of several .drv files: Nix
// registers the one that it built.
func checkCopied(t *testing.T, built []string, lines map[string]string) {
	t.Helper()
	theirs := t.TempDir()
	nix(t, slices.Concat([]string{"nix", "copy", "--to", "file://" + theirs + "?compression=none"}, slices.Collect(maps.Keys(lines)))...)
	compared := 0
	for path, want := range readDerivers(t, theirs) {
		got, ok := lines[path]
		switch {
		case !ok:
			t.Errorf("%s is not in the cache", path)
		case slices.Contains(built, path):
			compared++
			if got != want || got == "" {
				t.Errorf("%s: got the deriver %q, want %q", path, got, want)
			}
		case strings.HasSuffix(path, "-source"):
			if !slices.Contains(outputsOf(t, want), path) || got > want {
				t.Errorf("%s: got the deriver %q, want the first of those that make it, such as %q", path, got, want)
			}
		case got != want:
			t.Logf("%s: the deriver is %q, Nix recorded %q", path, got, want)
		}
	}
	if compared == 0 {
		t.Errorf("none of %q is in the cache", built)
	}
}

// checkSubstituted substitutes all store paths of the cache, and checks that Nix has
// registered the derivers that the Deriver lines name.
func checkSubstituted(t *testing.T, cache string, lines map[string]string) {
	t.Helper()
	store := storeDir(t)
	paths := slices.Sorted(maps.Keys(lines))
	nix(t, slices.Concat([]string{"nix-store", "--store", store, "--option", "substituters", "file://" + cache, "--option", "require-sigs", "false", "--realise"}, plain(paths))...)
	for _, path := range plain(paths) {
		want := lines[path]
		if want == "" {
			want = "unknown-deriver"
		}
		if got := nix(t, "nix-store", "--store", store, "--query", "--deriver", path); got != want {
			t.Errorf("%s: after substitution the deriver is %s, want %s", path, got, want)
		}
	}
}

// checkReferences checks that the cache's store path references the .drv files that its
// Deriver lines name.
func checkReferences(t *testing.T, cache string, lines map[string]string) {
	t.Helper()
	references := strings.Fields(nix(t, "nix-store", "--query", "--references", cache))
	for path, deriver := range lines {
		if deriver != "" && !slices.Contains(references, deriver) {
			t.Errorf("%s: the cache does not refer to its deriver %s", path, deriver)
		}
	}
}

// plain returns the paths that are not .drv files, because realising a .drv file builds
// its outputs.
func plain(paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), isDerivation)
}

func isDerivation(path string) bool { return strings.HasSuffix(path, ".drv") }

func requisites(t *testing.T, paths ...string) []string {
	t.Helper()
	return strings.Fields(nix(t, slices.Concat([]string{"nix-store", "--query", "--requisites"}, paths)...))
}

func outputsOf(t *testing.T, drvs ...string) []string {
	t.Helper()
	return strings.Fields(nix(t, slices.Concat([]string{"nix-store", "--query", "--outputs"}, drvs)...))
}

// readDerivers returns the deriver of each store path of a cache, or "" if it has none.
func readDerivers(t *testing.T, cache string) map[string]string {
	t.Helper()
	derivers := map[string]string{}
	for _, info := range parseNarInfos(t, cache) {
		derivers[info.StorePath] = info.Deriver
		if info.Deriver != "" {
			derivers[info.StorePath] = filepath.Dir(info.StorePath) + "/" + info.Deriver
		}
	}
	return derivers
}
