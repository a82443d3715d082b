package cache

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	narDir        = "nar"
	narinfoSuffix = ".narinfo"
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
// info, and nix-cache-info.
func (d *Dir) Finish(info Info) error {
	if err := d.writeDebugInfo(); err != nil {
		return err
	}
	return writeFile(filepath.Join(d.path, infoFile), []byte(info.String()))
}

// WritePage lets fill write index.html, which web servers show for the cache.
func (d *Dir) WritePage(fill func(io.Writer) error) error {
	return write(filepath.Join(d.path, "index.html"), fill)
}

// writeFile creates the file at path, whole or not at all.
func writeFile(path string, contents []byte) error {
	return write(path, func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	})
}

// write is writeFile for what fill writes.
func write(path string, fill func(io.Writer) error) error {
	d, err := newDraft(path + draftSuffix)
	if err != nil {
		return err
	}
	defer d.discard()
	if err := fill(d); err != nil {
		return err
	}
	return d.publish(path)
}
