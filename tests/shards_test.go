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

// sharded is a nix-build of a cache with a shard for each of some machines.
type sharded struct {
	expression []string // a file and its arguments
	machines   []*machine
	paths      []string // of the shards
	cmd        *exec.Cmd
	stdout     strings.Builder
	stderr     *bufio.Scanner
	log        strings.Builder // what was read of stderr
}

func newSharded(t *testing.T, count int) *sharded {
	t.Helper()
	t.Setenv("TEST", t.TempDir())
	examples := filepath.Join(t.TempDir(), "readme")
	if err := writeExamples(examples); err != nil {
		t.Fatal(err)
	}
	s := &sharded{expression: []string{"testdata/shards/cache.nix",
		"--argstr", "file", filepath.Join(examples, "steered.nix"), "--arg", "count", fmt.Sprint(count)}}
	for range count {
		s.machines = append(s.machines, newMachine(t))
	}
	s.paths = evaluate[[]string](t, "shards", s.expression...)
	return s
}

// command is one of Nix on an attribute of the expression.
func (s *sharded) command(attribute string, command ...string) []string {
	return slices.Concat(command, s.expression, []string{"-A", attribute})
}

// start starts a nix-build of the joined cache. NB: where a shard has to wait for
// a machine, Nix looks every few seconds whether one is free.
func (s *sharded) start(t *testing.T, options ...string) {
	t.Helper()
	var lines []string
	for _, machine := range s.machines {
		lines = append(lines, machine.line())
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

// untilHeld returns when a shard waits on each machine.
func (s *sharded) untilHeld(t *testing.T) {
	t.Helper()
	for held := 0; held < len(s.machines); {
		if !s.stderr.Scan() {
			t.Fatalf("%d shards wait on %d machines:\n%s", held, len(s.machines), s.log.String())
		}
		fmt.Fprintln(&s.log, s.stderr.Text())
		if strings.HasSuffix(s.stderr.Text(), " holds") {
			held++
		}
	}
}

func (s *sharded) wait() error {
	for s.stderr.Scan() {
		fmt.Fprintln(&s.log, s.stderr.Text())
	}
	return s.cmd.Wait()
}

func (s *sharded) mustEnd(t *testing.T) {
	t.Helper()
	if err := s.wait(); err != nil {
		t.Fatalf("%v\n%s", err, s.log.String())
	}
}

// mustSay expects a text in the log so many times.
func (s *sharded) mustSay(t *testing.T, text string, times int) {
	t.Helper()
	if n := strings.Count(s.log.String(), text); n != times {
		t.Errorf("the log has %q %d times, want %d:\n%s", text, n, times, s.log.String())
	}
}

// builtOn returns the indices of the shards that a machine has built.
func (s *sharded) builtOn(t *testing.T, m *machine) (indices []int) {
	t.Helper()
	valid := strings.Fields(nix(t, "nix", "path-info", "--all", "--store", m.path("store")))
	for index, path := range s.paths {
		if slices.Contains(valid, path) {
			indices = append(indices, index)
		}
	}
	return indices
}

// mustBeWhole compares what was built with the cache that one machine makes.
func (s *sharded) mustBeWhole(t *testing.T) {
	t.Helper()
	whole := nix(t, s.command("whole", "nix-build", "--no-out-link")...)
	joined := strings.TrimSpace(s.stdout.String())
	run(t, "/", "diff", "-r", whole, joined)
	if links := run(t, joined, "find", ".", "-type", "l"); links != "" {
		t.Errorf("the joined cache has symlinks: %s", links)
	}
}

// TestShards builds shards on three machines at once, and joins them on this one.
func TestShards(t *testing.T) {
	s := newSharded(t, 3)
	s.start(t)
	s.untilHeld(t)
	for _, machine := range s.machines {
		machine.release(t)
	}
	s.mustEnd(t)
	s.mustBeWhole(t)
	var all []int
	for _, machine := range s.machines {
		built := s.builtOn(t, machine)
		if len(built) != 1 {
			t.Errorf("%s has built the shards %v, want one", machine.uri(), built)
		}
		all = append(all, built...)
	}
	if slices.Sort(all); !slices.Equal(all, []int{0, 1, 2}) {
		t.Errorf("the machines have built the shards %v", all)
	}
}

// TestShardsMachineDies lets one of two machines die while both have a shard to
// build. Nix gives up then, but the same command once more builds elsewhere what
// is missing, which is less where the first one was told to keep going.
func TestShardsMachineDies(t *testing.T) {
	for name, test := range map[string]struct {
		options        []string
		done, stillDue int // shards, after the first command
	}{
		"keep going": {[]string{"--keep-going"}, 1, 1},
		"stop":       {nil, 0, 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSharded(t, 2)
			dying, survivor := s.machines[0], s.machines[1]
			s.start(t, test.options...)
			s.untilHeld(t)
			dying.die(t)
			if test.done > 0 {
				survivor.release(t)
			}
			if err := s.wait(); err == nil {
				t.Fatalf("Nix has built without %s:\n%s", dying.uri(), s.log.String())
			}
			if built := s.builtOn(t, survivor); len(built) != test.done {
				t.Errorf("%s has built the shards %v, want %d", survivor.uri(), built, test.done)
			}
			if test.done == 0 {
				survivor.release(t)
			}
			s.start(t)
			s.mustEnd(t)
			s.mustBeWhole(t)
			s.mustSay(t, "cannot build on '"+dying.uri(), test.stillDue)
			s.mustSay(t, "' on '"+survivor.uri(), test.stillDue)
		})
	}
}
