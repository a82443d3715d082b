// Package nar writes the Nix archive (NAR) of a file system tree: the same
// bytes as nix-store --dump.
//
//	err := nar.NewDumper().Dump(w, "/nix/store/…-hello")
//
// A NAR is a sequence of strings. Each is a length (64 bits, little endian) and the
// bytes, padded with zeros to a multiple of eight. A NAR has names, contents,
// symlink targets and the executable bit, and nothing else of the file system.
// Directory entries are sorted by the bytes of their names.
//
// A NAR listing is the file tree with the offsets of the contents of each file in
// the NAR. Nix stores it as JSON in <hash>.ls:
//
//	{"root":{"entries":{"hello":{"executable":true,"narOffset":264,"size":26,"type":"regular"}},"type":"directory"},"version":1}
//
// Nix refuses to unpack a tree that is nested more than MaxDepth levels deep (since
// 2.34.7, and since late releases of each series from 2.28 on). A Dumper still
// writes such a tree, as older Nix does, and TooDeep reports it.
//
// Sources: https://nix.dev/manual/nix/latest/protocols/nix-archive, and
// libutil/archive.cc and nar-listing.cc in Nix.
//
// Not here: reading NARs, and hashing or compressing them.
package nar
