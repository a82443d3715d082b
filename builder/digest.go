package main

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"

	"github.com/nix-community/go-nix/pkg/nixhash"
)

// digest passes on what is written to it, and hashes and counts it.
type digest struct {
	w    io.Writer
	hash hash.Hash
	size int64 // bytes
}

func newDigest(w io.Writer) *digest {
	return &digest{w: w, hash: sha256.New()}
}

func (d *digest) Write(b []byte) (int, error) {
	n, err := d.w.Write(b)
	d.hash.Write(b[:n])
	d.size += int64(n)
	return n, err
}

// sum returns the SHA-256 of all that was written, in the form that a narinfo
// has: sha256: and Nix's base 32.
func (d *digest) sum() *nixhash.HashWithEncoding {
	return nixhash.MustNewHashWithEncoding(nixhash.SHA256, d.hash.Sum(nil), nixhash.NixBase32, true)
}

// untilDone is a writer that fails once its context has ended, with the cause.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

func (u untilDone) Write(b []byte) (int, error) {
	if err := context.Cause(u.ctx); err != nil {
		return 0, err
	}
	return u.w.Write(b)
}
