//go:build !linux || portable

package nar

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// typeModes are the types as in the mode of stat(2), of what can be archived.
var typeModes = map[fs.FileMode]uint32{0: unix.S_IFREG, fs.ModeDir: unix.S_IFDIR, fs.ModeSymlink: unix.S_IFLNK}

// readEntries reads the directory that p.at has open, with the types that the
// system tells beside the names. NB: where it does not tell, os asks for each file
// by the path of the directory.
func (p place) readEntries([]byte) ([]entry, error) {
	fd, err := duplicate(p.at)
	if err != nil {
		return nil, err
	}
	dir := os.NewFile(uintptr(fd), p.dir)
	defer dir.Close()
	files, err := dir.ReadDir(-1)
	entries := make([]entry, len(files))
	for i, file := range files {
		entries[i] = entry{file.Name(), file.Name(), typeModes[file.Type()]}
	}
	return entries, err
}

// duplicate returns another descriptor for an os.File, which closes it when it is
// collected. The processes that run meanwhile, such as xz, do not get it.
func duplicate(fd int) (int, error) {
	return retry(func() (int, error) { return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0) })
}
