package codec

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// zstdLevels has one zstd level for each of the four levels of the Go encoder.
var zstdLevels = []int{1, 3, 6, 10}

// sample returns size bytes that compress well: random words of a fixed vocabulary.
func sample(size int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]byte, 1<<20)
	for i := range words {
		words[i] = byte(random.Uint32())
	}
	b := make([]byte, 0, size+len(words))
	for len(b) < size {
		at := random.IntN(len(words) - 300)
		b = append(b, words[at:at+20+random.IntN(280)]...)
	}
	return b[:size]
}

// mustNew returns the codec with the given name and level, or with its default level if
// no level is given.
func mustNew(t testing.TB, name string, level ...int) Codec {
	t.Helper()
	var p *int
	if len(level) > 0 {
		p = &level[0]
	}
	c, err := New(name, p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compressTo compresses data to w. It passes data to the codec in parts, as the builder
// passes a NAR.
func compressTo(c Codec, w io.Writer, data []byte) error {
	compressor, err := c.NewWriter(context.Background(), w, int64(len(data)))
	if err != nil {
		return err
	}
	for part := range slices.Chunk(data, 200_000) {
		if _, err := compressor.Write(part); err != nil {
			return errors.Join(err, compressor.Close())
		}
	}
	return compressor.Close()
}

func compress(t testing.TB, c Codec, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := compressTo(c, &b, data); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// decompress decompresses data with the xz or zstd program, the reference for our
// encoders.
func decompress(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	cmd := exec.Command(name, "--decompress", "--stdout")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRoundTrip(t *testing.T) {
	for name, levels := range map[string]struct{ min, max int }{"zstd": {1, 22}, "xz": {0, 9}} {
		check := func(size int, level ...int) {
			t.Helper()
			c, data := mustNew(t, name, level...), sample(size)
			if c.Suffix() != map[string]string{"zstd": ".zst", "xz": ".xz"}[name] {
				t.Errorf("%s: got the suffix %q", name, c.Suffix())
			}
			if !bytes.Equal(decompress(t, name, compress(t, c, data)), data) {
				t.Errorf("%s at level %v: %d bytes differ after decompression", name, level, size)
			}
		}
		for _, size := range []int{1, 112, 5<<20 + 3} {
			check(size)
		}
		for level := levels.min; level <= levels.max && !testing.Short(); level++ {
			check(1<<20+3, level)
		}
	}
}

// Without a level, a codec writes the same bytes as at the default level of its program.
func TestDefaultLevel(t *testing.T) {
	for name, level := range map[string]int{"zstd": 3, "xz": 6} {
		for _, size := range []int{1, 1 << 20} {
			data := sample(size)
			if !bytes.Equal(compress(t, mustNew(t, name, level), data), compress(t, mustNew(t, name), data)) {
				t.Errorf("%s: level %d and the default level write different bytes for %d bytes", name, level, size)
			}
		}
	}
}

func TestNoCompression(t *testing.T) {
	if c, err := New("none", nil); c != nil || err != nil {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestNewFails(t *testing.T) {
	for _, test := range []struct {
		name  string
		level int
		want  string
	}{
		{"zstd", 0, `compressionLevel 0 out of range for zstd: must be 1 to 22`},
		{"zstd", 23, `compressionLevel 23 out of range for zstd: must be 1 to 22`},
		{"zstd", -1, `compressionLevel -1 out of range for zstd: must be 1 to 22`},
		{"xz", -1, `compressionLevel -1 out of range for xz: must be 0 to 9`},
		{"xz", 10, `compressionLevel 10 out of range for xz: must be 0 to 9`},
		{"none", 0, `compressionLevel 0 not allowed with compression "none"`},
		{"none", 3, `compressionLevel 3 not allowed with compression "none"`},
		{"", 3, `unknown compression "": must be none, xz or zstd`},
		{"ZSTD", 3, `unknown compression "ZSTD": must be none, xz or zstd`},
		{"bzip2", 3, `unknown compression "bzip2": must be none, xz or zstd`},
	} {
		if _, err := New(test.name, &test.level); err == nil || err.Error() != test.want {
			t.Errorf("%s at level %d: got error %v, want %s", test.name, test.level, err, test.want)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := New("xz", nil); err == nil || !strings.HasPrefix(err.Error(), `compression "xz": xz program not found: `) {
		t.Errorf("without the program: got error %v", err)
	}
}

// Each level of this test makes smaller output than the previous one, so the level
// reaches the encoder. The data repeats words at a distance that exceeds the default
// dictionary of xz.
func TestLevelsDiffer(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	data := slices.Concat(sample(1<<20), make([]byte, 9<<20), sample(1<<20))
	for name, levels := range map[string][]int{"zstd": {1, 3, 6, 10, 19, 22}, "xz": {0, 6, 9}} {
		last := len(data)
		for _, level := range levels {
			size := len(compress(t, mustNew(t, name, level), data))
			if size >= last {
				t.Errorf("%s at level %d: %d bytes, not less than the %d before", name, level, size, last)
			}
			last = size
		}
	}
}

// seams returns size bytes: zeros, with width bytes of words on both sides of each
// multiple of distance.
func seams(size, distance, width int) []byte {
	b := make([]byte, size)
	words := sample(2*width + size/distance)
	for i := 1; i*distance < size; i++ {
		copy(b[i*distance-width:], words[i:i+2*width])
	}
	return b
}

// A reused encoder must write the same bytes as a new one, because the number of NARs
// that an encoder compresses depends on the number of cores. 600 NARs make the encoder
// reset its position counter. An error of the writer to which an encoder writes must not
// change what the encoder writes later, either.
func TestReusedEncoder(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	data := seams(1<<20, 256<<10, 4<<10)
	for _, level := range zstdLevels {
		c := mustNew(t, "zstd", level)
		want := compress(t, c, data)
		for _, size := range []int{1000, 4 << 20} { // fails in Close, fails in Write
			if err := compressTo(c, failing{}, sample(size)); !errors.Is(err, errFailing) {
				t.Errorf("level %d: %d bytes to a failing writer: got error %v", level, size, err)
			}
		}
		for i := range 600 {
			if !bytes.Equal(compress(t, c, data), want) {
				t.Fatalf("level %d: different bytes the %dth time", level, i)
			}
		}
	}
}

var errFailing = errors.New("no space left")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFailing }

// The header of a zstd frame has the size of the content, so that decoders can allocate
// once, and a window of at most 8 MiB, which section 3.1.1.1.2 of RFC 8878 requires
// decoders to support.
func TestZstdHeader(t *testing.T) {
	for _, level := range zstdLevels {
		for _, size := range []int{1000, 1 << 20, zstdBlockSize} {
			var header zstd.Header
			if err := header.Decode(compress(t, mustNew(t, "zstd", level), make([]byte, size))); err != nil {
				t.Fatal(err)
			}
			if !header.HasFCS || header.FrameContentSize != uint64(size) || header.WindowSize > 8<<20 {
				t.Errorf("level %d: %d bytes: got header %+v", level, size, header)
			}
		}
	}
}

// If the xz process is killed, Write and Close return the error of the process, and not
// only the error of the broken pipe.
func TestXZFails(t *testing.T) {
	c := mustNew(t, "xz")
	ctx, cancel := context.WithCancel(context.Background())
	w, err := c.NewWriter(ctx, io.Discard, 1)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for err == nil {
		_, err = w.Write(make([]byte, 1<<16))
	}
	if !strings.Contains(err.Error(), "xz: signal: killed") {
		t.Errorf("write: got error %v", err)
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "xz: signal: killed") {
		t.Errorf("close: got error %v", err)
	}
}

func TestXZReportsWriteErrors(t *testing.T) {
	if err := compressTo(mustNew(t, "xz"), failing{}, sample(1<<20)); !errors.Is(err, errFailing) {
		t.Errorf("got error %v", err)
	}
}
