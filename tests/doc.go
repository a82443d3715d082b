// Package tests has the end-to-end tests: they build real derivations in a real
// sandbox, and Nix is the reference. They use the nixpkgs stub in
// tests/nixpkgs-stub, which tests/setup prepares.
//
// The index page is tested here as well, in a real browser.
package tests
