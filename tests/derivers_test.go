package tests

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDerivers holds the Deriver lines of a cache against those of nix copy,
// against what Nix says of each .drv file, and against what Nix knows after it
// took the paths from the cache.
func TestDerivers(t *testing.T) {
	t.Setenv("TEST", t.TempDir())
	const expression = "testdata/derivers/cache.nix"
	built := evaluate[[]string](t, "built", expression)
	for _, name := range []string{"outputs", "derivations"} {
		t.Run(name, func(t *testing.T) {
			cache := nix(t, "nix-build", "--no-out-link", expression, "-A", name)
			t.Cleanup(func() { nix(t, "nix-store", "--delete", cache) })
			lines := readDerivers(t, cache)
			if len(lines) < 10 {
				t.Fatalf("only %d store paths: %q", len(lines), lines)
			}
			checkOutputs(t, evaluate[[]string](t, name+".derivers", expression), lines)
			checkCopied(t, built, lines)
			checkSubstituted(t, cache, lines)
			checkReferences(t, cache, lines)
		})
	}
}

// checkOutputs lets Nix say what the .drv files make that the builder could see.
// It gives a line to each of these paths, and to no other.
func checkOutputs(t *testing.T, drvs []string, lines map[string]string) {
	t.Helper()
	visible := slices.DeleteFunc(requisites(t, drvs...), func(path string) bool { return !isDerivation(path) })
	outputs := outputsOf(t, visible...)
	for path, deriver := range lines {
		switch {
		case deriver == "" && slices.Contains(outputs, path):
			t.Errorf("%s: no deriver, but one can be known", path)
		case deriver != "" && !slices.Contains(outputsOf(t, deriver), path):
			t.Errorf("%s: got the deriver %s, which does not make it", path, deriver)
		}
	}
}

// checkCopied compares with what nix copy writes. It may say something else
// where the database does: of what was put there by other means, or was built
// from another .drv file that makes the same. Of what was built by this test
// there is one such path: Nix records the way that was gone.
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

// checkSubstituted takes all from the cache, and asks Nix for the derivers.
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

// checkReferences makes sure that the cache keeps the .drv files that it names, as
// it keeps the store paths.
func checkReferences(t *testing.T, cache string, lines map[string]string) {
	t.Helper()
	references := strings.Fields(nix(t, "nix-store", "--query", "--references", cache))
	for path, deriver := range lines {
		if deriver != "" && !slices.Contains(references, deriver) {
			t.Errorf("%s: the cache does not refer to its deriver %s", path, deriver)
		}
	}
}

// plain returns the paths that are no .drv files: to realise one is to build it.
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

// readDerivers returns for each store path of a cache the path in its Deriver
// line, or "".
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
