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
	direntType   = 18 // 8 bits: file type bits of st_mode >> 12
	direntName   = 19 // ends with a zero byte
)

// readEntries returns the entries of the directory f.dirFD, with the file types that the
// directory records, so that no file needs an lstat.
func (f fileRef) readEntries(scratch []byte) ([]dirEntry, error) {
	var entries []dirEntry
	for {
		n, err := retryEINTR(func() (int, error) { return unix.Getdents(f.dirFD, scratch) })
		if n <= 0 || err != nil {
			return entries, err
		}
		entries = appendEntries(entries, scratch[:n])
	}
}

// NB: the names of the entries share one string, which saves an allocation per name.
func appendEntries(entries []dirEntry, dirents []byte) []dirEntry {
	text := string(dirents)
	for at := 0; at < len(dirents); {
		record := dirents[at:]
		length := int(binary.NativeEndian.Uint16(record[direntLength:]))
		name, _, _ := strings.Cut(text[at+direntName:at+length], "\x00")
		if name != "." && name != ".." {
			entries = append(entries, dirEntry{name, name, uint32(record[direntType]) << 12})
		}
		at += length
	}
	return entries
}
