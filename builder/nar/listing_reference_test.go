package nar

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"unicode/utf8"
)

// listed is a listing, or a part of one, as a reader of the JSON has it.
type listed struct {
	Type       string             `json:"type"`
	Size       *int64             `json:"size"`
	Executable *bool              `json:"executable"`
	NarOffset  *int64             `json:"narOffset"`
	Target     *string            `json:"target"`
	Entries    map[string]*listed `json:"entries"`
}

// reader is what reads the reference's archive of a tree together with the tree,
// and so knows where it is in the archive.
type reader struct {
	t      testing.TB
	offset int64
	valid  bool // all text is UTF-8
}

func (r *reader) read(strs ...string) { r.offset += int64(len(tokens(strs...))) }

func (r *reader) text(s string) { r.valid = r.valid && utf8.ValidString(s) }

// list lists the tree at path.
func (r *reader) list(path string) (l *listed) {
	r.t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		r.t.Fatal(err)
	}
	switch {
	case info.IsDir():
		l = r.directory(path)
	case info.Mode().IsRegular():
		l = r.regular(info)
	default:
		target, err := os.Readlink(path)
		if err != nil {
			r.t.Fatal(err)
		}
		r.text(target)
		r.read("(", "type", "symlink", "target", target)
		l = &listed{Type: "symlink", Target: &target}
	}
	r.read(")")
	return l
}

func (r *reader) directory(path string) *listed {
	r.t.Helper()
	entries, err := os.ReadDir(path) // in the order of names
	if err != nil {
		r.t.Fatal(err)
	}
	r.read("(", "type", "directory")
	l := &listed{Type: "directory", Entries: map[string]*listed{}}
	for _, entry := range entries {
		r.text(entry.Name())
		r.read("entry", "(", "name", entry.Name(), "node")
		l.Entries[entry.Name()] = r.list(path + "/" + entry.Name())
		r.read(")")
	}
	return l
}

func (r *reader) regular(info os.FileInfo) *listed {
	l := &listed{Type: "regular"}
	r.read("(", "type", "regular")
	if info.Mode()&0o100 != 0 {
		executable := true
		l.Executable = &executable
		r.read("executable", "")
	}
	r.read("contents")
	size, offset := info.Size(), r.offset+8
	l.Size, l.NarOffset = &size, &offset
	r.offset = offset + (size+7)/8*8
	return l
}

// checkListing compares the listing of DumpAndList with the reference, and what
// it says of files with the archive.
func checkListing(t *testing.T, path string) {
	t.Helper()
	var archive bytes.Buffer
	l, err := NewDumper().DumpAndList(&archive, path)
	if err != nil {
		t.Fatal(err)
	}
	want := append(tokens(magic), reference(t, path)...)
	if !bytes.Equal(archive.Bytes(), want) {
		t.Errorf("%s: with the listing there are %d bytes, not the %d without", path, archive.Len(), len(want))
	}
	checkContents(t, &l.root, path, archive.Bytes())
	r := reader{t: t, valid: true}
	r.read(magic)
	listing := r.list(path)
	text, err := l.JSON()
	if r.valid != (err == nil) {
		t.Errorf("%s: all UTF-8: %v, but got error %v", path, r.valid, err)
	}
	if err == nil && !reflect.DeepEqual(decode(t, text), listing) {
		t.Errorf("%s: got another listing: %.1000s", path, text)
	}
}

func decode(t *testing.T, text []byte) *listed {
	t.Helper()
	var got struct {
		Version int     `json:"version"`
		Root    *listed `json:"root"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatalf("%v in %.1000s", err, text)
	}
	if got.Version != 1 {
		t.Errorf("got version %d", got.Version)
	}
	return got.Root
}

// checkContents looks for the contents of each file where the listing says that
// they are, whatever its name.
func checkContents(t *testing.T, m *member, path string, archive []byte) {
	t.Helper()
	for i := range m.entries {
		checkContents(t, &m.entries[i], path+"/"+m.entries[i].name, archive)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if !info.Mode().IsRegular() {
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := archive[m.offset:][:m.size]; !bytes.Equal(got, want) {
		t.Errorf("%s: at offset %d are %.100q, not its contents", path, m.offset, got)
	}
}
