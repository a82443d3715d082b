package pack

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
)

// blocksPerWorker is the number of block buffers for each worker. With only one buffer
// per worker, 64 workers on 20 large NARs take up to a third longer.
const blocksPerWorker = 2

// scheduler runs one worker per core over a job queue. A worker reads, hashes and
// compresses one NAR after another, the largest first. While more bytes of a NAR remain
// than a core's fair share of the remaining bytes of all NARs, the worker only reads the
// NAR into block buffers and offers these to all workers.
//
// The number of buffers bounds the memory (back-pressure): without a free buffer, a worker
// compresses offered blocks before it reads more of its NAR.
type scheduler struct {
	codec     codec.Codec
	cores     int
	fail      context.CancelCauseFunc // ends all workers
	jobs      chan job                // jobs not started, largest NAR first; closed
	offered   chan *block             // full buffers; closed after the last job
	free      chan *block             // the buffer pool: empty buffers
	running   atomic.Int64            // jobs that are not finished
	remaining atomic.Int64            // bytes that are not in a block yet, of all NARs
}

// job packs one store path, except for the blocks that it offers to all workers.
type job struct {
	narSize int64
	run     func(context.Context, *nar.Dumper) error
}

// newScheduler returns a scheduler. The codec c may be nil if no job makes a blockWriter.
func newScheduler(c codec.Codec, cores int) *scheduler {
	buffers := blocksPerWorker * cores
	s := &scheduler{codec: c, cores: cores, offered: make(chan *block, buffers), free: make(chan *block, buffers)}
	for range buffers {
		s.free <- &block{}
	}
	return s
}

// run runs the jobs, which must be in the order of their NAR sizes, largest first. It
// returns the first error of a job, or the cause of ctx if ctx ends.
func (s *scheduler) run(ctx context.Context, jobs []job) error {
	ctx, s.fail = context.WithCancelCause(ctx)
	defer s.fail(nil)
	s.jobs = make(chan job, len(jobs))
	for _, j := range jobs {
		s.jobs <- j
		s.remaining.Add(j.narSize)
	}
	close(s.jobs)
	s.running.Store(int64(len(jobs)))
	if len(jobs) == 0 {
		close(s.offered)
	}
	var workers sync.WaitGroup
	for range s.cores {
		workers.Go(func() { s.work(ctx) })
	}
	workers.Wait()
	return context.Cause(ctx)
}

// work compresses offered blocks and runs jobs until ctx ends, or until the last job has
// closed the channel of offered blocks. Blocks come before jobs, because the frames of
// later blocks wait for them in buffers.
func (s *scheduler) work(ctx context.Context) {
	dumper := nar.NewDumper()
	jobs := s.jobs
	for ctx.Err() == nil {
		var b *block
		select {
		case b = <-s.offered:
		default:
			select {
			case b = <-s.offered:
			case j, ok := <-jobs:
				if ok {
					s.runJob(ctx, j, dumper)
				} else {
					jobs = nil // never ready
				}
				continue
			case <-ctx.Done():
			}
		}
		if b == nil {
			return
		}
		s.compress(ctx, b)
	}
}

func (s *scheduler) runJob(ctx context.Context, j job, dumper *nar.Dumper) {
	s.remaining.Add(-j.narSize) // until a blockWriter adds them
	if err := j.run(ctx, dumper); err != nil {
		s.fail(err)
	}
	if s.running.Add(-1) == 0 {
		close(s.offered)
	}
}

// compress compresses an offered block, and writes the frames that can then be written in
// order.
func (s *scheduler) compress(ctx context.Context, b *block) {
	err := b.compress(ctx, s.codec)
	if err == nil {
		err = b.parent.frameComplete(b)
	}
	if err != nil {
		s.fail(fmt.Errorf("%s: %w", b.parent.name, err))
	}
}

// buffer waits for a free buffer, and meanwhile compresses offered blocks.
func (s *scheduler) buffer(ctx context.Context) (*block, error) {
	for {
		select {
		case b := <-s.free:
			return b, nil
		default:
		}
		select {
		case b := <-s.free:
			return b, nil
		case b := <-s.offered:
			s.compress(ctx, b)
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
