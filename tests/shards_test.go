package tests

import (
	"bufio"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shardedBuild is a nix-build of a cache in shards, parts of the closure, with one shard
// for each remote builder.
type shardedBuild struct {
	expression []string // a file and its arguments
	builders   []*remoteBuilder
	paths      []string // of the shards
	cmd        *exec.Cmd
	stdout     strings.Builder
	stderr     *bufio.Scanner
	log        strings.Builder // stderr so far
}

func newShardedBuild(t *testing.T, count int) *shardedBuild {
	t.Helper()
	t.Setenv("TEST", t.TempDir())
	examples := filepath.Join(t.TempDir(), "readme")
	if err := writeExamples(examples); err != nil {
		t.Fatal(err)
	}
	s := &shardedBuild{expression: []string{"testdata/shards/cache.nix",
		"--argstr", "file", filepath.Join(examples, "steered.nix"), "--arg", "count", fmt.Sprint(count)}}
	for range count {
		s.builders = append(s.builders, newRemoteBuilder(t))
	}
	s.paths = evaluate[[]string](t, "shards", s.expression...)
	return s
}

// command returns a Nix command for an attribute of s.expression.
func (s *shardedBuild) command(attribute string, command ...string) []string {
	return slices.Concat(command, s.expression, []string{"-A", attribute})
}

// start starts a nix-build of the cache that merges the shards. If all remote builders
// are busy, Nix polls them every build-poll-interval seconds.
func (s *shardedBuild) start(t *testing.T, options ...string) {
	t.Helper()
	var lines []string
	for _, builder := range s.builders {
		lines = append(lines, builder.line())
	}
	command := s.command("joined", "nix-build", "--no-out-link", "--max-jobs", "1",
		"--option", "build-poll-interval", "1", "--builders", strings.Join(lines, "\n"))
	s.cmd = nixCommand(t, append(command, options...)...)
	s.stdout.Reset()
	s.log.Reset()
	s.cmd.Stdout = &s.stdout
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	s.stderr = bufio.NewScanner(stderr)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() })
}

// waitForShards returns when each remote builder has a shard that waits at the builder's
// gate, a fifo.
func (s *shardedBuild) waitForShards(t *testing.T) {
	t.Helper()
	for waiting := 0; waiting < len(s.builders); {
		if !s.stderr.Scan() {
			t.Fatalf("%d shards wait on %d builders:\n%s", waiting, len(s.builders), s.log.String())
		}
		fmt.Fprintln(&s.log, s.stderr.Text())
		if strings.HasSuffix(s.stderr.Text(), " waits") {
			waiting++
		}
	}
}

func (s *shardedBuild) wait() error {
	for s.stderr.Scan() {
		fmt.Fprintln(&s.log, s.stderr.Text())
	}
	return s.cmd.Wait()
}

func (s *shardedBuild) mustEnd(t *testing.T) {
	t.Helper()
	if err := s.wait(); err != nil {
		t.Fatalf("%v\n%s", err, s.log.String())
	}
}

// mustLog checks how many times the log of nix-build has a text.
func (s *shardedBuild) mustLog(t *testing.T, text string, times int) {
	t.Helper()
	if n := strings.Count(s.log.String(), text); n != times {
		t.Errorf("log has %q %d times, want %d:\n%s", text, n, times, s.log.String())
	}
}

// builtOn returns the indices of the shards that a remote builder has built.
func (s *shardedBuild) builtOn(t *testing.T, m *remoteBuilder) (indices []int) {
	t.Helper()
	valid := strings.Fields(nix(t, "nix", "path-info", "--all", "--store", m.path("store")))
	for index, path := range s.paths {
		if slices.Contains(valid, path) {
			indices = append(indices, index)
		}
	}
	return indices
}

// mustBeComplete checks that the cache merged from the shards is the same as the
// unsharded cache.
func (s *shardedBuild) mustBeComplete(t *testing.T) {
	t.Helper()
	unsharded := nix(t, s.command("unsharded", "nix-build", "--no-out-link")...)
	joined := strings.TrimSpace(s.stdout.String())
	run(t, "/", "diff", "-r", unsharded, joined)
	if links := run(t, joined, "find", ".", "-type", "l"); links != "" {
		t.Errorf("the joined cache has symlinks: %s", links)
	}
}

// TestShards builds three shards concurrently on three remote builders, and merges them
// on this machine.
func TestShards(t *testing.T) {
	s := newShardedBuild(t, 3)
	s.start(t)
	s.waitForShards(t)
	for _, builder := range s.builders {
		builder.release(t)
	}
	s.mustEnd(t)
	s.mustBeComplete(t)
	var all []int
	for _, builder := range s.builders {
		built := s.builtOn(t, builder)
		if len(built) != 1 {
			t.Errorf("%s built the shards %v, want one", builder.uri(), built)
		}
		all = append(all, built...)
	}
	if slices.Sort(all); !slices.Equal(all, []int{0, 1, 2}) {
		t.Errorf("the builders built the shards %v", all)
	}
}

// TestShardsBuilderDies kills one of two remote builders while both build a shard.
// nix-build fails, but a second nix-build builds the missing shards on the other builder:
// only one shard, if the first nix-build had --keep-going.
func TestShardsBuilderDies(t *testing.T) {
	for name, test := range map[string]struct {
		options       []string
		done, missing int // shards, after the first command
	}{
		"keep going": {[]string{"--keep-going"}, 1, 1},
		"stop":       {nil, 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShardedBuild(t, 2)
			dying, survivor := s.builders[0], s.builders[1]
			s.start(t, test.options...)
			s.waitForShards(t)
			dying.die(t)
			if test.done > 0 {
				survivor.release(t)
			}
			if err := s.wait(); err == nil {
				t.Fatalf("Nix succeeded without %s:\n%s", dying.uri(), s.log.String())
			}
			if built := s.builtOn(t, survivor); len(built) != test.done {
				t.Errorf("%s built the shards %v, want %d", survivor.uri(), built, test.done)
			}
			if test.done == 0 {
				survivor.release(t)
			}
			s.start(t)
			s.mustEnd(t)
			s.mustBeComplete(t)
			s.mustLog(t, "cannot build on '"+dying.uri(), test.missing)
			s.mustLog(t, "' on '"+survivor.uri(), test.missing)
		})
	}
}
