package main

import (
	"os/exec"
	"slices"
	"strings"
)

// newest is the Debian suite with the newest Nix, for tests/nix-version.
const newest = "forky"

// contender is a way to make a cache. Those with the same compression are
// compared with the first of them, which is ours.
type contender struct {
	name, title string
	compression string
	attrs       string   // the attribute in workloads.nix, if not the compression
	only        []string // the workloads where it runs, if not all
	runs        int      // at most so many, if not 0
	leaves      output
	command     func(b *bench, c *closure, out string) *exec.Cmd
}

func (c contender) id() string { return c.name }

// output is what a contender leaves in its output directory.
type output int

const (
	cache  output = iota // a binary cache
	tree                 // copies of the store paths
	report               // nothing: it reports its own figures
)

var contenders = []contender{
	{name: "ours", title: "mkBinaryCache", compression: "zstd", command: ours},
	{name: "reuse", title: "mkBinaryCache, reuse", compression: "zstd", attrs: "reuse", only: []string{"W1"}, command: ours},
	{name: "newest", title: "nix copy newest", compression: "zstd", command: nixCopy(newest, "")},
	{name: "newest-parallel", title: "nix copy newest, parallel", compression: "zstd", command: nixCopy(newest, parallel)},
	{name: "nix", title: "nix copy installed", compression: "zstd", command: nixCopy("", "")},
	{name: "nix-parallel", title: "nix copy installed, parallel", compression: "zstd", command: nixCopy("", parallel)},
	{name: "pipeline", title: "nixpkgs' way, zstd -3", compression: "zstd", command: pipeline("zstd")},
	{name: "alone", title: "zstd alone, in memory", compression: "zstd", leaves: report, command: alone},

	{name: "ours-none", title: "mkBinaryCache", compression: "none", only: few, command: ours},
	{name: "cp", title: "cp -r", compression: "none", only: few, leaves: tree, command: cp},

	{name: "ours-xz", title: "mkBinaryCache", compression: "xz", only: few, runs: 1, command: ours},
	{name: "pipeline-xz", title: "nixpkgs' way, xz -6", compression: "xz", only: few, runs: 1, command: pipeline("xz")},
}

// few are the workloads for what is measured for information.
var few = []string{"warmup", "W1", "W3"}

const parallel = "&parallel-compression=true"

// runsOn is how often the contender runs on a workload, n times or less.
func (c contender) runsOn(w workload, n int) int {
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

func ours(b *bench, c *closure, out string) *exec.Cmd {
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

func pipeline(compressor string) func(*bench, *closure, string) *exec.Cmd {
	return func(_ *bench, c *closure, out string) *exec.Cmd {
		return exec.Command("tests/bench/nixpkgs-style.sh", compressor, c.list, out)
	}
}

func cp(_ *bench, c *closure, out string) *exec.Cmd {
	args := []string{"-r", "--no-preserve=mode", "--target-directory", out}
	return exec.Command("cp", append(args, c.paths()...)...)
}

func alone(b *bench, c *closure, _ string) *exec.Cmd {
	return exec.Command(b.self, "-alone", c.attrs)
}

// commandLine is the command as one would type it.
func (c contender) commandLine() string {
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
