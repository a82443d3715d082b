// Package codec compresses blocks of NARs in the formats of binary caches: zstd
// (RFC 8878) and xz (https://tukaani.org/xz/xz-file-format.txt).
//
//	c, err := codec.New("zstd", nil)
//	w, err := c.NewWriter(ctx, file, size) // size is at most c.BlockSize()
//	… // write the block
//	err = w.Close()
//
// Each block becomes a frame: a zstd frame or an xz stream. The concatenated frames are
// the compressed NAR; both formats allow this concatenation. Nix 2.35 and newer also
// compress each 16 MiB of a NAR to a zstd frame of its own.
//
// The compressed bytes depend only on the codec, its level and the NAR, and not on the
// number of cores.
//
// Levels and default levels are those of the xz and zstd programs, and nixpkgs'
// mkBinaryCache uses the same defaults: zstd 1 to 22, default 3; xz 0 to 9, default 6.
// The xz program compresses for xz, and the zstd program for zstd from level 11 on. At
// zstd levels 1 to 10, an encoder in Go compresses. This encoder has only four levels:
// zstd levels 1 and 2 are the same, and so are 3 to 5, and 6 to 9.
//
// Not in this package: decompression, cutting NARs into blocks, and compression settings
// other than the level.
package codec
