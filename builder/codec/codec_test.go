package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// sample returns size bytes of words from a vocabulary, which compress well.
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

func mustNew(t testing.TB, name string) Codec {
	t.Helper()
	c, err := New(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compress writes data in pieces, as a NAR is written.
func compress(t testing.TB, c Codec, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := c.NewWriter(context.Background(), &b, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for piece := data; len(piece) > 0; {
		n, err := w.Write(piece[:min(len(piece), 200_000)])
		if err != nil {
			t.Fatal(err)
		}
		piece = piece[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// decompress runs the tools that users have, so that it is their word that
// counts.
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
	for _, name := range []string{"zstd", "xz"} {
		for _, size := range []int{1, 112, 1 << 20, 5<<20 + 3} {
			c := mustNew(t, name)
			if data := sample(size); !bytes.Equal(decompress(t, name, compress(t, c, data)), data) {
				t.Errorf("%s: %d bytes did not come back", name, size)
			}
		}
	}
}

func TestSuffix(t *testing.T) {
	for name, want := range map[string]string{"zstd": ".zst", "xz": ".xz"} {
		if got := mustNew(t, name).Suffix(); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestUnknownCompression(t *testing.T) {
	for _, name := range []string{"", "ZSTD", "bzip2"} {
		if _, err := New(name, nil); err == nil || !strings.Contains(err.Error(), `"`+name+`"`) {
			t.Errorf("%q: got error %v", name, err)
		}
	}
}

// An encoder that is used again gives the same bytes as a new one, also after
// it was left in the middle of something else.
func TestReuse(t *testing.T) {
	for _, size := range []int{1000, zstdBlock} {
		c := mustNew(t, "zstd")
		data := sample(size)
		want := compress(t, c, data)
		w, err := c.NewWriter(context.Background(), failing{}, int64(size))
		if err != nil {
			t.Fatal(err)
		}
		_, writeErr := w.Write(data)
		if err := errors.Join(writeErr, w.Close()); !errors.Is(err, errFailing) {
			t.Errorf("%d bytes to a writer that fails: got error %v", size, err)
		}
		for range 3 {
			if !bytes.Equal(compress(t, c, data), want) {
				t.Errorf("%d bytes: other bytes the second time", size)
			}
		}
	}
}

var errFailing = errors.New("no space left")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFailing }

// A frame says how large its content is, which lets readers allocate at once.
func TestZstdFrame(t *testing.T) {
	for _, size := range []int{1000, 1 << 20, zstdBlock} {
		var header zstd.Header
		compressed := compress(t, mustNew(t, "zstd"), sample(size))
		if err := header.Decode(compressed); err != nil {
			t.Fatal(err)
		}
		if !header.HasFCS || header.FrameContentSize != uint64(size) {
			t.Errorf("%d bytes: the frame says %d (%v)", size, header.FrameContentSize, header.HasFCS)
		}
	}
}

func TestXZIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := New("xz", nil); err == nil || !strings.Contains(err.Error(), "needs the xz tool") {
		t.Errorf("got error %v", err)
	}
}

// What xz says of its failure must come out, not only the broken pipe.
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
	w, err := mustNew(t, "xz").NewWriter(context.Background(), failing{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, writeErr := w.Write(sample(1 << 20))
	if err := errors.Join(writeErr, w.Close()); !errors.Is(err, errFailing) {
		t.Errorf("got error %v", err)
	}
}

func BenchmarkZstd(b *testing.B) {
	for _, size := range []int{1 << 10, 1 << 20, zstdBlock} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			c, data := mustNew(b, "zstd"), sample(size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				w, err := c.NewWriter(b.Context(), io.Discard, int64(size))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := w.Write(data); err != nil {
					b.Fatal(err)
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
