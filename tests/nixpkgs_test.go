package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// realNixpkgs is the directory of the nixpkgs that the tests are to run against,
// or empty for the stand-in.
var realNixpkgs = os.Getenv("NIXPKGS")

// findNixpkgs returns the directory of the nixpkgs of all tests.
func findNixpkgs() (string, error) {
	if realNixpkgs != "" {
		return filepath.EvalSymlinks(realNixpkgs)
	}
	dir := filepath.Join(root, ".cache", "nixpkgs")
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("the stand-in for nixpkgs is missing, run tests/setup: %w", err)
	}
	return dir, nil
}

// flakeOf is the flake in a directory. NB: of a checkout, which may be a shallow
// one, only what git has of it is copied to the store.
func flakeOf(dir string) string {
	if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
		return "git+file://" + dir + "?shallow=1"
	}
	return "path:" + dir
}

var debianName = regexp.MustCompile(`\b(libc6|libgcc-s1|xz-utils)\b|\+deb[0-9]+u`)

// What the tests name, any nixpkgs has by that name: not Debian's, of which the
// stand-in is made.
func TestNamesAreOfNixpkgs(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*")
	if err != nil || len(files) < 50 {
		t.Fatalf("only %d files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := debianName.Find(text); found != nil {
			t.Errorf("%s names %s, which is Debian's name", file, found)
		}
	}
}
