package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
)

// brackets is a codec that puts each block into brackets.
type brackets struct{ block int64 }

func (brackets) Suffix() string     { return "" }
func (b brackets) BlockSize() int64 { return b.block }
func (brackets) Memory() int64      { return 0 }

func (brackets) NewWriter(_ context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	_, err := fmt.Fprint(w, size, "[")
	return bracket{w}, err
}

type bracket struct{ io.Writer }

func (b bracket) Close() error {
	_, err := b.Write([]byte("]"))
	return err
}

// packTexts compresses texts with workers that help each other, and returns what
// becomes of them. pause is what each piece of a text takes to read.
func packTexts(ctx context.Context, c *crew, texts []string, pause time.Duration) ([]string, error) {
	outs := make([]bytes.Buffer, len(texts))
	packed := make([]string, len(texts))
	items := make([]item, len(texts))
	for i, text := range texts {
		items[i] = item{int64(len(text)), func(ctx context.Context, _ *nar.Dumper) error {
			blocks := c.compress(ctx, fmt.Sprint("text ", i), int64(len(text)), &outs[i], func() error {
				packed[i] = outs[i].String()
				return nil
			})
			defer blocks.abandon()
			for piece := range strings.SplitAfterSeq(text, " ") {
				time.Sleep(pause)
				if _, err := blocks.Write([]byte(piece)); err != nil {
					return err
				}
			}
			return blocks.end()
		}}
	}
	return packed, c.run(ctx, items)
}

// Whoever compresses a block, and whatever the pieces are that a NAR comes in, the
// frames are the same and in their order.
func TestFrames(t *testing.T) {
	texts := []string{strings.Repeat("one two three four five six seven ", 300), "a block or two", "small", "", strings.Repeat("x", 20)}
	want := []string{"", "10[a block or]4[ two]", "5[small]", "", "10[xxxxxxxxxx]10[xxxxxxxxxx]"}
	for text := texts[0]; text != ""; text = text[10:] {
		want[0] += "10[" + text[:10] + "]"
	}
	for _, cores := range []int{1, 2, 3, 8, 64} {
		c := newCrew(brackets{10}, cores)
		c.worthHelp = 0
		got, err := packTexts(t.Context(), c, texts, time.Microsecond)
		if err != nil {
			t.Fatal(err)
		}
		for i := range texts {
			if got[i] != want[i] {
				t.Errorf("%d cores, text %d: got %.100q, want %.100q", cores, i, got[i], want[i])
			}
		}
	}
}

// troubled is a codec for whose nth block something happens first, which may fail.
type troubled struct {
	codec.Codec
	n       int64
	happens func() error
	seen    atomic.Int64
}

func (c *troubled) NewWriter(ctx context.Context, w io.Writer, size int64) (io.WriteCloser, error) {
	if c.seen.Add(1) == c.n {
		if err := c.happens(); err != nil {
			return nil, err
		}
	}
	return c.Codec.NewWriter(ctx, w, size)
}

// A block that takes long does not let frames and blocks pile up behind it: their
// number depends on the cores alone.
func TestMemoryIsBounded(t *testing.T) {
	const cores = 4
	text := strings.Repeat(strings.Repeat("x", mib-1)+" ", 10_000)
	lag := func() error { time.Sleep(time.Hour); return nil }
	for n := range int64(10) { // whether it is the one that reads who has the block, or another
		synctest.Test(t, func(t *testing.T) {
			c := newCrew(&troubled{Codec: sleeper{simulatedZstd}, n: n + 1, happens: lag}, cores)
			c.worthHelp = 0
			if _, err := packTexts(t.Context(), c, []string{text}, 0); err != nil {
				t.Fatal(err)
			}
			if got := len(c.pool.free); got == 0 || got > 4*cores {
				t.Errorf("block %d takes long: there were %d pieces, want up to %d", n, got, 4*cores)
			}
		})
	}
}

var errCodec = errors.New("no space left")

// Whichever block fails, and whoever had it, all end, and the error tells of what
// it is.
func TestBlockFails(t *testing.T) {
	text := strings.Repeat("one two three four five six seven ", 30)
	fail := func() error { return errCodec }
	for _, cores := range []int{1, 2, 8} {
		for n := range int64(100) {
			c := newCrew(&troubled{Codec: brackets{10}, n: n + 1, happens: fail}, cores)
			c.worthHelp = 0
			_, err := packTexts(t.Context(), c, []string{text, text}, 0)
			if !errors.Is(err, errCodec) {
				t.Errorf("%d cores, block %d: got error %v", cores, n, err)
			}
		}
	}
}

// The end of a context ends those that wait, too.
func TestStopped(t *testing.T) {
	stopped := errors.New("stopped by signal: terminated")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		c := newCrew(sleeper{simulatedZstd}, 8)
		c.worthHelp = 0
		items := []item{{1 << 40, func(ctx context.Context, _ *nar.Dumper) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}}
		time.AfterFunc(time.Hour, func() { cancel(stopped) })
		if err := c.run(ctx, items); !errors.Is(err, stopped) {
			t.Errorf("got error %v, want %v", err, stopped)
		}
	})
}

// A NAR that is shorter than Nix registered is not published, and one that is longer
// does not grow beyond it.
func TestNARofAnotherSize(t *testing.T) {
	for size, want := range map[int64]string{3: "3[abc]", 5: "", 7: ""} {
		c := newCrew(brackets{10}, 1)
		var out bytes.Buffer
		blocks := c.compress(t.Context(), "text", size, &out, func() error { return nil })
		if _, err := blocks.Write([]byte("abcd")); err != nil {
			t.Fatal(err)
		}
		if err := blocks.end(); (err == nil) != (want != "") || err == nil && out.String() != want {
			t.Errorf("%d bytes: got %q, %v, want %q", size, out.String(), err, want)
		}
	}
}
