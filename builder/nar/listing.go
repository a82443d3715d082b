package nar

import (
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// A Listing tells what is in an archive.
type Listing struct {
	path string // what was archived, for messages
	root member
}

// member is a file, directory or symlink of an archive.
type member struct {
	name       string // in its directory
	mode       uint32 // its type, as in the mode of stat(2)
	executable bool
	size       int64    // of a file's contents
	offset     int64    // of a file's contents in the archive
	target     string   // of a symlink
	entries    []member // of a directory, in the order of their names
}

// entry gives the i-th entry of a directory its name and returns it; nil, where
// nothing is listed, has only nil.
func (m *member) entry(i int, name string) *member {
	if m == nil {
		return nil
	}
	m.entries[i].name = name
	return &m.entries[i]
}

// RegularFiles returns the paths of all regular files below the directory dir,
// in order. Paths are relative to the archive's root and have single slashes.
// Symlinks are not followed, neither in dir nor below it.
func (l *Listing) RegularFiles(dir string) []string {
	m := &l.root
	for name := range strings.SplitSeq(dir, "/") {
		i, found := slices.BinarySearchFunc(m.entries, name, func(m member, name string) int {
			return strings.Compare(m.name, name)
		})
		if !found {
			return nil
		}
		m = &m.entries[i]
	}
	return m.appendRegularFiles(nil, dir)
}

func (m *member) appendRegularFiles(files []string, path string) []string {
	for i := range m.entries {
		entry := &m.entries[i]
		below := path + "/" + entry.name
		if entry.mode == unix.S_IFREG {
			files = append(files, below)
		}
		files = entry.appendRegularFiles(files, below)
	}
	return files
}
