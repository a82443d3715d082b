package nar

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// JSON returns the listing byte for byte as Nix 2.12 to 2.34 writes it, with the
// keys of each object in order. Since 2.35, Nix also writes "executable":false,
// which stays away here: all that read listings have to do without, because those
// of cache.nixos.org never had it. Like Nix it fails where a name or a symlink's
// target is not valid UTF-8.
//
// NB: not encoding/json, which is slower, escapes what Nix does not, and puts
// replacement characters where there is no UTF-8.
func (l *Listing) JSON() ([]byte, error) {
	e := encoder{buf: []byte(`{"root":`)}
	e.member(&l.root, l.path)
	e.put(`,"version":1}`)
	return e.buf, e.err
}

// encoder appends JSON to buf. It keeps its first error.
type encoder struct {
	buf []byte
	err error
}

func (e *encoder) put(text string) { e.buf = append(e.buf, text...) }

func (e *encoder) member(m *member, path string) {
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

func (e *encoder) regular(m *member) {
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

func (e *encoder) directory(m *member, path string) {
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

// text appends a string, which is what of the member at path.
func (e *encoder) text(s, what, path string) {
	if !utf8.ValidString(s) && e.err == nil {
		e.err = fmt.Errorf("%q: its %s %q cannot be in a listing: it is not valid UTF-8", path, what, s)
	}
	e.put(`"`)
	for i := range len(s) {
		e.char(s[i])
	}
	e.put(`"`)
}

func (e *encoder) char(c byte) {
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
