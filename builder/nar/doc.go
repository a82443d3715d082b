// Package nar writes the Nix archive (NAR) of a file system tree: the same
// bytes as nix-store --dump.
//
//	err := nar.NewDumper().Dump(w, "/nix/store/…-hello")
//
// A NAR is a sequence of strings. Each string is a length (64 bits, little endian) and
// the bytes, padded with zeros to a multiple of eight. Of the file system, a NAR has only
// file names, contents, symlink targets and executable bits. Directory entries are sorted
// by the bytes of their names.
//
// A NAR listing is the file tree with the offsets of the contents of each file in
// the NAR. Nix stores it as JSON in <hash>.ls:
//
//	{"root":{"entries":{"hello":{"executable":true,"narOffset":264,"size":26,"type":"regular"}},"type":"directory"},"version":1}
//
// Nix refuses to unpack a tree that is nested more than MaxDepth levels deep (since
// 2.34.7, and since late releases of each older series from 2.28 on). A Dumper still
// writes the NAR of such a tree, as older versions of Nix do, and TooDeep reports the
// tree.
//
// Sources: https://nix.dev/manual/nix/latest/protocols/nix-archive, and
// libutil/archive.cc and nar-listing.cc in Nix.
//
// Not in this package: reading NARs, and hashing or compressing them.
package nar
