package nar

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"testing"
	"unicode/utf8"
)

// listed is a NAR listing, or a part of one, decoded from JSON.
type listed struct {
	Type       string             `json:"type"`
	Size       int                `json:"size"`
	Executable bool               `json:"executable"`
	NarOffset  int                `json:"narOffset"`
	Target     string             `json:"target"`
	Entries    map[string]*listed `json:"entries"`
}

// checkListing compares the listing of DumpAndList with the tree at path and with its
// NAR.
func checkListing(t *testing.T, path string) {
	t.Helper()
	var nar bytes.Buffer
	l, err := NewDumper().DumpAndList(&nar, path)
	if err != nil {
		t.Fatal(err)
	}
	if want := append(tokens(magic), reference(t, path)...); !bytes.Equal(nar.Bytes(), want) {
		t.Errorf("%s: DumpAndList wrote %d bytes, want %d; they differ", path, nar.Len(), len(want))
	}
	text, err := l.JSON()
	if valid := hasValidUTF8(path); valid != (err == nil) {
		t.Errorf("%s: valid UTF-8: %v, but got error %v", path, valid, err)
	}
	if err != nil {
		return
	}
	var got struct {
		Version int     `json:"version"`
		Root    *listed `json:"root"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil || got.Version != 1 {
		t.Fatalf("%v, version %d in %.1000s", err, got.Version, text)
	}
	got.Root.check(t, path, nar.Bytes())
}

// hasValidUTF8 reports whether the names below path and the symlink targets are
// valid UTF-8.
func hasValidUTF8(path string) bool {
	if target, err := os.Readlink(path); err == nil {
		return utf8.ValidString(target)
	}
	entries, _ := os.ReadDir(path) // none for a regular file
	for _, entry := range entries {
		if name := entry.Name(); !utf8.ValidString(name) || !hasValidUTF8(path+"/"+name) {
			return false
		}
	}
	return true
}

// check compares l with the file, directory or symlink at path. In the NAR, the length
// and the contents of a regular file follow the string "contents".
func (l *listed) check(t *testing.T, path string, nar []byte) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case l == nil:
		t.Errorf("%s: not listed", path)
	case info.IsDir():
		entries, err := os.ReadDir(path)
		if err != nil {
			t.Fatal(err)
		}
		if l.Type != "directory" || len(l.Entries) != len(entries) {
			t.Errorf("%s: got a %s with %d entries, want %d", path, l.Type, len(l.Entries), len(entries))
		}
		for _, entry := range entries {
			l.Entries[entry.Name()].check(t, path+"/"+entry.Name(), nar)
		}
	case info.Mode().IsRegular():
		contents, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before := append(tokens("contents"), binary.LittleEndian.AppendUint64(nil, uint64(len(contents)))...)
		if l.Type != "regular" || l.Size != len(contents) || l.Executable != (info.Mode()&0o100 != 0) ||
			!bytes.HasSuffix(nar[:l.NarOffset], before) || !bytes.HasPrefix(nar[l.NarOffset:], contents) {
			t.Errorf("%s: got %+v", path, *l)
		}
	default:
		if target, err := os.Readlink(path); err != nil || l.Type != "symlink" || l.Target != target {
			t.Errorf("%s: got %+v, want the target %q, %v", path, *l, target, err)
		}
	}
}
