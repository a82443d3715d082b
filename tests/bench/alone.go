package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
)

// compressAlone compresses the NARs of a closure from memory to nowhere, as the
// builder would, and prints a sample of what that took. It is the limit of what
// a builder can reach: nothing is read, hashed or written.
func compressAlone(ctx context.Context, attrs string) error {
	c, err := readClosure(attrs)
	if err != nil {
		return err
	}
	archives, err := c.load()
	if err != nil {
		return err
	}
	runtime.GC() // now, not while time is taken
	start, used := time.Now(), cpuTime()
	size, err := compressAll(ctx, archives, runtime.NumCPU())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(sample{Wall: time.Since(start), CPU: cpuTime() - used, Bytes: size})
}

// load returns the NARs, largest first.
func (c *closure) load() ([][]byte, error) {
	dumper := nar.NewDumper()
	var archives [][]byte
	for _, p := range c.graph.Paths {
		archive := bytes.NewBuffer(make([]byte, 0, p.NarSize))
		if err := dumper.Dump(archive, p.Path); err != nil {
			return nil, err
		}
		archives = append(archives, archive.Bytes())
	}
	slices.SortFunc(archives, func(a, b []byte) int { return cmp.Compare(len(b), len(a)) })
	return archives, nil
}

// compressAll returns the size of the compressed archives. Like the builder, it
// has a worker for each core, and one more for archives that take all cores.
func compressAll(ctx context.Context, archives [][]byte, cores int) (int64, error) {
	compression, err := codec.New("zstd", nil, cores)
	if err != nil {
		return 0, err
	}
	large := 0
	for large < len(archives) && compression.Parallel(int64(len(archives[large]))) {
		large++
	}
	var size counter
	group, ctx := errgroup.WithContext(ctx)
	pack := func(archive []byte) error { return compress(ctx, compression, &size, archive) }
	share(group, 1, archives[:large], pack)
	share(group, cores, archives[large:], pack)
	err = group.Wait()
	return size.Load(), err
}

// share lets workers do the items in their order.
func share[T any](group *errgroup.Group, workers int, items []T, do func(T) error) {
	var taken atomic.Int64
	for range workers {
		group.Go(func() error {
			for {
				i := taken.Add(1) - 1
				if i >= int64(len(items)) {
					return nil
				}
				if err := do(items[i]); err != nil {
					return err
				}
			}
		})
	}
}

func compress(ctx context.Context, c codec.Codec, w io.Writer, archive []byte) error {
	compressor, err := c.NewWriter(ctx, w, int64(len(archive)))
	if err != nil {
		return err
	}
	_, err = compressor.Write(archive)
	return cmp.Or(err, compressor.Close())
}

// counter is a writer that only counts, for all archives at once.
type counter struct{ atomic.Int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.Add(int64(len(b)))
	return len(b), nil
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // cannot fail
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
