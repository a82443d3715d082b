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

// The tests of scheduling simulate, in virtual time, cores that take time to read and
// compress bytes. One byte in the simulation stands for 1 KiB of a NAR.
const (
	kib = 1
	mib = 1 << 10
	gib = 1 << 20
)

// rates has the block size of a codec, and the times that a core takes to read and to
// compress a MiB.
type rates struct {
	block          int64
	read, compress time.Duration // for a MiB
}

// These rates were measured on the benchmark's machine. The time to read includes hashing
// and writing.
var (
	simulatedZstd = rates{16 * mib, time.Millisecond, 4200 * time.Microsecond}
	simulatedXZ   = rates{96 * mib, time.Millisecond, 450 * time.Millisecond}
)

// simulatedCodec is a codec that takes virtual time to compress a block, but writes only
// a dot as its frame.
type simulatedCodec struct{ rates }

func (simulatedCodec) Suffix() string     { return "" }
func (s simulatedCodec) BlockSize() int64 { return s.block }
func (simulatedCodec) Memory() int64      { return 0 }

func (s simulatedCodec) NewWriter(_ context.Context, w io.Writer, _ int64) (io.WriteCloser, error) {
	return &simulatedWriter{s.rates, w}, nil
}

type simulatedWriter struct {
	rates
	w io.Writer
}

func (s *simulatedWriter) Write(b []byte) (int, error) {
	time.Sleep(s.compress * time.Duration(len(b)) / mib)
	return len(b), nil
}

func (s *simulatedWriter) Close() error {
	_, err := s.w.Write([]byte{'.'})
	return err
}

// simulate packs simulated NARs of these sizes. It returns the virtual time that this
// takes, and the number of completed NARs.
func simulate(t *testing.T, r rates, cores int, sizes []int64) (elapsed time.Duration, completed int64) {
	t.Helper()
	piece := make([]byte, mib)
	synctest.Test(t, func(t *testing.T) {
		s := newScheduler(simulatedCodec{r}, cores)
		var count atomic.Int64
		jobs := make([]job, len(sizes))
		for i, size := range sizes {
			jobs[i] = job{size, func(ctx context.Context, _ *nar.Dumper) error {
				blocks := s.newBlockWriter(ctx, "simulated", size, io.Discard, func() error { count.Add(1); return nil })
				for remaining := size; remaining > 0; remaining -= int64(len(piece)) {
					p := piece[:min(remaining, int64(len(piece)))]
					time.Sleep(r.read * time.Duration(len(p)) / mib)
					if _, err := blocks.Write(p); err != nil {
						return err
					}
				}
				return blocks.finish()
			}}
		}
		start := time.Now()
		if err := s.run(t.Context(), jobs); err != nil {
			t.Fatal(err)
		}
		elapsed, completed = time.Since(start), count.Load()
	})
	return elapsed, completed
}

// bound returns a lower bound for the time of any schedule: the time of all work spread
// evenly on the cores, or, if longer, the time in which one core reads the largest NAR.
func (r rates) bound(cores int, sizes []int64) time.Duration {
	var all, chain time.Duration
	for _, size := range sizes {
		all += (r.read + r.compress) * time.Duration(size) / mib
		chain = max(chain, r.read*time.Duration(size)/mib)
	}
	return max(all/time.Duration(cores), chain)
}

// spread returns n evenly spaced sizes from largest to smallest.
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
	{"one large among 2,000", slices.Concat([]int64{300 * mib}, slices.Repeat([]int64{15 * mib}, 2000))},
}

// The simulated time is near the lower bound. With -v, TestScheduling prints the rows of
// the table of simulated times in tests/bench/README.md.
func TestScheduling(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	for _, codec := range []struct {
		name string
		rates
	}{{"zstd", simulatedZstd}, {"xz", simulatedXZ}} {
		// No other worker can help to compress a NAR before its first block is read, nor
		// with its last block.
		blocks := 2 * (codec.read + codec.compress) * time.Duration(codec.block) / mib
		for _, closure := range closures {
			t.Run(codec.name+", "+closure.name, func(t *testing.T) {
				row := fmt.Sprintf("| %s | %s |", codec.name, closure.name)
				for _, cores := range []int{1, 2, 8, 16, 64, 128} {
					elapsed, completed := simulate(t, codec.rates, cores, closure.sizes)
					bound := codec.bound(cores, closure.sizes).Seconds()
					row += fmt.Sprintf(" %s s, %.2f |", seconds(elapsed), bound/elapsed.Seconds())
					if completed != int64(len(closure.sizes)) {
						t.Errorf("%d cores: %d NARs were completed, want %d", cores, completed, len(closure.sizes))
					}
					if least := 0.95; bound < least*(elapsed-blocks).Seconds() {
						t.Errorf("%d cores: took %s, %.3f of the bound, want %.2f", cores, elapsed, bound/elapsed.Seconds(), least)
					}
				}
				t.Log(row)
			})
		}
	}
}

// seconds formats d in seconds with three significant digits, or from 1000 s on with all
// digits before the point.
func seconds(d time.Duration) string {
	if d >= 100*time.Second {
		return fmt.Sprintf("%.0f", d.Seconds())
	}
	return fmt.Sprintf("%.3g", d.Seconds())
}
