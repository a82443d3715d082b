package codec

import (
	"bytes"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// zstdLevels has one level for each of the encoder's four.
var zstdLevels = []int{1, 3, 6, 10}

func mustNewAt(t testing.TB, name string, level int) Codec {
	t.Helper()
	c, err := New(name, &level)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRoundTripAtEachLevel(t *testing.T) {
	data := sample(1<<20 + 3)
	for name, levels := range map[string]struct{ lowest, highest int }{"zstd": {1, 22}, "xz": {0, 9}} {
		for level := levels.lowest; level <= levels.highest; level++ {
			if !bytes.Equal(decompress(t, name, compress(t, mustNewAt(t, name, level), data)), data) {
				t.Errorf("%s at level %d: %d bytes did not come back", name, level, len(data))
			}
		}
	}
}

// Without a level the bytes are those of the tool's default.
func TestDefaultLevel(t *testing.T) {
	for name, level := range map[string]int{"zstd": 3, "xz": 6} {
		for _, size := range []int{1, 1 << 20} {
			data := sample(size)
			if !bytes.Equal(compress(t, mustNewAt(t, name, level), data), compress(t, mustNew(t, name), data)) {
				t.Errorf("%s: %d bytes became others at level %d than without a level", name, size, level)
			}
		}
	}
}

func TestBadLevel(t *testing.T) {
	for _, test := range []struct {
		name  string
		level int
		want  string
	}{
		{"zstd", 0, `bad level 0 for compression "zstd": it must be 1 to 22`},
		{"zstd", 23, `bad level 23 for compression "zstd": it must be 1 to 22`},
		{"zstd", -1, `bad level -1 for compression "zstd": it must be 1 to 22`},
		{"xz", -1, `bad level -1 for compression "xz": it must be 0 to 9`},
		{"xz", 10, `bad level 10 for compression "xz": it must be 0 to 9`},
		{"none", 0, `compressionLevel 0 not allowed with compression "none"`},
		{"none", 3, `compressionLevel 3 not allowed with compression "none"`},
		{"bzip2", 3, `unknown compression "bzip2": it must be none, xz or zstd`},
	} {
		if _, err := New(test.name, &test.level); err == nil || err.Error() != test.want {
			t.Errorf("%s at level %d: got error %v, want %s", test.name, test.level, err, test.want)
		}
	}
}

// The level must arrive: a higher one makes smaller files. The words come twice,
// too far apart for the dictionary that xz has by default.
func TestLevelsDiffer(t *testing.T) {
	data := slices.Concat(sample(1<<20), make([]byte, 9<<20), sample(1<<20))
	for name, levels := range map[string][]int{"zstd": {1, 3, 6, 10, 19, 22}, "xz": {0, 6, 9}} {
		last := len(data)
		for _, level := range levels {
			size := len(compress(t, mustNewAt(t, name, level), data))
			if size >= last {
				t.Errorf("%s at level %d: %d bytes, not less than the %d before", name, level, size, last)
			}
			last = size
		}
	}
}

// seams returns size zeros with width bytes of words on both sides of each
// multiple of distance.
func seams(size, distance, width int) []byte {
	b := make([]byte, size)
	words := sample(2*width + size/distance)
	for i := 1; i*distance < size; i++ {
		copy(b[i*distance-width:], words[i:i+2*width])
	}
	return b
}

// How many NARs an encoder had before depends on the number of cores. Every few
// hundred it starts to count positions anew, which must not show.
func TestLongUse(t *testing.T) {
	data := seams(1<<20, 256<<10, 4<<10)
	for _, level := range zstdLevels {
		c := mustNewAt(t, "zstd", level)
		want := compress(t, c, data)
		for i := range 600 {
			if !bytes.Equal(compress(t, c, data), want) {
				t.Fatalf("level %d: other bytes the %dth time", level, i)
			}
		}
	}
}

// Section 3.1.1.1.2 of RFC 8878 asks for no more than a window of 8 MiB of those
// who read.
func TestWindow(t *testing.T) {
	for _, level := range zstdLevels {
		var header zstd.Header
		if err := header.Decode(compress(t, mustNewAt(t, "zstd", level), make([]byte, zstdBlock))); err != nil {
			t.Fatal(err)
		}
		if header.WindowSize > 8<<20 {
			t.Errorf("level %d: a window of %d bytes", level, header.WindowSize)
		}
	}
}
