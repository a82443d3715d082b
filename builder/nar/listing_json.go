package nar

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// JSON returns the listing, byte for byte as Nix 2.12 to 2.34 writes it, with sorted
// keys. "executable":false, which Nix 2.35 and newer also write, is omitted: programs
// that read listings do not depend on it, because the listings of cache.nixos.org never
// had it. The method fails if a name or a symlink target is not valid UTF-8, which JSON
// cannot express. Nix also fails then, except for Nix 2.8, which writes bytes that JSON
// parsers refuse.
//
// NB: encoding/json is not used: it is slower, escapes characters that Nix does not
// escape, and replaces invalid UTF-8.
func (l *Listing) JSON() ([]byte, error) {
	e := listingEncoder{buf: []byte(`{"root":`)}
	e.member(&l.root, l.path)
	e.put(`,"version":1}`)
	return e.buf, e.err
}

// listingEncoder appends the JSON of a listing to buf. It keeps its first error.
type listingEncoder struct {
	buf []byte
	err error
}

func (e *listingEncoder) put(text string) { e.buf = append(e.buf, text...) }

func (e *listingEncoder) member(m *member, path string) {
	switch m.mode {
	case unix.S_IFREG:
		e.regular(m)
	case unix.S_IFDIR:
		e.directory(m, path)
	case unix.S_IFLNK:
		e.put(`{"target":`)
		e.text(m.target, "target", path)
		e.put(`,"type":"symlink"}`)
	}
}

func (e *listingEncoder) regular(m *member) {
	e.put(`{`)
	if m.executable {
		e.put(`"executable":true,`)
	}
	e.put(`"narOffset":`)
	e.buf = strconv.AppendInt(e.buf, m.offset, 10)
	e.put(`,"size":`)
	e.buf = strconv.AppendInt(e.buf, m.size, 10)
	e.put(`,"type":"regular"}`)
}

func (e *listingEncoder) directory(m *member, path string) {
	e.put(`{"entries":{`)
	for i := range m.entries {
		if i > 0 {
			e.put(`,`)
		}
		entry := &m.entries[i]
		below := path + "/" + entry.name
		e.text(entry.name, "name", below)
		e.put(`:`)
		e.member(entry, below)
	}
	e.put(`},"type":"directory"}`)
}

// text appends s as a JSON string. In an error, what is "name" or "target", the kind of
// s, and path is the path of the file with this name or target.
func (e *listingEncoder) text(s, what, path string) {
	if !utf8.ValidString(s) && e.err == nil {
		e.err = fmt.Errorf("%q: no NAR listing of this store path: %s %q is not valid UTF-8", path, what, s)
	}
	e.put(`"`)
	for i := range len(s) {
		e.writeByte(s[i])
	}
	e.put(`"`)
}

func (e *listingEncoder) writeByte(c byte) {
	switch {
	case c == '"' || c == '\\':
		e.buf = append(e.buf, '\\', c)
	case c >= ' ':
		e.buf = append(e.buf, c)
	case c >= '\b' && c <= '\r' && c != '\v':
		e.buf = append(e.buf, '\\', "btn fr"[c-'\b'])
	default:
		e.buf = fmt.Appendf(e.buf, `\u%04x`, c)
	}
}
