package nar

import (
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// A Listing is the file tree of a NAR.
type Listing struct {
	path string // of the tree, for messages
	root member
}

// member is a file, directory or symlink of a NAR.
type member struct {
	name       string // in its directory
	mode       uint32 // file type bits of st_mode
	executable bool
	size       int64    // of a file's contents
	offset     int64    // of a file's contents in the NAR
	target     string   // of a symlink
	entries    []member // of a directory, in the order of their names
}

// setEntry sets the name of the i-th entry of a directory and returns the entry. It
// returns nil if m is nil, which means that no listing is wanted.
func (m *member) setEntry(i int, name string) *member {
	if m == nil {
		return nil
	}
	m.entries[i].name = name
	return &m.entries[i]
}

// RegularFiles returns the sorted paths of all regular files below the directory
// dir. Paths are relative to the root of the NAR and have single slashes. Symlinks
// are not followed, neither in dir nor below it.
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
