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

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// TestMain runs the builder instead of the tests if TEST_AS_BUILDER is set, for tests
// that need a builder process.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_AS_BUILDER") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// node is a store path as Nix writes it into the graph of exportReferencesGraph.
type node struct {
	Path       string   `json:"path"`
	NarHash    string   `json:"narHash"`
	NarSize    int64    `json:"narSize"`
	References []string `json:"references"`
}

func (n node) hash() string { return filepath.Base(n.Path)[:32] }

// fakeStore is a store directory of a test and the graph of its store paths.
type fakeStore struct {
	dir      string
	graph    []node
	settings map[string]any    // the other attributes of the derivation
	env      map[string]string // environment variables that change or extend those of Nix
	log      strings.Builder   // of the builds in this process
}

func newFakeStore(t testing.TB) *fakeStore {
	t.Helper()
	return &fakeStore{dir: t.TempDir(), settings: map[string]any{}, env: map[string]string{}}
}

// next returns the store path that the next call of register adds to the graph.
func (s *fakeStore) next() string {
	return fmt.Sprintf("%s/%032d-path", s.dir, len(s.graph))
}

// add creates a store path, a file with size bytes of contents, and registers it.
func (s *fakeStore) add(t testing.TB, size int) string {
	t.Helper()
	path := s.next()
	contents := strings.Repeat(fmt.Sprintln("line of", path), size/len(path)+1)[:size]
	must(t, os.WriteFile(path, []byte(contents), 0o644))
	s.register(t)
	return path
}

// addTree creates a store path, a directory with one file, and registers it.
func (s *fakeStore) addTree(t testing.TB, file, contents string) string {
	t.Helper()
	path := s.next()
	must(t, os.MkdirAll(filepath.Dir(path+"/"+file), 0o755))
	must(t, os.WriteFile(path+"/"+file, []byte(contents), 0o644))
	s.register(t)
	return path
}

// addHuge registers a file of 4 TiB of zeros. Its NAR hash is wrong, because no test
// waits until the builder has read the file.
func (s *fakeStore) addHuge(t testing.TB) string {
	t.Helper()
	const size = 1 << 42
	path := s.next()
	must(t, os.WriteFile(path, nil, 0o644))
	must(t, os.Truncate(path, size))
	s.graph = append(s.graph, node{path, "sha256:" + strings.Repeat("1", 52), size + 112, []string{path}})
	return path
}

// addZeros creates a store path, a file of size bytes of zeros, and registers it.
func (s *fakeStore) addZeros(t testing.TB, size int64) string {
	t.Helper()
	path := s.next()
	must(t, os.WriteFile(path, nil, 0o644))
	must(t, os.Truncate(path, size))
	s.register(t)
	return path
}

// register adds the store path that next returns, whose files must exist, to the graph.
func (s *fakeStore) register(t testing.TB) {
	t.Helper()
	d := cache.NewDigest()
	must(t, nar.NewDumper().Dump(d, s.next()))
	s.graph = append(s.graph, node{s.next(), d.Sum().String(), d.Size(), []string{s.next()}})
}

// environment writes .attrs.json, and returns the environment variables that Nix sets for
// the builder.
func (s *fakeStore) environment(t testing.TB) map[string]string {
	t.Helper()
	attributes := map[string]any{"closure": s.graph}
	maps.Copy(attributes, s.settings)
	attrs, err := json.Marshal(attributes)
	must(t, err)
	top := t.TempDir()
	must(t, os.WriteFile(top+"/.attrs.json", attrs, 0o644))
	env := map[string]string{"NIX_STORE": s.dir, "NIX_BUILD_TOP": top, "NIX_BUILD_CORES": "2", "out": top + "/out"}
	maps.Copy(env, s.env)
	return env
}

// build runs the builder in the test process on the given number of cores, and returns
// the output path.
func (s *fakeStore) build(t testing.TB, ctx context.Context, cores string) (string, error) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	s.log.Reset()
	env := s.environment(t)
	env["NIX_BUILD_CORES"] = cores
	return env["out"], run(ctx, func(name string) string { return env[name] }, newLogger(&s.log))
}

// mustBuild builds a cache on two cores, and returns its path and its files.
func (s *fakeStore) mustBuild(t testing.TB) (out string, cache map[string]string) {
	t.Helper()
	out, err := s.build(t, context.Background(), "2")
	must(t, err)
	return out, files(t, out)
}

// process is a builder that runs in a process of its own.
type process struct {
	*exec.Cmd
	out    string // the output path
	stderr strings.Builder
}

// command returns a builder process that is not started yet. If before is not empty, it
// is the command to start, such as a shell with a script, and the path of the builder is
// its last argument.
func (s *fakeStore) command(t testing.TB, before ...string) *process {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	words := append(before, self)
	env := s.environment(t)
	p := &process{Cmd: exec.Command(words[0], words[1:]...), out: env["out"]}
	p.Stderr = &p.stderr
	p.Env = append(os.Environ(), "TEST_AS_BUILDER=1")
	for name, value := range env {
		p.Env = append(p.Env, name+"="+value)
	}
	return p
}

// start returns a builder process that is running.
func (s *fakeStore) start(t testing.TB, before ...string) *process {
	t.Helper()
	p := s.command(t, before...)
	must(t, p.Start())
	return p
}

// files returns the contents of all files below root, by their path below root.
func files(t testing.TB, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	must(t, filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		contents, err := os.ReadFile(path)
		found[strings.TrimPrefix(path, root+"/")] = string(contents)
		return err
	}))
	return found
}

// glob returns the first file whose path matches a glob pattern.
func glob(t testing.TB, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	return names[0]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
