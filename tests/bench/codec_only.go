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

// codecOnly compresses the NARs of a closure with the builder's encoder and prints the
// sample. Its speed is the upper bound for a builder: the NARs are in memory, nothing is
// hashed, and the output is discarded.
func codecOnly(ctx context.Context, attrs string) error {
	c, err := readClosure(attrs)
	if err != nil {
		return err
	}
	nars, err := c.load()
	if err != nil {
		return err
	}
	runtime.GC() // not during the measurement
	start, used := time.Now(), cpuTime()
	size, err := compressAll(ctx, nars, runtime.NumCPU())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(sample{Wall: time.Since(start), CPU: cpuTime() - used, Bytes: size})
}

// load returns the NARs, largest first.
func (c *closure) load() ([][]byte, error) {
	dumper := nar.NewDumper()
	var nars [][]byte
	for _, p := range c.graph.Paths {
		buf := bytes.NewBuffer(make([]byte, 0, p.NarSize))
		if err := dumper.Dump(buf, p.Path); err != nil {
			return nil, err
		}
		nars = append(nars, buf.Bytes())
	}
	slices.SortFunc(nars, func(a, b []byte) int { return cmp.Compare(len(b), len(a)) })
	return nars, nil
}

// compressAll compresses the blocks of the NARs on all cores and returns the total
// size of the frames.
func compressAll(ctx context.Context, nars [][]byte, cores int) (int64, error) {
	compression, err := codec.New("zstd", nil)
	if err != nil {
		return 0, err
	}
	var size counter
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(cores)
	for _, nar := range nars {
		for block := range slices.Chunk(nar, int(compression.BlockSize())) {
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

// counter is a writer that counts the bytes; safe for concurrent use.
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
