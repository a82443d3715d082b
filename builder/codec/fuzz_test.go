package codec

import (
	"bytes"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// FuzzZstd compresses text at each level of the Go encoder, and checks that it
// decompresses to the same text. Most bugs would concern the transition from one zstd
// block to the next, so each line of the text starts a new zstd block.
func FuzzZstd(f *testing.F) {
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	for i := range zstdLevels {
		for _, text := range []string{
			"",
			"a",
			"\n\n",
			"one block\nand another\nand one block\nand another",
			alphabet + alphabet + "\n" + alphabet + "\n\x00\xff" + alphabet + "\n" + alphabet,
			string(bytes.Join(slices.Collect(slices.Chunk(sample(100), 25)), []byte("\n"))),
		} {
			f.Add(byte(i), []byte(text))
		}
	}
	f.Fuzz(func(t *testing.T, i byte, text []byte) {
		level, data := zstdLevels[int(i)%len(zstdLevels)], zstdBlocks(text)
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		defer decoder.Close()
		got, err := decoder.DecodeAll(compress(t, mustNew(t, "zstd", level), data), nil)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("level %d: %d bytes became %d different ones, error %v", level, len(data), len(got), err)
		}
	})
}

// zstdBlocks pads each line of text except the last with zeros to a zstd block of 128
// KiB.
func zstdBlocks(text []byte) (data []byte) {
	const size = 128 << 10
	lines := bytes.SplitN(text, []byte("\n"), 4)
	for _, line := range lines[:len(lines)-1] {
		data = append(data, line...)
		data = append(data, make([]byte, -len(data)&(size-1))...)
	}
	return append(data, lines[len(lines)-1]...)
}
