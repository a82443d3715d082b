// Package manifest renders the files that name the roots of a cache, the store paths
// in rootPaths:
//
//	roots          one store path per line, for nix-store --realise
//	manifest.json  the same with sizes, for programs; docs/manifest.md describes it
//	default.nix    the same by attribute name, for nix-build -A without nixpkgs
//
// They list each root once, in the order of rootPaths, also if it is excluded from the
// cache.
//
//	m := manifest.New(manifest.Header{StoreDir: "/nix/store"}, roots, narInfos)
//	text := m.RootList()
//
// The attribute name of a root is the first of these that no other root has, and that
// is not a number:
//
//	hello, hello-dev, hello-drv   the package, with its output, or for its .drv file
//	hello-2.12.1-dev              the name of the store path
//	<hash>-hello-2.12.1-dev       the store path's base name
//
// If two roots have the same candidate, both get their next one, so a name does not
// depend on the order.
//
// Not here: reading .attrs.json, and writing files.
package manifest
