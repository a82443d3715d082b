// Package manifest renders the files that name the roots of a cache, the store paths
// in rootPaths:
//
//	roots          one store path per line, for nix-store --realise
//	manifest.json  the roots and their sizes, for programs; see docs/manifest.md
//	default.nix    the roots by attribute name, for nix-build -A without nixpkgs
//
// Each file lists each root once, in the order of rootPaths, also a root that is excluded
// from the cache.
//
//	m := manifest.New(manifest.Header{StoreDir: "/nix/store"}, roots, narInfos)
//	text := m.RootList()
//
// The attribute name of a root in default.nix is the first of these names that no other
// root has, and that is not a number:
//
//	hello, hello-dev, hello-drv   the package, with its output, or for its .drv file
//	hello-2.12.1-dev              the name of the store path
//	<hash>-hello-2.12.1-dev       the store path's base name
//
// If two roots have the same name, each of the two gets its next name in this list, so an
// attribute name does not depend on the order of the roots.
//
// Not in this package: reading .attrs.json, and writing files.
package manifest
