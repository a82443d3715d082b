package tests

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixhash"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// closureOf returns the sorted closure of roots, a Nix list of packages and fixtures.
func closureOf(t *testing.T, roots string) []string {
	t.Helper()
	info := nix(t, "nix-build", "--no-out-link", "-E", "with import <mkBinaryCache/tests/packages.nix>; closureInfo { rootPaths = "+roots+"; }")
	list, err := os.ReadFile(info + "/store-paths")
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(slices.Values(strings.Fields(string(list))))
}

// TestListing compares the builder's NAR listing of each store path with that of nix
// copy.
func TestListing(t *testing.T) {
	paths := closureOf(t, `[ hello curl (fixtures.tiny 3) ] ++ fixtures.multi.all ++
		builtins.attrValues (removeAttrs fixtures [ "tiny" "oddNames" ])`)
	theirs := t.TempDir()
	nix(t, append([]string{"nix", "copy", "--to", "file://" + theirs + "?compression=none&write-nar-listing=true"}, paths...)...)
	// Nix 2.8 writes the keys of JSON objects in another order than newer versions.
	unordered, err := isVersion("nix:2.8")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		want, err := os.ReadFile(filepath.Join(theirs, hashPart(path)+".ls"))
		if err != nil {
			t.Fatal(err)
		}
		listing, err := nar.NewDumper().DumpAndList(io.Discard, path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := listing.JSON()
		if err != nil {
			t.Fatal(err)
		}
		// Nix 2.35 and newer also write `"executable":false`. Removing this text changes
		// no file name, because JSON escapes quotes in names.
		want = bytes.ReplaceAll(want, []byte(`"executable":false,`), nil)
		if same := bytes.Equal(got, want) || unordered && reflect.DeepEqual(parse(t, got), parse(t, want)); !same {
			t.Errorf("%s:\ngot  %.1000s\nwant %.1000s", path, got, want)
		}
	}
}

func hashPart(path string) string { return filepath.Base(path)[:32] }

func parse(t *testing.T, text []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// TestDebugInfo compares the debug info index of store paths that are added in reverse
// order with that of nix copy, which adds them in the order of their names.
func TestDebugInfo(t *testing.T) {
	paths := closureOf(t, "with fixtures; [ debugInfo debugInfoCopy debugInfoAgain debugInfoByLink emptyFile emptyDirectory ]")
	work := t.TempDir()
	theirs, ours := filepath.Join(work, "theirs"), filepath.Join(work, "ours")
	dir, err := cache.Create(ours)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		nix(t, "nix", "copy", "--to", "file://"+theirs+"?compression=none&index-debug-info=true", path)
	}
	for _, path := range slices.Backward(paths) {
		debugIndex(t, dir, path)
	}
	if err := dir.Finish(cache.Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	run(t, "/", "diff", "-r", theirs+"/debuginfo", ours+"/debuginfo")
	if entries, err := os.ReadDir(ours + "/debuginfo"); err != nil || len(entries) != 2 {
		t.Errorf("got %d build IDs, want 2 (%v)", len(entries), err)
	}
}

// debugIndex adds the debug info index entries of a store path and an uncompressed NAR
// file to dir.
func debugIndex(t *testing.T, dir *cache.Dir, path string) {
	t.Helper()
	archive, err := dir.NewNarFile(hashPart(path), "")
	if err != nil {
		t.Fatal(err)
	}
	listing, err := nar.NewDumper().DumpAndList(archive, path)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := nixhash.ParseAny(nix(t, "nix-store", "--query", "--hash", path), nil)
	if err != nil {
		t.Fatal(err)
	}
	info := &narinfo.NarInfo{StorePath: path, Compression: "none", NarHash: hash}
	if err := archive.Publish(info, cache.Extras{DebugFiles: listing.RegularFiles(cache.BuildIDDir)}); err != nil {
		t.Fatal(err)
	}
}
