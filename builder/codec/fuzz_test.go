package codec

import (
	"bytes"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// FuzzZstd wants back what was compressed, at each of the encoder's levels. Most of
// what may go wrong is in how a block follows another, so each line of the text
// begins a block of its own.
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
		level, data := zstdLevels[int(i)%len(zstdLevels)], blocks(text)
		if got := roundTrip(t, level, data); !bytes.Equal(got, data) {
			t.Errorf("level %d: %d bytes came back as %d others", level, len(data), len(got))
		}
	})
}

// blocks fills up each line, but the last, to a block of zstd's.
func blocks(text []byte) (data []byte) {
	const block = 128 << 10
	lines := bytes.SplitN(text, []byte("\n"), 4)
	for _, line := range lines[:len(lines)-1] {
		data = append(data, line...)
		data = append(data, make([]byte, -len(data)&(block-1))...)
	}
	return append(data, lines[len(lines)-1]...)
}

// roundTrip returns what the decoder makes of data, compressed at a level.
func roundTrip(t testing.TB, level int, data []byte) []byte {
	t.Helper()
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	got, err := decoder.DecodeAll(compress(t, mustNewAt(t, "zstd", level), data), nil)
	if err != nil {
		t.Errorf("level %d: %v", level, err)
	}
	return got
}
