package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
)

// node is a store path as Nix writes it into the graph.
type node struct {
	Path       string   `json:"path"`
	NarHash    string   `json:"narHash"`
	NarSize    int64    `json:"narSize"`
	References []string `json:"references"`
}

// fakeStore is a store directory of the test's own, and the graph of what is in
// it.
type fakeStore struct {
	dir   string
	graph []node
}

// add registers a file with size bytes of contents as a store path.
func (s *fakeStore) add(t testing.TB, size int) string {
	t.Helper()
	path := fmt.Sprintf("%s/%032d-file", s.dir, len(s.graph))
	contents := strings.Repeat(fmt.Sprintln("line of", path), size/len(path)+1)[:size]
	if err := os.WriteFile(path, []byte(contents), 0o644); err != nil {
		t.Fatal(err)
	}
	d := newDigest(io.Discard)
	if err := nar.NewDumper().Dump(d, path); err != nil {
		t.Fatal(err)
	}
	s.graph = append(s.graph, node{path, d.sum().String(), d.size, []string{path}})
	return path
}

// build runs the builder on the graph and returns the output path.
func (s *fakeStore) build(t testing.TB, ctx context.Context, cores string) (string, error) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	attrs, err := json.Marshal(map[string]any{"closure": s.graph})
	if err != nil {
		t.Fatal(err)
	}
	top := t.TempDir()
	if err := os.WriteFile(top+"/.attrs.json", attrs, 0o644); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"NIX_STORE": s.dir, "NIX_BUILD_TOP": top, "NIX_BUILD_CORES": cores, "out": top + "/out"}
	return env["out"], run(ctx, func(name string) string { return env[name] }, zerolog.Nop())
}

// files returns the contents of all files below root.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		contents, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, root+"/")] = string(contents)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSameBytesForAnyNumberOfCores(t *testing.T) {
	zstd, err := codec.New("zstd", 1)
	if err != nil {
		t.Fatal(err)
	}
	large := sort.Search(1<<40, func(size int) bool { return zstd.Parallel(int64(size)) })
	const overhead = 112 // of a file's NAR
	store := &fakeStore{dir: t.TempDir()}
	for _, size := range []int{0, 1, 1000, 1 << 20, large - overhead - 8, large - overhead, large + 1} {
		store.add(t, size)
	}
	want := ""
	for _, cores := range []string{"1", "2", "3", "8"} {
		out, err := store.build(t, context.Background(), cores)
		if err != nil {
			t.Fatal(err)
		}
		d := newDigest(io.Discard)
		if err := nar.NewDumper().Dump(d, out); err != nil {
			t.Fatal(err)
		}
		if got := d.sum().String(); want != "" && got != want {
			t.Errorf("on %q cores the cache is %s, on other numbers %s", cores, got, want)
		} else {
			want = got
		}
	}
}

// What does not match the graph is an error that names the store path and both
// values, and leaves nothing that looks whole.
func TestStorePathHasChanged(t *testing.T) {
	tests := []struct {
		name   string
		change func(n *node) error
		want   []string
	}{
		{"contents", func(n *node) error { return os.WriteFile(n.Path, []byte(strings.Repeat("x", 1000)), 0o644) },
			[]string{"the store path has changed: its NAR has the hash sha256:", "Nix registered sha256:"}},
		{"size", func(n *node) error { return os.Truncate(n.Path, 500) },
			[]string{"the store path has changed: its NAR has 616 bytes, Nix registered 1112"}},
		{"mode", func(n *node) error { return os.Chmod(n.Path, 0o755) },
			[]string{"the store path has changed: its NAR has 1144 bytes, Nix registered 1112"}},
		{"gone", func(n *node) error { return os.Remove(n.Path) },
			[]string{"no such file or directory"}},
		{"registered hash", func(n *node) error { n.NarHash = "sha256:" + strings.Repeat("0", 52); return nil },
			[]string{"Nix registered sha256:0000000000000000000000000000000000000000000000000000"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := &fakeStore{dir: t.TempDir()}
			path := store.add(t, 1000)
			if err := test.change(&store.graph[0]); err != nil {
				t.Fatal(err)
			}
			out, err := store.build(t, context.Background(), "2")
			for _, want := range append(test.want, path) {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got error %v, want one with %q", err, want)
				}
			}
			if left := files(t, out); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestStopped(t *testing.T) {
	store := &fakeStore{dir: t.TempDir()}
	store.add(t, 1000)
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := errors.New("stopped by signal: terminated")
	cancel(stopped)
	out, err := store.build(t, ctx, "2")
	if !errors.Is(err, stopped) {
		t.Errorf("got error %v, want %v", err, stopped)
	}
	if left := files(t, out); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestCoreCount(t *testing.T) {
	available := runtime.GOMAXPROCS(0)
	for value, want := range map[string]int{
		"1": 1, "2": 2,
		"": available, "0": available, "-1": available, "all": available, "1.5": available, "99999999999999999999": available,
		"1000000": 4 * available,
	} {
		if got := coreCount(value); got != want {
			t.Errorf("%q: got %d, want %d", value, got, want)
		}
	}
}

func TestNotRunByNix(t *testing.T) {
	err := run(context.Background(), func(string) string { return "" }, zerolog.Nop())
	if err == nil || !strings.Contains(err.Error(), "NIX_STORE is not set") {
		t.Errorf("got error %v", err)
	}
}

// A cache of many tiny store paths, and of one that all cores compress.
func BenchmarkRun(b *testing.B) {
	for name, sizes := range map[string][]int{
		"tiny":  slices.Repeat([]int{10}, 1000),
		"large": {200 << 20},
	} {
		b.Run(name, func(b *testing.B) {
			store := &fakeStore{dir: b.TempDir()}
			for _, size := range sizes {
				store.add(b, size)
			}
			for b.Loop() {
				if _, err := store.build(b, b.Context(), ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
