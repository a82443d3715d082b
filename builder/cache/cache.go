package cache

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"mkbinarycache/builder/storepath"
)

const (
	infoFile      = "nix-cache-info"
	narDir        = "nar"
	narinfoSuffix = ".narinfo"
	listingSuffix = ".ls"
)

// subdirs are the directories that Nix creates when it opens a cache, so it cannot open a
// read-only cache without them. Nix before 2.35 creates realisations, Nix 2.35 and newer
// build-trace-v2.
var subdirs = [...]string{narDir, "realisations", "build-trace-v2", debugInfoDir, "log"}

// Dir is a binary cache that is being written. Goroutines may write files and
// publish NAR files concurrently, before Files and Finish are called.
type Dir struct {
	path      string
	mutex     sync.Mutex                // guards the next three fields
	debugInfo map[string]debugInfoEntry // by file name
	checksums map[string]string         // SHA-256 by file name; nil if not enabled
	patches   []*Patch

	hasPatches bool
	targetZstd string
	released   []storepath.Path
}

// Info has the fields of nix-cache-info.
type Info struct {
	// StoreDir is the store directory of all store paths in the cache, such as
	// /nix/store.
	StoreDir string
	// WantMassQuery lets Nix query many store paths at once, as
	// nix-store --query --available-substitutes and nix-env --status do.
	WantMassQuery bool
	// Priority orders substituters: Nix queries the one with the lowest value first. If
	// Priority is nil, nix-cache-info has no Priority line, which Nix takes for 0.
	Priority *int32
}

// Create makes the directory of a cache at path. The directory may already exist with
// files that do not belong to a cache.
func Create(path string) (*Dir, error) {
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	for _, name := range subdirs {
		if err := os.Mkdir(filepath.Join(path, name), 0o755); err != nil {
			return nil, err
		}
	}
	return &Dir{path: path, debugInfo: map[string]debugInfoEntry{}}, nil
}

// Finish writes the files for patches, the debug info index and SHA256SUMS, each if
// enabled, and nix-cache-info last.
func (d *Dir) Finish(info Info) error {
	if err := d.writePatches(); err != nil {
		return err
	}
	if err := d.writeDebugInfo(); err != nil {
		return err
	}
	text := []byte(info.String())
	if err := d.writeSHA256Sums(infoFile, text); err != nil {
		return err
	}
	return d.WriteFile(infoFile, text)
}

// Files returns the sorted names of the files of the finished cache, except
// those that are written between this call and Finish.
func (d *Dir) Files() ([]string, error) {
	files := append(slices.Collect(maps.Keys(d.debugInfo)), infoFile)
	if d.checksums != nil {
		files = append(files, sumsFile)
	}
	if d.hasPatches {
		files = append(files, patchFiles...)
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

// WriteIndexPage writes index.html, which web servers show for the directory of the
// cache.
func (d *Dir) WriteIndexPage(render func(io.Writer) error) error {
	return d.writeFunc("index.html", render)
}

// pathOf returns the path of the file with that name in the cache.
func (d *Dir) pathOf(name string) string { return filepath.Join(d.path, name) }

// WriteFile atomically writes the file with that name in the cache.
func (d *Dir) WriteFile(name string, contents []byte) error {
	return d.writeFunc(name, func(w io.Writer) error {
		_, err := w.Write(contents)
		return err
	})
}

// writeFunc is like WriteFile, but calls render to write the contents of the file.
func (d *Dir) writeFunc(name string, render func(io.Writer) error) error {
	file, err := newTempFile(d.pathOf(name))
	if err != nil {
		return err
	}
	defer file.discard()
	var digest *Digest
	var w io.Writer = file
	if d.checksums != nil {
		digest = NewDigest()
		w = io.MultiWriter(file, digest)
	}
	if err := render(w); err != nil {
		return err
	}
	d.addChecksum(name, digest)
	return file.commit(d.pathOf(name))
}

// String returns the text of nix-cache-info.
func (i Info) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "StoreDir: %s\n", i.StoreDir)
	if i.WantMassQuery {
		fmt.Fprintln(&text, "WantMassQuery: 1")
	}
	if i.Priority != nil {
		fmt.Fprintf(&text, "Priority: %d\n", *i.Priority)
	}
	return text.String()
}
