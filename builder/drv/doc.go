// Package drv reads .drv files, as far as it takes to tell which of them made a
// store path. The graph of exportReferencesGraph does not say it. Where .drv files
// are inputs of a build, these and all that they are made from stand in its
// sandbox.
//
//	derivers, err := drv.Derivers([]storepath.Path{"/nix/store/…-hello.drv"}, "/nix/store")
//
// Source: parseDerivation in Nix (libstore/derivations.cc).
//
// Not here: the environment, builder and arguments of a derivation.
package drv
