package tests

import (
	"strings"
	"testing"
)

// TestNixpkgsStub checks the nixpkgs stub, or the real nixpkgs of the tests, with
// nixpkgs-stub/self-test.nix.
func TestNixpkgsStub(t *testing.T) {
	const selfTest = "nixpkgs-stub/self-test.nix"
	if failed := nix(t, "nix-instantiate", "--eval", "--strict", "--read-write-mode", selfTest); failed != "[ ]" {
		t.Errorf("failed tests: %s", failed)
	}
}

// lib.warnIf of the nixpkgs stub prints the warning with any version of Nix, and returns
// the value.
func TestNixpkgsStubWarning(t *testing.T) {
	const eval = `nix-instantiate --eval -E '(import <nixpkgs/lib>).warnIf true "careful" 1' 2>&1`
	if out := nix(t, "sh", "-c", eval); !strings.HasSuffix(out, "evaluation warning: careful\n1") {
		t.Errorf("printed %q", out)
	}
}
