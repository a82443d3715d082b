// Package codec compresses blocks of NARs in the formats of binary caches: zstd
// (RFC 8878) and xz (https://tukaani.org/xz/xz-file-format.txt).
//
//	c, err := codec.New("zstd", nil)
//	w, err := c.NewWriter(ctx, file, size) // size is at most c.BlockSize()
//	… // write the block
//	err = w.Close()
//
// Each block becomes a frame: a zstd frame or an xz stream. The concatenated
// frames are the compressed NAR; both formats allow this. Nix 2.35 and newer also
// write zstd in frames, of 16 MiB.
//
// The bytes depend only on the codec, its level and the NAR, and not on the number
// of cores: output is deterministic.
//
// Levels and defaults are those of the xz and zstd programs, and the defaults are
// those of nixpkgs' caches: zstd 1 to 22, default 3; xz 0 to 9, default 6. The
// programs compress xz, and zstd from level 11 on. Lower zstd levels use an encoder
// in Go with four levels: 1 and 2 are the same, and so are 3 to 5, and 6 to 9.
//
// Not here: decompression, cutting NARs into blocks, and settings of the formats
// other than the level.
package codec
