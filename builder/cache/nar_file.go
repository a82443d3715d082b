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
	hashedFile
	dir       *Dir
	storeHash string // hash part of the store path
	suffix    string // of the compression
	patch     *Patch // or nil
}

// hashedFile is a temporary file with the digest of the bytes written to it.
type hashedFile struct {
	file   tempFile
	digest *Digest
}

// Extras has the data of the optional files that a cache has for a store path.
type Extras struct {
	// Listing is the NAR listing in JSON, or nil.
	Listing []byte
	// DebugFiles are the paths, relative to the root of the NAR, of the regular files
	// below BuildIDDir.
	DebugFiles []string
}

// NewNarFile creates the NAR file of the store path with that hash part. suffix is that
// of the compression, such as ".zst".
func (d *Dir) NewNarFile(hash, suffix string) (*NarFile, error) {
	file, err := d.newHashedFile(path.Join(narDir, hash))
	if err != nil {
		return nil, err
	}
	return &NarFile{hashedFile: file, dir: d, storeHash: hash, suffix: suffix}, nil
}

func (d *Dir) newHashedFile(name string) (hashedFile, error) {
	file, err := newTempFile(d.pathOf(name))
	return hashedFile{file, NewDigest()}, err
}

// Write appends b to the file and to its digest.
func (f *hashedFile) Write(b []byte) (int, error) {
	n, err := f.file.Write(b)
	_, _ = f.digest.Write(b[:n]) // cannot fail
	return n, err
}

// Digest returns the digest of the bytes written so far.
func (f *hashedFile) Digest() *Digest { return f.digest }

// commit renames the temporary file to its final name in the cache.
func (f *hashedFile) commit(dir *Dir, name string) error {
	dir.addChecksum(name, f.digest)
	return f.file.commit(dir.pathOf(name))
}

// Publish adds the NAR file, the extras and the narinfo to the cache, the narinfo last.
// It sets URL, FileHash and FileSize of info; the caller must set the other fields. If
// there is a patch that is smaller than the NAR file, Publish adds the patch instead;
// then info describes the uncompressed NAR file that the script "apply" makes from the
// patch.
func (f *NarFile) Publish(info *narinfo.NarInfo, extras Extras) (err error) {
	isPatch := f.patch != nil && f.patch.FileSize() < f.digest.Size()
	suffix := f.suffix
	info.FileHash, info.FileSize = f.digest.Sum(), uint64(f.digest.Size())
	if isPatch {
		info.Compression, info.FileHash, info.FileSize, suffix = "none", info.NarHash, info.NarSize, ""
	}
	info.URL = path.Join(narDir, info.FileHash.Format(nixhash.NixBase32, false)+".nar"+suffix)
	if extras.Listing != nil {
		if err := f.dir.WriteFile(f.storeHash+listingSuffix, extras.Listing); err != nil {
			return err
		}
	}
	if isPatch {
		err = f.publishPatch(info)
	} else {
		// NB: two store paths may have NAR files with the same bytes and so the same
		// name; then the second NAR file replaces the first.
		err = f.commit(f.dir, info.URL)
	}
	if err != nil {
		return err
	}
	f.Discard() // whichever of NAR file and patch is not used
	f.dir.addDebugInfo(info, extras.DebugFiles)
	return f.dir.WriteFile(f.storeHash+narinfoSuffix, []byte(info.String()))
}

// Discard removes the temporary files of the NAR file and its patch, if not yet
// published.
func (f *NarFile) Discard() {
	f.file.discard()
	if f.patch != nil {
		f.patch.file.discard()
	}
}

// truncate empties the NAR file, so that the caller can write other bytes to it.
func (f *NarFile) truncate() error {
	f.digest = NewDigest()
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return f.file.Truncate(0)
}
