// Package tests has the end-to-end tests, which build derivations in Nix's sandbox and
// compare the results with those of Nix. The tests use the nixpkgs stub in
// tests/nixpkgs-stub, which tests/setup prepares.
//
// Package tests also tests the index page of a cache, index.html, in a real browser.
package tests
