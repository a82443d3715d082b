package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo/signature"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// TestMain lets the test program be the builder, for the tests that need a
// process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_AS_BUILDER") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

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
	dir      string
	graph    []node
	settings map[string]any      // the other attributes of the derivation
	public   signature.PublicKey // of the key in settings, if any
	log      strings.Builder     // of the builds in this process
}

func newFakeStore(t testing.TB) *fakeStore {
	t.Helper()
	return &fakeStore{dir: t.TempDir(), settings: map[string]any{}}
}

// next is the store path that is registered next.
func (s *fakeStore) next() string {
	return fmt.Sprintf("%s/%032d-path", s.dir, len(s.graph))
}

// add registers a file with size bytes of contents.
func (s *fakeStore) add(t testing.TB, size int) string {
	t.Helper()
	path := s.next()
	contents := strings.Repeat(fmt.Sprintln("line of", path), size/len(path)+1)[:size]
	if err := os.WriteFile(path, []byte(contents), 0o644); err != nil {
		t.Fatal(err)
	}
	s.register(t)
	return path
}

// addSparse registers a file of size bytes of zeros, by a hash that is wrong:
// to read it would take too long.
func (s *fakeStore) addSparse(t testing.TB, size int64) string {
	t.Helper()
	path := s.next()
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	s.graph = append(s.graph, node{path, "sha256:" + strings.Repeat("1", 52), size + 112, []string{path}})
	return path
}

// addZeros registers a file of size bytes of zeros.
func (s *fakeStore) addZeros(t testing.TB, size int64) {
	t.Helper()
	if err := os.WriteFile(s.next(), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(s.next(), size); err != nil {
		t.Fatal(err)
	}
	s.register(t)
}

// register puts what is at the next store path into the graph, as it is.
func (s *fakeStore) register(t testing.TB) {
	t.Helper()
	d := cache.NewDigest()
	if err := nar.NewDumper().Dump(d, s.next()); err != nil {
		t.Fatal(err)
	}
	s.graph = append(s.graph, node{s.next(), d.Sum().String(), d.Size(), []string{s.next()}})
}

// environment is what Nix gives to the builder, with the output path out.
func (s *fakeStore) environment(t testing.TB) map[string]string {
	t.Helper()
	attributes := map[string]any{"closure": s.graph}
	maps.Copy(attributes, s.settings)
	attrs, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	top := t.TempDir()
	if err := os.WriteFile(top+"/.attrs.json", attrs, 0o644); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"NIX_STORE": s.dir, "NIX_BUILD_TOP": top, "NIX_BUILD_CORES": "2", "out": top + "/out"}
}

// build runs the builder in this process and returns the output path.
func (s *fakeStore) build(t testing.TB, ctx context.Context, cores string) (string, error) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	env := s.environment(t)
	env["NIX_BUILD_CORES"] = cores
	return env["out"], run(ctx, func(name string) string { return env[name] }, newLogger(&s.log))
}

// mustBuild returns the files of a cache.
func (s *fakeStore) mustBuild(t testing.TB) (out string, cache map[string]string) {
	t.Helper()
	out, err := s.build(t, context.Background(), "2")
	if err != nil {
		t.Fatal(err)
	}
	return out, files(t, out)
}

// process is the builder as a process of its own.
type process struct {
	*exec.Cmd
	out    string // the output path
	stderr strings.Builder
}

// command returns the builder as a process to be started. Words before it, such
// as a shell script and its name, run it as "$@".
func (s *fakeStore) command(t testing.TB, before ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	words := append(before, self)
	p := &process{Cmd: exec.Command(words[0], words[1:]...)}
	p.Stderr = &p.stderr
	p.Env = append(os.Environ(), "TEST_AS_BUILDER=1")
	for name, value := range s.environment(t) {
		p.Env = append(p.Env, name+"="+value)
		if name == "out" {
			p.out = value
		}
	}
	return p
}

// files returns the contents of all files below root.
func files(t testing.TB, root string) map[string]string {
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
