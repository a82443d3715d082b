// Package nar writes the Nix archive (NAR) of a file system tree: the same
// bytes as nix-store --dump.
//
//	err := nar.NewDumper().Dump(w, "/nix/store/…-hello")
//
// A NAR is a sequence of strings, each written as its length (64 bits, little
// endian) and its bytes, padded with zeros to a multiple of eight. It keeps
// names, contents, symlink targets and the executable bit, and nothing else of
// the file system; directory entries are in the order of their names' bytes.
//
// A listing tells what an archive has and where in it the contents of each file
// begin, in the JSON that Nix puts beside a narinfo as <hash>.ls:
//
//	{"root":{"entries":{"hello":{"executable":true,"narOffset":264,"size":26,"type":"regular"}},"type":"directory"},"version":1}
//
// Nix has limits: it refuses to unpack what is more than MaxDepth levels deep
// (since 2.34.7, and since late releases of each series from 2.28 on). A
// Dumper archives such a tree all the same, as older Nix does, and TooDeep tells.
//
// Sources: https://nix.dev/manual/nix/latest/protocols/nix-archive, and
// libutil/archive.cc and nar-listing.cc in Nix.
//
// Not here: reading archives, and hashing or compressing the stream.
package nar
