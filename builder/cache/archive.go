package cache

import (
	"io"
	"path"
	"path/filepath"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Archive is the file of one store path's NAR, to be written and then either
// published or discarded.
type Archive struct {
	draft
	dir    *Dir
	hash   string // of the store path
	suffix string // of the compression
}

// NewArchive creates the file for the store path whose name starts with hash.
// suffix is the compression's, such as ".zst".
func (d *Dir) NewArchive(hash, suffix string) (*Archive, error) {
	file, err := newDraft(filepath.Join(d.path, narDir, hash+draftSuffix))
	if err != nil {
		return nil, err
	}
	return &Archive{file, d, hash, suffix}, nil
}

// WriteListing writes the listing of the archive, in JSON, beside the narinfo
// that Publish is to write after it.
func (a *Archive) WriteListing(json []byte) error {
	return writeFile(filepath.Join(a.dir.path, a.hash+".ls"), json)
}

// Publish puts the archive and its narinfo into the cache. All of info has to
// be set but its URL, which is set here.
func (a *Archive) Publish(info *narinfo.NarInfo) error {
	info.URL = archiveURL(info.FileHash, a.suffix)
	// NB: two store paths may share an archive; then the second replaces the
	// first by the same bytes.
	if err := a.publish(filepath.Join(a.dir.path, info.URL)); err != nil {
		return err
	}
	return writeFile(filepath.Join(a.dir.path, a.hash+narinfoSuffix), []byte(info.String()))
}

// archiveURL is where an archive with that hash is in a cache.
func archiveURL(hash *nixhash.HashWithEncoding, suffix string) string {
	return path.Join(narDir, hash.Format(nixhash.NixBase32, false)+".nar"+suffix)
}

// Reset empties the archive, to be written once more.
func (a *Archive) Reset() error {
	if _, err := a.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return a.Truncate(0)
}

// Discard removes the file unless it was published.
func (a *Archive) Discard() { a.discard() }
