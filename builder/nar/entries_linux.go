//go:build !portable

package nar

import (
	"encoding/binary"
	"strings"

	"golang.org/x/sys/unix"
)

// The layout of struct linux_dirent64, see getdents(2).
const (
	direntLength = 16 // 16 bits: length of the record
	direntType   = 18 // 8 bits: the type as in a mode, less its lower 12 bits
	direntName   = 19 // ends with a zero byte
)

// readEntries reads the directory that p.at has open, without asking for each
// file what the directory tells of it.
func (p place) readEntries(scratch []byte) ([]entry, error) {
	var entries []entry
	for {
		n, err := retry(func() (int, error) { return unix.Getdents(p.at, scratch) })
		if n <= 0 || err != nil {
			return entries, err
		}
		entries = appendEntries(entries, scratch[:n])
	}
}

// NB: all names are parts of one string: one for each would be garbage.
func appendEntries(entries []entry, dirents []byte) []entry {
	text := string(dirents)
	for at := 0; at < len(dirents); {
		record := dirents[at:]
		length := int(binary.NativeEndian.Uint16(record[direntLength:]))
		name, _, _ := strings.Cut(text[at+direntName:at+length], "\x00")
		if name != "." && name != ".." {
			entries = append(entries, entry{name, name, uint32(record[direntType]) << 12})
		}
		at += length
	}
	return entries
}
