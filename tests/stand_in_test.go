package tests

import "testing"

// The stand-in for nixpkgs does what its own tests expect of nixpkgs: they give
// the list of those that fail.
func TestStandIn(t *testing.T) {
	const selfTest = "<nixpkgs/self-test.nix>"
	if failed := nix(t, "nix-instantiate", "--eval", "--strict", "--read-write-mode", selfTest); failed != "[ ]" {
		t.Errorf("these fail: %s", failed)
	}
}
