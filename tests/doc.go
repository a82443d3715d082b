// Package tests holds the tests that need Nix: they build real derivations in
// a real sandbox, and take Nix's word for what is right. They evaluate against
// the stand-in for nixpkgs in tests/nixpkgs-stub, which tests/setup prepares.
//
// The page of a cache is tested here as well, in a real browser.
package tests
