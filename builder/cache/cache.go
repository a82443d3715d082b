package cache

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const (
	narDir        = "nar"
	narinfoSuffix = ".narinfo"
	listingSuffix = ".ls"
)

// dirs are the directories that Nix wants, though all but those of archives and
// debug info are of no use here. Nix before 2.35 knows realisations, later ones
// build-trace-v2.
var dirs = [...]string{narDir, "realisations", "build-trace-v2", debugInfoDir, "log"}

// Dir is a binary cache that is being written. Its methods may be called by
// many goroutines at once.
type Dir struct {
	path      string
	debugInfo debugInfo
	sums      sums
}

// Create makes the directory of a cache at path. The directory may exist, and
// hold files that do not belong to a cache.
func Create(path string) (*Dir, error) {
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	for _, name := range dirs {
		if err := os.Mkdir(filepath.Join(path, name), 0o755); err != nil {
			return nil, err
		}
	}
	return &Dir{path: path}, nil
}

// Finish writes what the cache has beside its store paths: the index of debug
// info, the sums of the files, if they are wanted, and nix-cache-info.
func (d *Dir) Finish(info Info) error {
	if err := d.writeDebugInfo(); err != nil {
		return err
	}
	if err := d.writeSums(infoFile, info.String()); err != nil {
		return err
	}
	return d.WriteFile(infoFile, []byte(info.String()))
}

// Files returns the files of the finished cache, without a page, relative to it
// and in order.
func (d *Dir) Files() ([]string, error) {
	files := append(d.debugInfoFiles(), infoFile)
	if d.sums.wanted() {
		files = append(files, sumsFile)
	}
	err := fs.WalkDir(os.DirFS(d.path), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	slices.Sort(files)
	return files, err
}

// WritePage lets fill write index.html, which web servers show for the cache.
func (d *Dir) WritePage(fill func(io.Writer) error) error {
	return d.write("index.html", fill)
}

// file is where the file of that name is.
func (d *Dir) file(name string) string { return filepath.Join(d.path, name) }

// WriteFile creates the file of that name, whole or not at all.
func (d *Dir) WriteFile(name string, contents []byte) error {
	return d.write(name, func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	})
}

// write is WriteFile for what fill writes.
func (d *Dir) write(name string, fill func(io.Writer) error) error {
	draft, err := newDraft(d.file(name))
	if err != nil {
		return err
	}
	defer draft.discard()
	var digest *Digest
	var w io.Writer = draft
	if d.sums.wanted() {
		digest = NewDigest()
		w = io.MultiWriter(draft, digest)
	}
	if err := fill(w); err != nil {
		return err
	}
	d.sums.add(name, digest)
	return draft.finish(d.file(name))
}
