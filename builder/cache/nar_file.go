package cache

import (
	"io"
	"path"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// NarFile is the compressed NAR of one store path. It is written, or copied from
// a previous cache, and then either published or discarded.
type NarFile struct {
	dir       *Dir
	storeHash string // hash part of the store path
	suffix    string // of the compression
	file      tempFile
	digest    *Digest // of the file
}

// Extras are the optional files of a store path.
type Extras struct {
	// Listing is the NAR listing in JSON, or nil.
	Listing []byte
	// DebugFiles are the paths in the NAR of the regular files below BuildIDDir.
	DebugFiles []string
}

// NewNarFile creates the NAR file of the store path with that hash part. suffix
// is the compression's, such as ".zst".
func (d *Dir) NewNarFile(hash, suffix string) (*NarFile, error) {
	file, err := newTempFile(d.pathOf(path.Join(narDir, hash)))
	if err != nil {
		return nil, err
	}
	return &NarFile{d, hash, suffix, file, NewDigest()}, nil
}

// Write appends to the file.
func (f *NarFile) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	_, _ = f.digest.Write(b[:n]) // cannot fail
	return n, err
}

// Digest returns the digest of the bytes written so far.
func (f *NarFile) Digest() *Digest { return f.digest }

// Publish adds the NAR file, the extras and the narinfo to the cache, the narinfo
// last. It sets the file fields of info, the caller the others.
func (f *NarFile) Publish(info *narinfo.NarInfo, extras Extras) error {
	info.FileHash, info.FileSize = f.digest.Sum(), uint64(f.digest.Size())
	info.URL = path.Join(narDir, info.FileHash.Format(nixhash.NixBase32, false)+".nar"+f.suffix)
	if extras.Listing != nil {
		if err := f.dir.WriteFile(f.storeHash+listingSuffix, extras.Listing); err != nil {
			return err
		}
	}
	// NB: two store paths may have the same NAR file; then the second replaces the
	// first with the same bytes.
	if err := f.file.commit(f.dir.pathOf(info.URL)); err != nil {
		return err
	}
	f.dir.addChecksum(info.URL, f.digest)
	f.dir.addDebugInfo(info, extras.DebugFiles)
	return f.dir.WriteFile(f.storeHash+narinfoSuffix, []byte(info.String()))
}

// Discard removes the file unless it was published.
func (f *NarFile) Discard() { f.file.discard() }

// truncate empties the file.
func (f *NarFile) truncate() error {
	f.digest = NewDigest()
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return f.file.Truncate(0)
}
