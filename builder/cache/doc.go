// Package cache writes the directory that Nix reads as a binary cache over
// file:// or HTTP:
//
//	nix-cache-info          the store directory of the store paths
//	<hash>.narinfo          one for each store path
//	<hash>.ls               NAR listing (optional)
//	nar/<file hash>.nar.zst NAR file: compressed NAR of a store path
//	debuginfo/<build ID>.debug
//	                        debug info index (optional)
//	realisations/ build-trace-v2/ log/
//	index.html              index page (optional)
//	roots manifest.json default.nix
//	                        manifest files (optional)
//	SHA256SUMS              checksums of all these files (optional)
//
// The debug info index maps a build ID to a NAR file and the path of the debug info in
// that NAR:
//
//	{"archive":"../nar/<file hash>.nar.zst","member":"lib/debug/.build-id/01/23….debug"}
//
// Nix creates missing directories when it opens a cache, so it cannot open a cache that
// lacks some and is mounted read-only. So this package also creates the directories that
// stay empty.
//
//	dir, err := cache.Create("/nix/store/…-binary-cache")
//	file, err := dir.NewNarFile(hash, ".zst")
//	… // write the compressed NAR to file, or call file.Reuse
//	err = file.Publish(info, cache.Extras{Listing: json})
//	err = dir.Finish(cache.Info{StoreDir: "/nix/store"})
//
// The package also reads previous caches to reuse their NAR files, computes
// digests, and signs narinfos.
//
// Files of a cache appear atomically: each is written under a temporary name and renamed.
// A NAR file appears before the narinfo that names it. nix-cache-info is the last file;
// SHA256SUMS, which is written just before, already has the checksum of nix-cache-info.
// Store paths may be added concurrently and in any order: the files of the cache have the
// same bytes.
//
// Sources: https://nix.dev/manual/nix/latest/store/types/local-binary-cache-store,
// and libstore/binary-cache-store.cc, local-binary-cache-store.cc, nar-info.cc and
// path-info.cc in Nix.
//
// Not in this package: compressing NARs.
package cache
