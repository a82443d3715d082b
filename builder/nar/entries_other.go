//go:build !linux || portable

package nar

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// typeModes are the file type bits of st_mode, for the types that a NAR can have.
var typeModes = map[fs.FileMode]uint32{0: unix.S_IFREG, fs.ModeDir: unix.S_IFDIR, fs.ModeSymlink: unix.S_IFLNK}

// readEntries returns the entries of the directory f.dirFD, with the file types that the
// directory records.
//
// NB: package os calls lstat, with the path of the directory, for files whose type the
// directory does not record. The directory is opened again because an os.File closes its
// descriptor.
func (f fileRef) readEntries([]byte) ([]dirEntry, error) {
	fd, err := retryEINTR(func() (int, error) {
		return unix.Openat(f.dirFD, ".", unix.O_RDONLY|unix.O_CLOEXEC|unix.O_DIRECTORY, 0)
	})
	if err != nil {
		return nil, err
	}
	dir := os.NewFile(uintptr(fd), f.dir)
	defer dir.Close()
	files, err := dir.ReadDir(-1)
	entries := make([]dirEntry, len(files))
	for i, file := range files {
		entries[i] = dirEntry{file.Name(), file.Name(), typeModes[file.Type()]}
	}
	return entries, err
}
