// Package drv reads .drv files to find the deriver of a store path, which the graph
// of exportReferencesGraph does not contain. If .drv files are inputs of a build, these
// files and their input .drv files are visible in the sandbox of the build.
//
//	derivers, err := drv.Derivers([]storepath.Path{"/nix/store/…-hello.drv"}, "/nix/store")
//
// Source: parseDerivation in Nix (libstore/derivations.cc).
//
// Not in this package: the environment, builder and arguments of a derivation.
package drv
