package cache

import (
	"bytes"
	"crypto/sha256"
	"hash"

	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Digest is a writer that hashes and counts what is written to it.
type Digest struct {
	sha256 hash.Hash
	size   int64
}

// NewDigest returns the digest of nothing.
func NewDigest() *Digest { return &Digest{sha256: sha256.New()} }

// Write takes all of b.
func (d *Digest) Write(b []byte) (int, error) {
	d.size += int64(len(b))
	return d.sha256.Write(b)
}

// Size is the number of bytes so far.
func (d *Digest) Size() int64 { return d.size }

// Sum is the SHA-256 of all bytes so far, in the form that a narinfo has: sha256:
// and Nix's base 32.
func (d *Digest) Sum() *nixhash.HashWithEncoding {
	return nixhash.MustNewHashWithEncoding(nixhash.SHA256, d.sha256.Sum(nil), nixhash.NixBase32, true)
}

// is tells whether the digest is that of size bytes with that hash.
func (d *Digest) is(hash *nixhash.HashWithEncoding, size uint64) bool {
	return uint64(d.size) == size && sameHash(d.Sum(), hash)
}

// sameHash tells whether two hashes are the same, in whatever encoding.
func sameHash(a, b *nixhash.HashWithEncoding) bool {
	return a.Algo() == b.Algo() && bytes.Equal(a.Digest(), b.Digest())
}
