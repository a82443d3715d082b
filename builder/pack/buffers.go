package pack

import "sync"

// buffers has room for blocks and for frames, to be used again and again: as
// garbage, it would be many times what is in use.
type buffers struct {
	size  int64 // of a block
	mutex sync.Mutex
	free  [][]byte
}

// get returns an empty slice.
func (b *buffers) get() []byte {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if n := len(b.free); n > 0 {
		last := b.free[n-1]
		b.free = b.free[:n-1]
		return last
	}
	return make([]byte, 0, b.size)
}

// put takes back what get returned, if it was used at all.
func (b *buffers) put(used []byte) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if used != nil {
		b.free = append(b.free, used[:0])
	}
}
