package cache

import (
	"errors"
	"os"
	"syscall"
)

// tempSuffix is the suffix of temporary files in a cache. Nix never reads a file with
// this suffix.
const tempSuffix = ".tmp"

// tempFile is a file of a cache that has a temporary name until it is complete.
type tempFile struct {
	*os.File
}

// newTempFile creates the temporary file that commit will rename to path.
func newTempFile(path string) (tempFile, error) {
	file, err := os.OpenFile(path+tempSuffix, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	return tempFile{file}, err
}

// commit closes the file and renames it to path, replacing any file there.
func (f tempFile) commit(path string) error {
	err := f.Close()
	if err == nil {
		err = rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// rename is like os.Rename, but without its lstat of the new name. In an lstat, the
// kernel would wait until the other workers release the lock of the directory.
func rename(from, to string) error {
	for {
		err := syscall.Rename(from, to)
		if err == nil {
			return nil
		}
		if err != syscall.EINTR {
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
		}
	}
}

// discard removes the temporary file unless commit has closed it.
func (f tempFile) discard() {
	if !errors.Is(f.Close(), os.ErrClosed) {
		_ = os.Remove(f.Name())
	}
}
