package cache

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

const id = "0123456789abcdef0123456789abcdef01234567"

// member returns the path, below a store path, of the debug info of a build ID.
func member(id string) string { return BuildIDDir + "/" + id[:2] + "/" + id[2:] + ".debug" }

func TestBuildID(t *testing.T) {
	if got, ok := buildID(member(id)); !ok || got != id {
		t.Errorf("got %q, %v", got, ok)
	}
	for _, bad := range []string{
		"", BuildIDDir, BuildIDDir + "/", BuildIDDir + "/.debug", BuildIDDir + "/01/.debug",
		"lib/" + member(id), "/" + member(id), member(id) + "\n", member(id) + "/", member(id) + ".debug",
		strings.TrimSuffix(member(id), ".debug"),
		strings.Replace(member(id), "/01/", "/01", 1),
		strings.Replace(member(id), "/01/", "/0/1", 1),
		strings.Replace(member(id), "/01/", "/01//", 1),
		strings.Replace(member(id), "/01/", "/012/", 1),
		strings.Replace(member(id), "abcdef", "ABCDEF", 1),
		strings.Replace(member(id), "abcdef", "abcdeg", 1),
		member(id + "0"), member(id[:39]),
	} {
		if got, ok := buildID(bad); ok {
			t.Errorf("%q: got %q", bad, got)
		}
	}
}

// Concurrent goroutines add store paths in random order. Of the store paths with debug
// info of the same build ID, the debug info index has the one that sorts first.
func TestIndexDebugInfo(t *testing.T) {
	const paths = 100
	dir, root := create(t)
	var all sync.WaitGroup
	for _, i := range rand.Perm(paths) {
		all.Go(func() {
			own := fmt.Sprintf("%040x", i)
			info := &narinfo.NarInfo{
				StorePath: fmt.Sprintf("/nix/store/%032d-debug", i),
				URL:       fmt.Sprintf("nar/%d.nar.zst", i),
			}
			dir.addDebugInfo(info, []string{member(id), member(own), BuildIDDir + "/file"})
		})
	}
	all.Wait()
	if err := dir.Finish(Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	got := files(t, filepath.Join(root, "debuginfo"))
	if len(got) != paths+1 {
		t.Errorf("got %d files, want %d", len(got), paths+1)
	}
	for name, i := range map[string]int{id: 0, fmt.Sprintf("%040x", 0): 0, fmt.Sprintf("%040x", 99): 99} {
		want := fmt.Sprintf(`{"archive":"../nar/%d.nar.zst","member":%q}`, i, member(name))
		if got[name+".debug"] != want {
			t.Errorf("got %q, want %q", got[name+".debug"], want)
		}
	}
}
