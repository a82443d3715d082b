package pack

import "sync"

// pieceSize is how many bytes a piece has room for: a few of them fit into the
// caches of a core.
const pieceSize = 256 << 10

// pool has pieces of memory, to be used again and again: as garbage, they would be
// many times what is in use.
type pool struct {
	mutex sync.Mutex
	free  [][]byte
}

// get returns an empty piece.
func (p *pool) get() []byte {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if n := len(p.free); n > 0 {
		last := p.free[n-1]
		p.free = p.free[:n-1]
		return last
	}
	return make([]byte, 0, pieceSize)
}

// put takes back what get returned.
func (p *pool) put(piece []byte) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.free = append(p.free, piece[:0])
}

// pieces is bytes that wait for somebody to take them, in pieces of the pool.
type pieces struct {
	pool *pool
	list [][]byte
}

// add adds a copy of b.
func (q *pieces) add(b []byte) {
	for len(b) > 0 {
		last := len(q.list) - 1
		if last < 0 || len(q.list[last]) == pieceSize {
			q.list = append(q.list, q.pool.get())
			continue
		}
		n := min(len(b), pieceSize-len(q.list[last]))
		q.list[last] = append(q.list[last], b[:n]...)
		b = b[n:]
	}
}

// take removes the first piece and returns it, nil if there is none. Whoever takes
// it puts it back into the pool.
func (q *pieces) take() []byte {
	if len(q.list) == 0 {
		return nil
	}
	first := q.list[0]
	q.list = q.list[1:]
	return first
}
