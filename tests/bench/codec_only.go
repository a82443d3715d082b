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

// compressAll compresses the blocks of the archives on all cores, and returns the
// size of the frames.
func compressAll(ctx context.Context, archives [][]byte, cores int) (int64, error) {
	compression, err := codec.New("zstd", nil)
	if err != nil {
		return 0, err
	}
	var size counter
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cores)
	for _, archive := range archives {
		for block := range slices.Chunk(archive, int(compression.BlockSize())) {
			group.Go(func() error { return compress(ctx, compression, &size, block) })
		}
	}
	err = group.Wait()
	return size.Load(), err
}

func compress(ctx context.Context, c codec.Codec, w io.Writer, block []byte) error {
	compressor, err := c.NewWriter(ctx, w, int64(len(block)))
	if err != nil {
		return err
	}
	_, err = compressor.Write(block)
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
