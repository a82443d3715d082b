package pack

import "sync"

// rest is the bytes of a block that one worker reads and another one compresses,
// which begins before all are there.
type rest struct {
	mutex   sync.Mutex
	changed sync.Cond
	pieces  pieces
	ended   bool // whether no more will come
	whole   bool // whether that is because all are there
}

func newRest(pool *pool) *rest {
	r := &rest{pieces: pieces{pool: pool}}
	r.changed.L = &r.mutex
	return r
}

// add adds bytes.
func (r *rest) add(p []byte) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.pieces.add(p)
	r.changed.Signal()
}

// end says that no more will come.
func (r *rest) end(whole bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ended, r.whole = true, whole
	r.changed.Signal()
}

// take returns the next piece. It waits for one, and returns nil at the end.
func (r *rest) take() []byte {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for {
		if piece := r.pieces.take(); piece != nil || r.ended {
			return piece
		}
		r.changed.Wait()
	}
}
