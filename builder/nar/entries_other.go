//go:build !linux

package nar

import (
	"os"

	"golang.org/x/sys/unix"
)

// readEntries reads the directory that fd has open.
func readEntries(fd int, _ []byte) ([]entry, error) {
	// os.File would close fd when it is collected, so it gets one of its own.
	own, err := unix.Dup(fd)
	if err != nil {
		return nil, err
	}
	dir := os.NewFile(uintptr(own), "")
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	entries := make([]entry, len(names))
	for i, name := range names {
		entries[i] = entry{name: name, file: name}
	}
	return entries, err
}
