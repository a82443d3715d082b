package tests

import (
	"strings"
	"testing"
)

// The stand-in for nixpkgs does what its own tests expect of nixpkgs: they give
// the list of those that fail.
func TestNixpkgsStub(t *testing.T) {
	const selfTest = "nixpkgs-stub/self-test.nix"
	if failed := nix(t, "nix-instantiate", "--eval", "--strict", "--read-write-mode", selfTest); failed != "[ ]" {
		t.Errorf("these fail: %s", failed)
	}
}

// A warning reaches the user, by whatever means this Nix has for it, and the
// value comes after it.
func TestNixpkgsStubWarning(t *testing.T) {
	const eval = `nix-instantiate --eval -E '(import <nixpkgs/lib>).warnIf true "careful" 1' 2>&1`
	if out := nix(t, "sh", "-c", eval); !strings.HasSuffix(out, "evaluation warning: careful\n1") {
		t.Errorf("printed %q", out)
	}
}
