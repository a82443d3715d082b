// Package drv reads .drv files to find the deriver of a store path, which the graph
// of exportReferencesGraph does not contain. If .drv files are inputs of a build,
// they and their inputs are visible in its sandbox.
//
//	derivers, err := drv.Derivers([]storepath.Path{"/nix/store/…-hello.drv"}, "/nix/store")
//
// Source: parseDerivation in Nix (libstore/derivations.cc).
//
// Not in this package: the environment, builder and arguments of a derivation.
package drv
