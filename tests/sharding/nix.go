package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// nix runs commands of Nix on cache.nix. After an error it runs none.
type nix struct {
	ctx                context.Context
	root               string // the checkout
	dir                string // for the stores
	roots, compression string
	err                error
}

// build is a command that builds an attribute.
func (n *nix) build(attribute string, options ...string) []string {
	return append([]string{"nix-build", "--no-out-link", "tests/sharding/cache.nix", "-A", attribute,
		"--argstr", "roots", n.roots, "--argstr", "compression", n.compression, "--argstr", "run", n.dir}, options...)
}

// copy is a command that copies store paths, as a machine gets them.
func (n *nix) copy(from, to string, paths []string) []string {
	return append([]string{"nix", "copy", "--no-check-sigs", "--from", from, "--to", to}, paths...)
}

// machine is a remote builder: a store of its own on this machine.
func (n *nix) machine(name string) string {
	return "ssh-ng://localhost?remote-store=" + filepath.Join(n.dir, name)
}

func (n *nix) command(argv []string) *exec.Cmd {
	cmd := exec.CommandContext(n.ctx, argv[0], argv[1:]...)
	cmd.Dir = n.root
	cmd.Env = append(os.Environ(),
		"NIX_USER_CONF_FILES="+n.root+"/.cache/nix.conf",
		"NIX_PATH=nixpkgs="+n.root+"/.cache/nixpkgs:mkBinaryCache="+n.root,
		"NIX_CONFIG=cores = 1") // for the machines too
	return cmd
}

// do runs a command, and returns what it prints and the seconds it takes.
func (n *nix) do(argv []string) (string, float64) {
	if n.err != nil {
		return "", 0
	}
	cmd := n.command(argv)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	start := time.Now()
	out, err := cmd.Output()
	if err != nil {
		n.err = fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), time.Since(start).Seconds()
}

// clean removes the stores, whose files may not be changed by others than root.
func (n *nix) clean() error {
	if err := exec.Command("chmod", "-R", "u+w", n.dir).Run(); err != nil {
		return err
	}
	return os.RemoveAll(n.dir)
}
