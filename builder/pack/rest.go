package pack

import "sync"

// rest is the bytes of a block that one worker reads and another one compresses,
// which begins before all are there.
type rest struct {
	mutex   sync.Mutex
	changed sync.Cond
	buffer  []byte // grows, but never moves
	ended   bool   // whether no more will come
	whole   bool   // whether that is because all are there
}

// newRest returns a rest that is kept in the buffer, which has to be large enough.
func newRest(buffer []byte) *rest {
	r := &rest{buffer: buffer}
	r.changed.L = &r.mutex
	return r
}

// add adds bytes.
func (r *rest) add(p []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.buffer = append(r.buffer, p...)
	r.changed.Signal()
}

// end says that no more will come.
func (r *rest) end(whole bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ended, r.whole = true, whole
	r.changed.Signal()
}

// after returns the bytes after the first n. It waits for some, and returns none
// at the end.
func (r *rest) after(n int) []byte {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for len(r.buffer) == n && !r.ended {
		r.changed.Wait()
	}
	return r.buffer[n:]
}
