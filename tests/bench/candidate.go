package main

import (
	"os/exec"
	"slices"
	"strings"
)

// newestSuite is the Debian suite with the newest Nix, for tests/nix-version.
const newestSuite = "forky"

// candidate is a way to make a cache. It is compared with mkBinaryCache with the
// same compression.
type candidate struct {
	name, title string // in a title, "newest" and "installed" are versions of Nix
	compression string
	attrs       string   // attribute in workloads.nix, if not the compression
	only        []string // workloads that it runs on, if not all
	runs        int      // maximum, if not 0
	output      output
	command     func(b *bench, c *closure, out string) *exec.Cmd
}

// output is what a candidate writes to its output directory.
type output int

const (
	cache  output = iota // a binary cache
	tree                 // copies of the store paths
	report               // nothing: it prints its sample
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

// infoWorkloads are for candidates that are measured for information only.
var infoWorkloads = []string{"warmup", "W1", "W3"}

const parallel = "&parallel-compression=true"

// runsOn returns how often the candidate runs on a workload, at most n.
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

func nixpkgsStyle(compressor string) func(*bench, *closure, string) *exec.Cmd {
	return func(_ *bench, c *closure, out string) *exec.Cmd {
		return exec.Command("tests/bench/nixpkgs-style.sh", compressor, c.list, out)
	}
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
	b := &bench{builder: "binary-cache-builder", self: "bench"}
	closure := &closure{attrs: ".attrs.json", list: "GRAPH"}
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
