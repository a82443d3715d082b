package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
)

// newestSuite is the Debian suite with the newest Nix, for tests/nix-version.
const newestSuite = "forky"

// candidate is one of the programs that the benchmark compares. Candidates with the same
// compression are in the same table of the report.
type candidate struct {
	name, title string   // in a title, "newest" and "installed" are versions of Nix
	compression string   // heading of its table; of those that run on the target, "on the target"
	attrs       string   // attribute in workloads.nix, if not the compression
	only        []string // workloads that it runs on, if not all
	needsCache  bool     // whether it reads a cache that the builder made of the attributes
	runs        int      // maximum, if not 0
	output      output
	command     func(b *bench, c *closure, out string) *exec.Cmd
}

// output is what a candidate writes to its output directory.
type output int

const (
	cache   output = iota // a binary cache
	patches               // a binary cache in which patches replace NAR files
	store                 // a Nix store
	tree                  // copies of the store paths
	report                // nothing: it prints its sample
)

var candidates = []candidate{
	{name: "mkBinaryCache", title: "mkBinaryCache", compression: "zstd", command: mkBinaryCache},
	{name: "reuse", title: "mkBinaryCache, reuse", compression: "zstd", attrs: "reuse", only: []string{"W1"}, command: mkBinaryCache},
	{name: "newest", title: "nix copy newest", compression: "zstd", command: nixCopy(newestSuite, "")},
	{name: "newest-parallel", title: "nix copy newest, parallel", compression: "zstd", command: nixCopy(newestSuite, parallel)},
	{name: "nix", title: "nix copy installed", compression: "zstd", command: nixCopy("", "")},
	{name: "nix-parallel", title: "nix copy installed, parallel", compression: "zstd", command: nixCopy("", parallel)},
	{name: "nixpkgs-style", title: "nixpkgs-style script, zstd -3", compression: "zstd", command: nixpkgsStyle("zstd")},
	{name: "codec-only", title: "zstd only, in memory (upper bound)", compression: "zstd", output: report, command: runCodecOnly},

	{name: "mkBinaryCache-none", title: "mkBinaryCache", compression: "none", only: infoWorkloads, command: mkBinaryCache},
	{name: "cp", title: "cp -r", compression: "none", only: infoWorkloads, output: tree, command: cp},

	{name: "mkBinaryCache-xz", title: "mkBinaryCache", compression: "xz", only: infoWorkloads, runs: 1, command: mkBinaryCache},
	{name: "nixpkgs-style-xz", title: "nixpkgs-style script, xz -6", compression: "xz", only: infoWorkloads, runs: 1, command: nixpkgsStyle("xz")},
}

// updateCandidates make and use caches for a target that has an older release.
var updateCandidates = []candidate{
	{name: "mkBinaryCache", title: "mkBinaryCache", compression: "zstd", command: mkBinaryCache},
	{name: "exclude", title: "mkBinaryCache, exclude", compression: "zstd", attrs: "exclude", only: updates, command: mkBinaryCache},
	{name: "deltaFrom", title: "mkBinaryCache, deltaFrom", compression: "zstd", attrs: "deltaFrom", only: updates, output: patches, command: mkBinaryCache},
	{name: "substitute", title: "nix copy installed, from mkBinaryCache", compression: target, attrs: "zstd", only: updates, needsCache: true, output: store, command: substitute},
	{name: "apply", title: "apply, from mkBinaryCache with deltaFrom", compression: target, attrs: "deltaFrom", only: updates, needsCache: true, command: apply},
}

const target = "on the target"

// infoWorkloads are for candidates that are measured for information only.
var infoWorkloads = []string{"warmup", "W1", "W3"}

// updates are the names of updateWorkloads.
var updates = []string{"U1", "U2", "U3"}

const parallel = "&parallel-compression=true"

// runsOn returns the number of times to run the candidate on a workload, at most n.
func (c candidate) runsOn(w workload, n int) int {
	if c.only != nil && !slices.Contains(c.only, w.name) {
		return 0
	}
	for _, limit := range []int{w.runs, w.runsOf[c.name], c.runs} {
		if limit > 0 {
			n = min(n, limit)
		}
	}
	return n
}

func mkBinaryCache(b *bench, c *closure, out string) *exec.Cmd {
	cmd := exec.Command(b.builder)
	cmd.Env = []string{"NIX_ATTRS_JSON_FILE=" + c.attrs, "out=" + out}
	return cmd
}

func nixCopy(suite, settings string) func(*bench, *closure, string) *exec.Cmd {
	return func(_ *bench, c *closure, out string) *exec.Cmd {
		args := []string{"nix", "copy", "--to", "file://" + out + "?compression=zstd" + settings}
		if suite != "" {
			args = append([]string{"tests/nix-version", suite}, args...)
		}
		return exec.Command(args[0], append(args[1:], c.roots()...)...)
	}
}

// nixpkgsStyle returns the command of nixpkgs' own script, or of its re-implementation if
// NIXPKGS is not set.
func nixpkgsStyle(compressor string) func(*bench, *closure, string) *exec.Cmd {
	return func(b *bench, c *closure, out string) *exec.Cmd {
		if b.nixpkgs == "" {
			return exec.Command("tests/bench/nixpkgs-style.sh", compressor, c.list, out)
		}
		cmd := exec.Command("env", "PATH="+b.nixpkgsTools, "python3", b.nixpkgs+"/pkgs/build-support/binary-cache/make-binary-cache.py", "--compression", compressor)
		cmd.Env = []string{"NIX_ATTRS_JSON_FILE=" + c.attrs, "out=" + out}
		return cmd
	}
}

func substitute(_ *bench, c *closure, out string) *exec.Cmd {
	return exec.Command("nix", append([]string{"copy", "--no-check-sigs", "--from", "file://" + c.cache, "--to", out}, c.roots()...)...)
}

func apply(_ *bench, c *closure, out string) *exec.Cmd {
	return exec.Command("sh", c.cache+"/apply", out)
}

func cp(_ *bench, c *closure, out string) *exec.Cmd {
	args := []string{"-r", "--no-preserve=mode", "--target-directory", out}
	return exec.Command("cp", append(args, c.paths()...)...)
}

func runCodecOnly(b *bench, c *closure, _ string) *exec.Cmd {
	return exec.Command(b.self, "-codec-only", c.attrs)
}

// commandLine returns the command for the report.
func (c candidate) commandLine() string {
	b := &bench{builder: "binary-cache-builder", self: "bench", nixpkgs: os.Getenv("NIXPKGS"), nixpkgsTools: "PATH"}
	closure := &closure{attrs: ".attrs.json", list: "GRAPH", cache: "CACHE"}
	closure.graph.Roots.Closure = []string{"ROOT..."}
	closure.graph.Paths = []storePath{{Path: "PATH..."}}
	cmd := c.command(b, closure, "DIRECTORY")
	words := append(cmd.Env, cmd.Args...)
	for i, word := range words {
		if strings.ContainsAny(word, "?&") {
			words[i] = "'" + word + "'"
		}
	}
	return strings.Join(words, " ")
}
