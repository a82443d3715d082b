package cache

import (
	"io"
	"path"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Archive is the file of one store path's NAR, to be written, or copied from an
// earlier cache, and then either published or discarded.
type Archive struct {
	dir       *Dir
	storeHash string // the hash in the name of the store path
	suffix    string // of the compression
	file      draft
	digest    *Digest // of the file
}

// Extras are the files that a store path may have in a cache beside its archive
// and its narinfo.
type Extras struct {
	// Listing is the listing of the archive, in JSON, or nil.
	Listing []byte
	// DebugFiles are the regular files of the archive below BuildIDDir, by their
	// paths in the archive.
	DebugFiles []string
}

// NewArchive creates the file for the store path whose name starts with hash.
// suffix is the compression's, such as ".zst".
func (d *Dir) NewArchive(hash, suffix string) (*Archive, error) {
	file, err := newDraft(d.file(path.Join(narDir, hash)))
	if err != nil {
		return nil, err
	}
	return &Archive{d, hash, suffix, file, NewDigest()}, nil
}

// Write appends to the file.
func (a *Archive) Write(b []byte) (int, error) {
	n, err := a.file.Write(b)
	_, _ = a.digest.Write(b[:n]) // cannot fail
	return n, err
}

// Digest is the digest of what was written so far.
func (a *Archive) Digest() *Digest { return a.digest }

// Publish puts the archive, its extras and its narinfo into the cache, the narinfo
// last. All of info has to be set but what it says of the file, which is set here.
func (a *Archive) Publish(info *narinfo.NarInfo, extras Extras) error {
	info.FileHash, info.FileSize = a.digest.Sum(), uint64(a.digest.Size())
	info.URL = path.Join(narDir, info.FileHash.Format(nixhash.NixBase32, false)+".nar"+a.suffix)
	if extras.Listing != nil {
		if err := a.dir.WriteFile(a.storeHash+listingSuffix, extras.Listing); err != nil {
			return err
		}
	}
	// NB: two store paths may share an archive; then the second replaces the
	// first by the same bytes.
	if err := a.file.finish(a.dir.file(info.URL)); err != nil {
		return err
	}
	a.dir.sums.add(info.URL, a.digest)
	a.dir.debugInfo.add(info, extras.DebugFiles)
	return a.dir.WriteFile(a.storeHash+narinfoSuffix, []byte(info.String()))
}

// Discard removes the file unless it was published.
func (a *Archive) Discard() { a.file.discard() }

// reset empties the file, to be written once more.
func (a *Archive) reset() error {
	a.digest = NewDigest()
	if _, err := a.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return a.file.Truncate(0)
}
