package pack

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"mkbinarycache/builder/nar"
)

// What is simulated: cores that need time for bytes, and no bytes at all. A
// simulated byte stands for 1 KiB.
const (
	kib = 1
	mib = 1 << 10
	gib = 1 << 20
)

// rates are how long a core takes for a byte.
type rates struct {
	block          int64
	read, compress time.Duration // for a MiB
}

// As measured on the machine of the benchmark: reading, hashing and writing, and
// compressing.
var (
	simulatedZstd = rates{16 * mib, time.Millisecond, 4200 * time.Microsecond}
	simulatedXZ   = rates{96 * mib, time.Millisecond, 450 * time.Millisecond}
)

// sleeper is a codec that only takes time.
type sleeper struct{ rates }

func (sleeper) Suffix() string     { return "" }
func (s sleeper) BlockSize() int64 { return s.block }
func (sleeper) Memory() int64      { return 0 }

func (s sleeper) NewWriter(_ context.Context, w io.Writer, _ int64) (io.WriteCloser, error) {
	return &sleepingWriter{s.rates, w}, nil
}

type sleepingWriter struct {
	rates
	w io.Writer
}

func (s *sleepingWriter) Write(b []byte) (int, error) {
	time.Sleep(s.compress * time.Duration(len(b)) / mib)
	return len(b), nil
}

func (s *sleepingWriter) Close() error {
	_, err := s.w.Write([]byte{'.'})
	return err
}

// simulate packs NARs of these sizes, and returns how long it takes and how many
// of them were published.
func simulate(t *testing.T, r rates, cores int, sizes []int64) (took time.Duration, published int64) {
	t.Helper()
	piece := make([]byte, mib)
	synctest.Test(t, func(t *testing.T) {
		crew := newCrew(sleeper{r}, cores)
		crew.worthHelp = worthHelp(cores) * mib >> 20
		var count atomic.Int64
		items := make([]item, len(sizes))
		for i, size := range sizes {
			items[i] = item{size, func(ctx context.Context, _ *nar.Dumper) error {
				blocks := crew.compress(ctx, "simulated", size, io.Discard, func() error { count.Add(1); return nil })
				for left := size; left > 0; left -= int64(len(piece)) {
					p := piece[:min(left, int64(len(piece)))]
					time.Sleep(r.read * time.Duration(len(p)) / mib)
					if _, err := blocks.Write(p); err != nil {
						return err
					}
				}
				return blocks.end()
			}}
		}
		start := time.Now()
		if err := crew.run(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		took, published = time.Since(start), count.Load()
	})
	return took, published
}

// bound is what no order of the work can beat: all of it shared evenly, or reading
// and hashing the largest NAR, which one core does.
func (r rates) bound(cores int, sizes []int64) time.Duration {
	var all, chain time.Duration
	for _, size := range sizes {
		all += (r.read + r.compress) * time.Duration(size) / mib
		chain = max(chain, r.read*time.Duration(size)/mib)
	}
	return max(all/time.Duration(cores), chain)
}

func repeated(n int, size int64) []int64 { return slices.Repeat([]int64{size}, n) }

// spread returns n sizes from largest to smallest.
func spread(n int, largest, smallest int64) (sizes []int64) {
	for i := range int64(n) {
		sizes = append(sizes, largest-(largest-smallest)*i/int64(max(1, n-1)))
	}
	return sizes
}

var closures = []struct {
	name  string
	sizes []int64
}{
	{"20,000 small paths", spread(20_000, 4*mib, 1*kib)},
	{"20 large, little else", slices.Concat(spread(20, 600*mib, 205*mib), spread(800, 10*mib, 1*kib))},
	{"20 large and many small", slices.Concat(spread(20, 600*mib, 205*mib), spread(8_000, 10*mib, 1*kib))},
	{"one giant and many small", slices.Concat([]int64{40 * gib}, spread(8_000, 10*mib, 1*kib))},
	{"one giant", []int64{40 * gib}},
	{"one large among 2,000", slices.Concat([]int64{300 * mib}, repeated(2000, 15*mib))},
}

// TestScheduling simulates closures on many cores. The rows that it prints with -v
// are in tests/bench/README.md.
func TestScheduling(t *testing.T) {
	for _, codec := range []struct {
		name string
		rates
	}{{"zstd", simulatedZstd}, {"xz", simulatedXZ}} {
		// The first block has to be read before anyone can help, and the last is not shared.
		blocks := 2 * (codec.read + codec.compress) * time.Duration(codec.block) / mib
		for _, closure := range closures {
			t.Run(codec.name+", "+closure.name, func(t *testing.T) {
				row := fmt.Sprintf("| %s | %s |", codec.name, closure.name)
				for _, cores := range []int{1, 2, 8, 16, 64, 128} {
					took, published := simulate(t, codec.rates, cores, closure.sizes)
					bound := codec.bound(cores, closure.sizes).Seconds()
					row += fmt.Sprintf(" %s s, %.2f |", seconds(took), bound/took.Seconds())
					if published != int64(len(closure.sizes)) {
						t.Errorf("%d cores: %d NARs are published, want %d", cores, published, len(closure.sizes))
					}
					if least := 0.95; bound < least*(took-blocks).Seconds() {
						t.Errorf("%d cores: it takes %s and reaches %.3f of the bound, not %.2f", cores, took, bound/took.Seconds(), least)
					}
				}
				t.Log(row)
			})
		}
	}
}

// seconds has three digits that count, or more where there are thousands.
func seconds(d time.Duration) string {
	if d >= 100*time.Second {
		return fmt.Sprintf("%.0f", d.Seconds())
	}
	return fmt.Sprintf("%.3g", d.Seconds())
}
