package pack

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
)

// crew is the workers, one for each core, and what they have to do.
//
// A worker takes the next store path and reads, hashes and compresses its NAR.
// When another worker has nothing else to do, the rest of the block at hand is not
// compressed but read into memory and left to that one, and so on with the blocks
// that follow. So all cores work on the last NARs, each of which one worker reads;
// and with a NAR that would take longer than all else, some help from the start.
type crew struct {
	codec     codec.Codec
	cores     int
	worthHelp int64 // bytes that have to be left of a NAR for others to help
	pool      *pool

	wanted atomic.Bool // whether a worker would take a whole block, to look at without the mutex

	mutex   sync.Mutex
	changed sync.Cond // anything below
	queue   []item    // largest first
	open    []*blocks // NARs with bytes after their current block
	unread  int64     // bytes of NARs in queue and open
	ready   []*block  // that are left to whoever comes first, and may still be read
	helping int       // workers with such a block
	idle    int       // workers that wait
	packing int       // workers with a store path
	stopped bool
}

// item is a store path to be packed.
type item struct {
	size int64 // of the NAR
	pack func(context.Context, *nar.Dumper) error
}

func newCrew(c codec.Codec, cores int) *crew {
	crew := &crew{codec: c, cores: cores, worthHelp: worthHelp(cores), pool: &pool{}}
	crew.changed.L = &crew.mutex
	return crew
}

// run lets the workers pack all items, which have to be in the order of their
// sizes, the largest first. It returns the first error, or the cause of the end of
// ctx.
func (c *crew) run(ctx context.Context, items []item) error {
	c.queue = items
	for _, item := range items {
		c.unread += item.size
	}
	group, groupCtx := errgroup.WithContext(ctx)
	defer context.AfterFunc(groupCtx, c.stop)()
	for range c.cores {
		group.Go(func() error { return c.work(groupCtx) })
	}
	err := group.Wait()
	for _, k := range c.ready {
		k.discard()
	}
	return err
}

// work is what a worker does until there is nothing left.
func (c *crew) work(ctx context.Context) error {
	dumper := nar.NewDumper()
	for task := c.next(); task != nil; task = c.next() {
		if err := task(ctx, dumper); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// next returns what a worker is to do now, nil if there is nothing left. It waits
// where a block is soon to come.
func (c *crew) next() func(context.Context, *nar.Dumper) error {
	c.mutex.Lock()
	defer c.unlock()
	for {
		switch {
		case c.stopped:
			return nil
		case len(c.ready) > 0:
			k := c.takeReady()
			return func(context.Context, *nar.Dumper) error { return c.help(k) }
		case len(c.queue) > 0 && c.helping+c.idle >= c.helpersWanted():
			first := c.begin()
			return func(ctx context.Context, dumper *nar.Dumper) error { return c.pack(ctx, dumper, first) }
		case len(c.queue) == 0 && c.packing == 0:
			return nil
		}
		c.wait()
	}
}

// begin takes the next store path.
func (c *crew) begin() item {
	first := c.queue[0]
	c.queue = c.queue[1:]
	c.unread -= first.size
	c.packing++
	return first
}

// pack packs a store path that was begun.
func (c *crew) pack(ctx context.Context, dumper *nar.Dumper, first item) error {
	err := first.pack(ctx, dumper)
	c.mutex.Lock()
	defer c.unlock()
	c.packing--
	return err
}

// opened adds a NAR, none of which has been read.
func (c *crew) opened(b *blocks) {
	c.mutex.Lock()
	defer c.unlock()
	c.open = append(c.open, b)
	c.unread += b.left
}

// begun returns the size of the next block of a NAR, 0 when there is none.
func (c *crew) begun(b *blocks) int64 {
	c.mutex.Lock()
	defer c.unlock()
	size := min(c.codec.BlockSize(), b.left)
	b.left -= size
	c.unread -= size
	if b.left == 0 {
		c.open = slices.DeleteFunc(c.open, func(other *blocks) bool { return other == b })
	}
	return size
}

// stop lets all workers end.
func (c *crew) stop() {
	c.mutex.Lock()
	defer c.unlock()
	c.stopped = true
}

// wait waits until something changes.
func (c *crew) wait() {
	c.idle++
	c.wanted.Store(c.wantsBlock(true))
	c.changed.Wait()
	c.idle--
}

// unlock ends a change.
func (c *crew) unlock() {
	c.wanted.Store(c.wantsBlock(true))
	if c.idle > 0 {
		c.changed.Broadcast()
	}
	c.mutex.Unlock()
}
