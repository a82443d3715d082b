package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// realNixpkgs is the directory of a real nixpkgs for all tests, or "" for the nixpkgs
// stub.
var realNixpkgs = os.Getenv("NIXPKGS")

// findNixpkgs returns the directory of the nixpkgs, real or stub, that all tests use.
func findNixpkgs() (string, error) {
	if realNixpkgs != "" {
		return filepath.EvalSymlinks(realNixpkgs)
	}
	dir := filepath.Join(root, ".cache", "nixpkgs")
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("the nixpkgs stub is missing; run tests/setup: %w", err)
	}
	return dir, nil
}

// flakeOf returns the flake URL of a directory. NB: with a git+file URL, Nix copies only
// tracked files of a checkout to the store; the checkout can be shallow.
func flakeOf(dir string) string {
	if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
		return "git+file://" + dir + "?shallow=1"
	}
	return "path:" + dir
}

var debianName = regexp.MustCompile(`\b(libc6|libgcc-s1|xz-utils)\b|\+deb[0-9]+u`)

// The testscripts use the package names of nixpkgs, not those of the Debian packages in
// the nixpkgs stub.
func TestNoDebianNames(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := debianName.Find(text); found != nil {
			t.Errorf("%s: %s is a Debian name", file, found)
		}
	}
}
