package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

// workload describes a closure to measure; workloads.nix has its roots.
type workload struct {
	name, title string
	setup       []string       // command that makes its packages available
	runs        int            // maximum, if not 0
	runsOf      map[string]int // maximum by candidate name
}

// warmup runs first and is not reported: it reads the programs of the candidates into
// the page cache.
var warmup = workload{name: "warmup", title: "hello"}

var workloads = []workload{
	{name: "W1", title: "hello, curl, emacs and htop"},
	{name: "W2", title: "2,001 tiny paths", runsOf: map[string]int{"nixpkgs-style": 2}},
	{name: "W3", title: "one large path, the Go toolchain"},
	{name: "W4", title: "LLVM, a JDK, LibreOffice and SciPy", runs: 3,
		setup: []string{"tests/setup", "clang-14", "libreoffice-core", "llvm-14-dev", "openjdk-17-jdk-headless", "python3-scipy"}},
	{name: "W5", title: "40,000 small files in four paths"},
}

// updateWorkloads are closures of which the target has an older release.
var updateWorkloads = []workload{
	{name: "U1", title: "update of W1, all hashes changed", setup: updatesSetup},
	{name: "U2", title: "update of the Go toolchain, 1.26.6 to 1.26.7", setup: updatesSetup},
	{name: "U3", title: "update of W1, Debian 12 to 13", setup: updatesSetup},
}

var updatesSetup = []string{"tests/bench/updates.sh"}

// closure is the closure graph of a workload, read from the .attrs.json of a builder.
type closure struct {
	attrs string // the .attrs.json
	list  string // the file that tests/bench/nixpkgs-style.sh reads
	cache string // made of the attributes, for candidates that need one
	graph struct {
		Roots struct{ Closure []string } `json:"exportReferencesGraph"`
		Paths []storePath                `json:"closure"`
	}
	narSize int64 // total
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

// build builds the closure of w for the cache that workloads.nix describes in the
// attribute attrs.
func (b *bench) build(ctx context.Context, w workload, attrs string) (*closure, error) {
	if w.setup != nil {
		if err := b.prepare(ctx, w.setup...); err != nil {
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

// lines returns the closure in the format that tests/bench/nixpkgs-style.sh reads.
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

// checkOutput returns the size of all files in dir. It fails if a store path of the
// closure is missing there, so that no failed run counts as a fast one.
func (c *closure) checkOutput(o output, dir string) (size int64, err error) {
	for _, p := range c.graph.Paths {
		switch o {
		case tree:
			_, err = os.Lstat(filepath.Join(dir, path.Base(p.Path)))
		case store:
			_, err = os.Lstat(filepath.Join(dir, p.Path))
		case cache:
			err = checkNarInfo(dir, p)
		}
		if err != nil {
			return 0, fmt.Errorf("incomplete output: %s: %w", p.Path, err)
		}
	}
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}

// checkNarInfo checks that the cache in dir has a narinfo and a complete NAR file of the
// store path p.
func checkNarInfo(dir string, p storePath) error {
	file, err := os.Open(filepath.Join(dir, path.Base(p.Path)[:32]+".narinfo"))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := narinfo.Parse(file)
	if err != nil {
		return err
	}
	narFile, err := os.Stat(filepath.Join(dir, info.URL))
	if err != nil {
		return err
	}
	if info.StorePath != p.Path || int64(info.NarSize) != p.NarSize || int64(info.FileSize) != narFile.Size() {
		return fmt.Errorf("wrong narinfo (%s has %d bytes):\n%s", info.URL, narFile.Size(), info)
	}
	return nil
}
