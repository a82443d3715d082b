package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

const exampleRoots = "[ hello curl emacs-nox htop ]"

// TestNixCopy compares a cache of mkBinaryCache with one that nix copy writes of the same
// roots, verifies the former with Nix and copies all store paths from it.
func TestNixCopy(t *testing.T) {
	work := storeDir(t)
	ours := nix(t, "nix-build", "--no-out-link", "-E", "with import <nixpkgs> { overlays = [ (import <mkBinaryCache/nix/overlay.nix>) ]; }; mkBinaryCache { rootPaths = "+exampleRoots+"; }")
	roots := strings.Fields(nix(t, "nix-build", "--no-out-link", "-E", "with import <nixpkgs> { }; "+exampleRoots))
	theirs := filepath.Join(work, "theirs")
	nix(t, append([]string{"nix", "copy", "--to", "file://" + theirs + "?compression=none"}, roots...)...)

	t.Run("same store paths", func(t *testing.T) {
		got, want := readNarInfos(t, ours), readNarInfos(t, theirs)
		if len(got) < 50 || len(got) != len(want) {
			t.Errorf("got %d store paths, want %d, and at least 50", len(got), len(want))
		}
		for path, line := range want {
			if got[path] != line {
				t.Errorf("%s:\ngot  %s\nwant %s", path, got[path], line)
			}
		}
	})
	t.Run("nix store verify", func(t *testing.T) {
		nix(t, "nix", "store", "verify", "--store", "file://"+ours, "--all", "--no-trust")
	})
	t.Run("into an empty store", func(t *testing.T) {
		store := filepath.Join(work, "store")
		// NB: nix copy --all of Nix 2.8 fails: it copies the store paths in a wrong
		// order, because it does not know the names of store paths in a cache.
		nix(t, append([]string{"nix", "copy", "--no-check-sigs", "--from", "file://" + ours, "--to", store}, roots...)...)
		nix(t, "nix", "store", "verify", "--store", store, "--all", "--no-trust")
		for _, path := range strings.Fields(nix(t, "nix-store", "-q", "--requisites", roots[0])) {
			comparePaths(t, store+path, path)
		}
		got := strings.Fields(nix(t, "nix", "path-info", "--store", store, "--all"))
		want := strings.Fields(nix(t, append([]string{"nix-store", "-q", "--requisites"}, roots...)...))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %d store paths, want %d: %q", len(got), len(want), got)
		}
	})
}

// comparePaths compares the NAR hashes of two trees.
func comparePaths(t *testing.T, got, want string) {
	t.Helper()
	gotHash, wantHash := nix(t, "nix", "hash", "path", got), nix(t, "nix", "hash", "path", want)
	if gotHash != wantHash {
		t.Errorf("%s: got %s, want %s", want, gotHash, wantHash)
	}
}

// readNarInfos returns for each store path of a cache the narinfo fields that are the
// same in all caches.
func readNarInfos(t *testing.T, cache string) map[string]string {
	t.Helper()
	infos := map[string]string{}
	for _, info := range parseNarInfos(t, cache) {
		infos[info.StorePath] = fmt.Sprint(info.NarHash, info.NarSize, info.References, info.CA)
	}
	return infos
}

// parseNarInfos returns the narinfos of a cache, which must have at least one.
func parseNarInfos(t *testing.T, cache string) (infos []*narinfo.NarInfo) {
	t.Helper()
	names, err := filepath.Glob(cache + "/*.narinfo")
	if err != nil || len(names) == 0 {
		t.Fatalf("no narinfo in %s (%v)", cache, err)
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		info, err := narinfo.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		infos = append(infos, info)
	}
	return infos
}
