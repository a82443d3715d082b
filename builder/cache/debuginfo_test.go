package cache

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

const id = "0123456789abcdef0123456789abcdef01234567"

// member is where a store path has the debug info of a build ID.
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

// However many goroutines add store paths, and in whatever order, the index has
// the first of those with a build ID.
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
			dir.debugInfo.add(info, []string{member(id), member(own), BuildIDDir + "/file"})
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
	for name, archive := range map[string]int{id: 0, fmt.Sprintf("%040x", 0): 0, fmt.Sprintf("%040x", 99): 99} {
		want := fmt.Sprintf(`{"archive":"../nar/%d.nar.zst","member":%q}`, archive, member(name))
		if got[name+".debug"] != want {
			t.Errorf("got %q, want %q", got[name+".debug"], want)
		}
	}
}

func TestIndexDebugInfoFails(t *testing.T) {
	dir, root := create(t)
	dir.debugInfo.add(info(t), []string{member(id)})
	// A directory that has the name of the file.
	if err := os.MkdirAll(filepath.Join(root, "debuginfo", id+".debug"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := dir.writeDebugInfo(); err == nil || !strings.Contains(err.Error(), id+".debug") {
		t.Errorf("got error %v", err)
	}
	for name := range files(t, root) {
		if strings.HasSuffix(name, draftSuffix) {
			t.Errorf("left behind: %s", name)
		}
	}
}
