package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"sync"
)

const sumsFile = "SHA256SUMS"

// sums are the SHA-256 of the files that were written, by their names.
//
// NB: a file is hashed as it is written, an archive once for its name, too. So no
// file is read for it.
type sums struct {
	sync.Mutex
	of map[string][sha256.Size]byte // nil where nobody wants them
}

func (s *sums) wanted() bool { return s.of != nil }

func (s *sums) add(name string, digest *Digest) {
	if !s.wanted() {
		return
	}
	s.Lock()
	defer s.Unlock()
	s.of[name] = [sha256.Size]byte(digest.Sum().Digest())
}

// String is what sha256sum --check takes, in the order of the names.
func (s *sums) String() string {
	s.Lock()
	defer s.Unlock()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.of)) {
		sum := s.of[name]
		text.WriteString(hex.EncodeToString(sum[:]) + "  " + name + "\n")
	}
	return text.String()
}

// SumFiles lets Finish write SHA256SUMS, of all files that are written from now on.
func (d *Dir) SumFiles() { d.sums.of = map[string][sha256.Size]byte{} }

// writeSums writes SHA256SUMS, if that is wanted: of what there is, and of the file
// that is written after it, which makes the cache whole.
func (d *Dir) writeSums(lastName, lastText string) error {
	if !d.sums.wanted() {
		return nil
	}
	digest := NewDigest()
	_, _ = digest.Write([]byte(lastText)) // cannot fail
	d.sums.add(lastName, digest)
	return d.WriteFile(sumsFile, []byte(d.sums.String()))
}
