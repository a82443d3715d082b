package cache

import (
	"errors"
	"os"
	"syscall"
)

// draftSuffix ends the temporary names; nothing that Nix looks for has it.
const draftSuffix = ".draft"

// draft is a file that is being written, under a temporary name.
type draft struct {
	*os.File
}

// newDraft begins a file that may become the one at path.
func newDraft(path string) (draft, error) {
	file, err := os.OpenFile(path+draftSuffix, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	return draft{file}, err
}

// finish closes the file and gives it its name, replacing any file there.
func (d draft) finish(path string) error {
	err := d.Close()
	if err == nil {
		err = rename(d.Name(), path)
	}
	if err != nil {
		_ = os.Remove(d.Name())
	}
	return err
}

// rename is os.Rename without its look at the new name, for which the kernel
// waits until the other workers are done with the directory.
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

// discard removes the file, unless finish has closed it and seen to it.
func (d draft) discard() {
	if !errors.Is(d.Close(), os.ErrClosed) {
		_ = os.Remove(d.Name())
	}
}
