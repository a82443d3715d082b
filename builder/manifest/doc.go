// Package manifest makes the files by which a cache names its roots, the store paths
// that it was made for:
//
//	roots          one store path a line, for nix-store --realise
//	manifest.json  the same with sizes, for programs; docs/manifest.md describes it
//	default.nix    the same by names, for nix-build -A where there is no nixpkgs
//
// They are in the order in which the roots come, each once, whether the cache has
// them or leaves them to the target.
//
//	cache := manifest.New(manifest.Cache{StoreDir: "/nix/store", Roots: roots, Paths: paths})
//	text := cache.RootList()
//
// The names in default.nix are the first of these that no other root has:
//
//	hello, hello-dev, hello-drv   the package, with its output, or for its .drv file
//	hello-2.12.1-dev              the name of the store path
//	<hash>-hello-2.12.1-dev       the store path's base name
//
// Two roots that would have the same name both go on to the next, so that a name does
// not depend on the order.
//
// Not here: where roots come from, and writing files.
package manifest
