package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"mkbinarycache/builder/nar"
)

// bench has the directory, programs and environment variables that all runs share.
type bench struct {
	dir     string // of this run of the benchmark
	builder string // the binary-cache-builder
	self    string // this program
	cores   int
	env     []string

	nixpkgs      string // $NIXPKGS, or "" for the nixpkgs stub
	nixpkgsTools string // PATH of nixpkgs' script: its Python and Nix, and compressors
}

// newBench creates a directory in parent and compiles the builder into it.
func newBench(ctx context.Context, parent string) (*bench, error) {
	parent, err := filepath.Abs(parent)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	b := &bench{cores: runtime.NumCPU(), nixpkgs: os.Getenv("NIXPKGS")}
	if b.env, err = environment(b.cores, b.nixpkgs); err != nil {
		return nil, err
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.dir, err = os.MkdirTemp(parent, "bench-"); err != nil {
		return nil, err
	}
	if b.nixpkgs != "" {
		tools := filepath.Join(b.dir, "tools")
		if err := b.prepare(ctx, "nix-build", "tests/bench/workloads.nix", "-A", "tools", "-o", tools); err != nil {
			return nil, err
		}
		path, err := os.ReadFile(tools)
		if err != nil {
			return nil, err
		}
		b.nixpkgsTools = string(path)
	}
	b.builder = filepath.Join(b.dir, "binary-cache-builder")
	return b, b.prepare(ctx, "go", "build", "-o", b.builder, "./builder/binary-cache-builder")
}

func (b *bench) close() { os.RemoveAll(b.dir) }

// environment returns the environment variables of all commands: those for nixpkgs or its
// stub, and those that Nix sets in a build.
func environment(cores int, nixpkgs string) ([]string, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(root, ".cache")
	nixpkgs = cmp.Or(nixpkgs, filepath.Join(cache, "nixpkgs"))
	if _, err := os.Stat(nixpkgs); err != nil {
		return nil, fmt.Errorf("run this in the checkout, after tests/setup: %w", err)
	}
	return append(os.Environ(),
		"CGO_ENABLED=0",
		"NIX_PATH=nixpkgs="+nixpkgs,
		"NIX_USER_CONF_FILES="+cache+"/nix.conf",
		"NIX_STORE=/nix/store",
		fmt.Sprint("NIX_BUILD_CORES=", cores),
	), nil
}

// prepare runs a command before the measurements. If the command fails, the error has its
// output.
func (b *bench) prepare(ctx context.Context, argv ...string) error {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = b.env
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%q: %w\n%s", argv, err, output)
	}
	return nil
}

// sample is the measurement of one run.
type sample struct {
	Wall, CPU time.Duration // CPU: user and system time of all processes
	Memory    int64         // bytes, peak of the largest process
	Bytes     int64         // size of the output
}

func (s sample) String() string {
	return fmt.Sprintf("%7.3f s wall %7.3f s CPU %4d MB memory %6.1f MB output",
		s.Wall.Seconds(), s.CPU.Seconds(), s.Memory/1e6, float64(s.Bytes)/1e6)
}

// workloadResult has the samples of one workload.
type workloadResult struct {
	workload
	paths   int
	narSize int64
	samples map[string][]sample // by candidate name
	notes   []string
}

// candidateRun is a candidate and the closure of a workload that it runs on.
type candidateRun struct {
	candidate
	closure *closure
	runs    int
}

func (b *bench) measureAll(ctx context.Context, workloads []workload, candidates []candidate, runs int) ([]*workloadResult, error) {
	var results []*workloadResult
	for _, w := range append([]workload{warmup}, workloads...) {
		r, err := b.measureWorkload(ctx, w, candidates, runs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		results = append(results, r)
	}
	return results[1:], nil
}

func (b *bench) measureWorkload(ctx context.Context, w workload, candidates []candidate, runs int) (*workloadResult, error) {
	log.Printf("%s: %s", w.name, w.title)
	result := &workloadResult{workload: w, samples: map[string][]sample{}}
	candidateRuns, err := b.candidateRuns(ctx, result, candidates, runs)
	if err != nil {
		return nil, err
	}
	for round := range runs {
		for _, c := range candidateRuns {
			if round >= c.runs {
				continue
			}
			s, err := b.measure(ctx, c)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			log.Printf("%s %d/%d %-18s %s", w.name, round+1, c.runs, c.name, s)
			result.samples[c.name] = append(result.samples[c.name], s)
		}
	}
	return result, nil
}

// candidateRuns builds the closures that the candidates need for a workload.
func (b *bench) candidateRuns(ctx context.Context, result *workloadResult, candidates []candidate, runs int) ([]candidateRun, error) {
	var candidateRuns []candidateRun
	closures := map[string]*closure{} // by attribute
	for _, c := range candidates {
		n := c.runsOn(result.workload, runs)
		if n == 0 {
			continue
		}
		attrs := cmp.Or(c.attrs, c.compression)
		if closures[attrs] == nil {
			closure, err := b.build(ctx, result.workload, attrs)
			if err != nil {
				return nil, err
			}
			if err := closure.read(); err != nil {
				return nil, err
			}
			closures[attrs] = closure
			result.paths, result.narSize = len(closure.graph.Paths), closure.narSize
		}
		if closure := closures[attrs]; c.needsCache && closure.cache == "" {
			closure.cache = closure.list + ".cache"
			if err := b.prepare(ctx, "env", "NIX_ATTRS_JSON_FILE="+closure.attrs, "out="+closure.cache, b.builder); err != nil {
				return nil, err
			}
		}
		if c.output == report && result.narSize > memory("MemAvailable")/2 {
			result.notes = append(result.notes, fmt.Sprintf("Without %s: the NARs need more than half of the available memory.", c.title))
			continue
		}
		candidateRuns = append(candidateRuns, candidateRun{c, closures[attrs], n})
	}
	return candidateRuns, nil
}

// read reads the closure into the page cache.
func (c *closure) read() error {
	dumper := nar.NewDumper()
	for _, path := range c.paths() {
		if err := dumper.Dump(io.Discard, path); err != nil {
			return err
		}
	}
	return nil
}

// measure runs a candidate once. The run has a directory of its own for its output, its
// messages and its home, so that Nix has no cached narinfos of earlier runs.
func (b *bench) measure(ctx context.Context, c candidateRun) (s sample, err error) {
	dir, err := os.MkdirTemp(b.dir, c.name+"-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "out")
	if c.output == tree {
		if err := os.Mkdir(out, 0o755); err != nil {
			return s, err
		}
	}
	cmd := c.command(b, c.closure, out)
	cmd.Env = append(append(b.env, "HOME="+dir, "XDG_CACHE_HOME="+dir, "TMPDIR="+dir), cmd.Env...)
	if err := b.timed(ctx, cmd, dir); err != nil {
		return s, err
	}
	if c.output == report {
		return readSample(filepath.Join(dir, "stdout"))
	}
	if s, err = readSample(filepath.Join(dir, "sample")); err != nil {
		return s, err
	}
	s.Bytes, err = c.closure.checkOutput(c.output, out)
	return s, err
}

func readSample(file string) (s sample, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(data, &s)
}
