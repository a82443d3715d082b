// Package cache writes the directory that Nix reads as a binary cache over
// file:// or HTTP:
//
//	nix-cache-info          the store directory that the cache is for
//	<hash>.narinfo          one for each store path
//	<hash>.ls               the listing of its archive, if wanted
//	nar/<file hash>.nar.zst the archives
//	debuginfo/<build ID>.debug
//	realisations/ build-trace-v2/ log/
//	index.html              a page for people, if wanted
//	roots manifest.json default.nix
//	                        what the cache was made for, if wanted
//	SHA256SUMS              the sums of all these files, if wanted
//
// The index of debug info, if wanted, tells in which archive a build ID's file
// is:
//
//	{"archive":"../nar/<file hash>.nar.zst","member":"lib/debug/.build-id/01/23….debug"}
//
// The empty directories are there because Nix creates the ones it misses when
// it opens a cache, which fails where the cache is mounted read-only.
//
//	dir, err := cache.Create("/nix/store/…-binary-cache")
//	archive, err := dir.NewArchive(hash, ".zst")
//	… // write the compressed archive, or let archive.Reuse copy one
//	err = archive.Publish(info, cache.Extras{Listing: json})
//	err = dir.Finish(cache.Info{StoreDir: "/nix/store"})
//
// It reads caches as well, as far as needed to reuse their archives, hashes what it
// writes, and signs narinfos.
//
// Nothing half-written is ever seen under its final name: a file is written
// under a temporary name and renamed once it is whole, an archive before the
// narinfo that names it, and nix-cache-info last of all, also after the sums, which
// know it beforehand. Goroutines may add store paths in any order: the cache is the
// same.
//
// Sources: https://nix.dev/manual/nix/latest/store/types/local-binary-cache-store,
// and libstore/binary-cache-store.cc, local-binary-cache-store.cc, nar-info.cc and
// path-info.cc in Nix.
//
// Not here: compressing; what is written is taken as it comes.
package cache
