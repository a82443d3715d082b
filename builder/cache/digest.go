package cache

import (
	"bytes"
	"crypto/sha256"
	"hash"

	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Digest is a writer that hashes and counts the bytes written to it.
type Digest struct {
	sha256 hash.Hash
	size   int64
}

// NewDigest returns a Digest of zero bytes.
func NewDigest() *Digest { return &Digest{sha256: sha256.New()} }

// Write hashes and counts b. It never fails.
func (d *Digest) Write(b []byte) (int, error) {
	d.size += int64(len(b))
	return d.sha256.Write(b)
}

// Size returns the number of bytes written.
func (d *Digest) Size() int64 { return d.size }

// Sum returns the SHA-256 of the bytes written. The String method of the result returns
// the form of the hashes in a narinfo: sha256: and Nix's base 32.
func (d *Digest) Sum() *nixhash.HashWithEncoding {
	return nixhash.MustNewHashWithEncoding(nixhash.SHA256, d.sha256.Sum(nil), nixhash.NixBase32, true)
}

// sameHash reports whether two hashes are equal, in any encoding.
func sameHash(a, b *nixhash.HashWithEncoding) bool {
	return a.Algo() == b.Algo() && bytes.Equal(a.Digest(), b.Digest())
}
