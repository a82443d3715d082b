package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// workload is a closure to make a cache of: workloads.nix has its roots.
type workload struct {
	name, title string
	packages    []string       // of Debian, that tests/setup has to get first
	runs        int            // at most so many, if not 0
	runsOf      map[string]int // the same for a contender by its name
}

func (w workload) id() string { return w.name }

// warmup is run by each contender once, and not counted: it brings their
// programs into the page cache.
var warmup = workload{name: "warmup", title: "hello"}

var workloads = []workload{
	{name: "W1", title: "hello, curl, emacs and htop"},
	{name: "W2", title: "2,001 tiny paths", runsOf: map[string]int{"pipeline": 2}},
	{name: "W3", title: "one large path, the Go toolchain"},
	{name: "W4", title: "LLVM, a JDK, LibreOffice and SciPy", runs: 3,
		packages: []string{"clang-14", "libreoffice-core", "llvm-14-dev", "openjdk-17-jdk-headless", "python3-scipy"}},
	{name: "W5", title: "40,000 small files in four paths"},
}

// closure is a workload as Nix knows it, read from the .attrs.json that a
// builder gets.
type closure struct {
	attrs string // the .attrs.json
	list  string // the file that tests/bench/nixpkgs-style.sh reads
	graph struct {
		Roots struct{ Closure []string } `json:"exportReferencesGraph"`
		Paths []storePath                `json:"closure"`
	}
	narSize int64 // of all paths
}

type storePath struct {
	Path       string
	NarHash    string
	NarSize    int64
	References []string
	CA         string
}

func (c *closure) roots() []string { return c.graph.Roots.Closure }

func (c *closure) paths() []string {
	var paths []string
	for _, p := range c.graph.Paths {
		paths = append(paths, p.Path)
	}
	return paths
}

// build makes Nix build what w is made of, and returns it as it is for a cache
// with that attribute in workloads.nix.
func (b *bench) build(ctx context.Context, w workload, attrs string) (*closure, error) {
	if len(w.packages) > 0 {
		if err := b.prepare(ctx, append([]string{"tests/setup"}, w.packages...)...); err != nil {
			return nil, err
		}
	}
	attribute := w.name + "." + attrs
	link := filepath.Join(b.dir, attribute)
	if err := b.prepare(ctx, "nix-build", "tests/bench/workloads.nix", "-A", attribute, "-o", link); err != nil {
		return nil, err
	}
	c, err := readClosure(link)
	if err != nil {
		return nil, err
	}
	c.list = link + ".list"
	return c, os.WriteFile(c.list, c.lines(), 0o644)
}

func readClosure(attrs string) (*closure, error) {
	data, err := os.ReadFile(attrs)
	if err != nil {
		return nil, err
	}
	c := &closure{attrs: attrs}
	if err := json.Unmarshal(data, &c.graph); err != nil {
		return nil, fmt.Errorf("%s: %w", attrs, err)
	}
	for _, p := range c.graph.Paths {
		c.narSize += p.NarSize
	}
	return c, nil
}

// lines is the closure in the form that tests/bench/nixpkgs-style.sh reads.
func (c *closure) lines() []byte {
	var b strings.Builder
	for _, p := range c.graph.Paths {
		ca := "-"
		if p.CA != "" {
			ca = p.CA
		}
		fmt.Fprintf(&b, "%s %s %d %s", p.Path, p.NarHash, p.NarSize, ca)
		for _, r := range p.References {
			b.WriteString(" " + path.Base(r))
		}
		b.WriteString("\n")
	}
	return []byte(b.String())
}
