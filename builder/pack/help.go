package pack

import "math"

// worthHelp is how many bytes have to be left of a NAR, after the current block, for
// others to begin to help: with up to eight cores 64 MiB, which one core compresses in
// a third of a second at the default level, while blocks would be as much again in
// memory; with more cores less, for all else is done sooner.
func worthHelp(cores int) int64 {
	return min(64<<20, 512<<20/int64(cores))
}

// help finishes a block that was taken.
func (c *crew) help(k *block) error {
	err := k.finish()
	c.mutex.Lock()
	defer c.unlock()
	c.helping--
	return err
}

// helpersWanted is how many workers should rather help than begin with another
// NAR: one for each share of a core, of all that is to be read, that a NAR has
// beyond the first. One worker is left to the other NARs, so that what is wrong with
// them is not found late.
func (c *crew) helpersWanted() (n int) {
	for _, b := range c.open {
		if c.isWorthHelp(b) {
			n += max(0, int(math.Ceil(c.shares(b)))-1)
		}
	}
	return min(n, c.cores-2)
}

// isWorthHelp tells whether others may help with b. Once they do, the memory for it is
// there, and they go on; but the last block is for whoever reads it, who is free then.
func (c *crew) isWorthHelp(b *blocks) bool {
	return b.left >= c.worthHelp || b.helped && b.left > 0
}

// shares is how many cores would be busy for the same time with what is left of b,
// if all were busy to the end.
func (c *crew) shares(b *blocks) float64 {
	return float64(b.left) * float64(c.cores) / float64(c.unread)
}

// wantsBlock tells whether a worker would take a block: one that waits for it, or,
// if the block is whole, one that will come back from another. The rest of a block
// that was begun costs more, for its compressor goes from core to core; but where many
// help, whoever reads had better do nothing else.
func (c *crew) wantsBlock(whole bool) bool {
	reserve := 0
	if whole || c.helping >= 4 {
		reserve = min(1, c.idle+c.helping)
	}
	return len(c.ready) < c.idle+reserve
}

// leave leaves what is to come of k to another worker, if one wants it.
func (c *crew) leave(k *block) bool {
	if !c.wanted.Load() {
		return false
	}
	c.mutex.Lock()
	defer c.unlock()
	b := k.of
	if !c.wantsBlock(k.compressor == nil) || !c.isWorthHelp(b) || len(c.queue) > 0 && c.shares(b) <= 1 {
		return false
	}
	b.helped = true
	k.rest = newRest(c.pool)
	c.ready = append(c.ready, k)
	return true
}

// takeReady takes the block that waits for the longest time.
func (c *crew) takeReady() *block {
	k := c.ready[0]
	c.ready = c.ready[1:]
	c.helping++
	return k
}

// keepPace waits while too many frames wait for an earlier one, so that the memory
// that they take has a bound. Meanwhile, it does what others wait for.
func (c *crew) keepPace(b *blocks) error {
	c.mutex.Lock()
	defer c.unlock()
	for b.out.waiting() > 2*c.cores && !c.stopped {
		if len(c.ready) == 0 {
			c.wait()
			continue
		}
		k := c.takeReady()
		c.unlock()
		err := c.help(k)
		c.mutex.Lock()
		if err != nil {
			return err
		}
	}
	return nil
}
