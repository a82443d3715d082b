package nar

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// The layout of struct linux_dirent64, see getdents(2).
const (
	direntLength = 16 // 16 bits: length of the record
	direntType   = 18 // 8 bits: the type as in a mode, less its lower 12 bits
	direntName   = 19 // ends with a zero byte
)

// readEntries reads the directory that fd has open, without asking for each
// file what the directory tells of it.
func readEntries(fd int, scratch []byte) ([]entry, error) {
	var entries []entry
	for {
		n, err := retry(func() (int, error) { return unix.Getdents(fd, scratch) })
		if n <= 0 || err != nil {
			return entries, err
		}
		entries = appendEntries(entries, scratch[:n])
	}
}

func appendEntries(entries []entry, dirents []byte) []entry {
	for len(dirents) > 0 {
		record := dirents[:binary.NativeEndian.Uint16(dirents[direntLength:])]
		dirents = dirents[len(record):]
		name, _, _ := bytes.Cut(record[direntName:], []byte{0})
		if s := string(name); s != "." && s != ".." {
			entries = append(entries, entry{s, s, uint32(record[direntType]) << 12})
		}
	}
	return entries
}
