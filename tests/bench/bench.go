package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// bench is where and with what the contenders run.
type bench struct {
	dir     string // of this run of the benchmark
	builder string // our binary
	self    string // this program
	cores   int
	env     []string
}

// newBench makes a directory in parent, and in it the builder.
func newBench(ctx context.Context, parent string) (*bench, error) {
	parent, err := filepath.Abs(parent)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	b := &bench{cores: runtime.NumCPU()}
	if b.env, err = environment(b.cores); err != nil {
		return nil, err
	}
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.dir, err = os.MkdirTemp(parent, "bench-"); err != nil {
		return nil, err
	}
	b.builder = filepath.Join(b.dir, "binary-cache-builder")
	return b, b.prepare(ctx, "go", "build", "-o", b.builder, "./builder/binary-cache-builder")
}

func (b *bench) close() { os.RemoveAll(b.dir) }

// environment is what all commands run with: the stand-in for nixpkgs, and what
// a builder knows in a build.
func environment(cores int) ([]string, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(root, ".cache")
	if _, err := os.Stat(filepath.Join(cache, "nixpkgs")); err != nil {
		return nil, fmt.Errorf("this is to be run from the checkout, after tests/setup: %w", err)
	}
	return append(os.Environ(),
		"CGO_ENABLED=0",
		"NIX_PATH=nixpkgs="+cache+"/nixpkgs",
		"NIX_USER_CONF_FILES="+cache+"/nix.conf",
		"NIX_STORE=/nix/store",
		fmt.Sprint("NIX_BUILD_CORES=", cores),
	), nil
}

// prepare runs what has to be done before, and shows its output only if it fails.
func (b *bench) prepare(ctx context.Context, argv ...string) error {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = b.env
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%q: %w\n%s", argv, err, output)
	}
	return nil
}
