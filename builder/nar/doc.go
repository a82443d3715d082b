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
// Sources: https://nix.dev/manual/nix/latest/protocols/nix-archive and
// libutil/archive.cc in Nix.
//
// Not here: reading archives, and hashing or compressing the stream.
package nar
