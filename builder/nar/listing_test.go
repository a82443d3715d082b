package nar

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The JSON of a listing has the bytes that Nix 2.34 writes for the same tree. Nix 2.35
// would add "executable":false.
func TestListingBytes(t *testing.T) {
	root := t.TempDir()
	write(t, root+"/tree/bin/hello", "#!/bin/sh\n", 0o755)
	write(t, root+"/tree/bin/empty", "", 0o644)
	write(t, root+"/tree/a \"b\"\\\b\f\n\r\t\v\x01\x7f<&>é\u2028", "x", 0o644)
	symlink(t, "/absent\n", root+"/tree/link")
	if err := os.Mkdir(root+"/tree/none", 0o755); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"/tree": `{"root":{"entries":{` +
			`"a \"b\"\\\b\f\n\r\t\u000b\u0001` + "\x7f<&>é\u2028" + `":{"narOffset":248,"size":1,"type":"regular"},` +
			`"bin":{"entries":{"empty":{"narOffset":576,"size":0,"type":"regular"},` +
			`"hello":{"executable":true,"narOffset":792,"size":10,"type":"regular"}},"type":"directory"},` +
			`"link":{"target":"/absent\n","type":"symlink"},` +
			`"none":{"entries":{},"type":"directory"}},"type":"directory"},"version":1}`,
		"/tree/bin/empty": `{"root":{"narOffset":96,"size":0,"type":"regular"},"version":1}`,
		"/tree/bin/hello": `{"root":{"executable":true,"narOffset":128,"size":10,"type":"regular"},"version":1}`,
		"/tree/link":      `{"root":{"target":"/absent\n","type":"symlink"},"version":1}`,
		"/tree/none":      `{"root":{"entries":{},"type":"directory"},"version":1}`,
	}
	for path, want := range tests {
		l := list(t, root+path)
		if got, err := l.JSON(); err != nil || string(got) != want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", path, err, got, want)
		}
	}
}

func list(t testing.TB, path string) *Listing {
	t.Helper()
	l, err := NewDumper().DumpAndList(&bytes.Buffer{}, path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The offsets in a listing are right after files that are larger than the buffer, and if
// a Dumper is used again.
func TestListingOffsets(t *testing.T) {
	root := t.TempDir()
	for i, size := range []int{bufferSize - 1, 1, 3*bufferSize + 5, bufferSize / 2, 0, 7} {
		write(t, root+"/"+strings.Repeat("f", i+1), strings.Repeat("0123456789", size/10+1)[:size], 0o644)
	}
	checkListing(t, root)
	d := NewDumper()
	for range 2 {
		l, err := d.DumpAndList(&bytes.Buffer{}, root)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.root.entries[0].offset; got != 232 {
			t.Errorf("the first file's contents are at %d, want 232", got)
		}
	}
}

func TestListingInvalidUTF8(t *testing.T) {
	root := t.TempDir()
	write(t, root+"/name/lib/a\xff", "", 0o644)
	if err := os.Mkdir(root+"/target", 0o755); err != nil {
		t.Fatal(err)
	}
	symlink(t, "\xc3(", root+"/target/link")
	tests := map[string]string{
		"/name":        `/name/lib/a\xff": no NAR listing of this store path: name "a\xff" is not valid UTF-8`,
		"/target":      `/target/link": no NAR listing of this store path: target "\xc3(" is not valid UTF-8`,
		"/target/link": `/target/link": no NAR listing of this store path: target "\xc3(" is not valid UTF-8`,
	}
	for path, want := range tests {
		want = `"` + root + want
		if _, err := list(t, root+path).JSON(); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if got := list(t, root+"/name").RegularFiles("lib"); !slices.Equal(got, []string{"lib/a\xff"}) {
		t.Errorf("without JSON, got %q", got)
	}
}

func TestRegularFiles(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a/b/2", "a/b/1", "a/b/c/3", "a/b.", "a/b/c.", "a/d/1", "b/1", "file"} {
		write(t, filepath.Join(root, name), name, 0o644)
	}
	symlink(t, "1", root+"/a/b/link")
	symlink(t, "../d", root+"/a/b/d")
	symlink(t, "a", root+"/alias")
	tests := map[string][]string{
		"a/b":     {"a/b/1", "a/b/2", "a/b/c/3", "a/b/c."},
		"b":       {"b/1"},
		"alias/b": nil, "a/b/d": nil, "a/b/1": nil, "file": nil, "absent": nil, "a/absent": nil, "file/absent": nil, "": nil,
	}
	l := list(t, root)
	for dir, want := range tests {
		if got := l.RegularFiles(dir); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", dir, got, want)
		}
	}
	if got := list(t, root+"/file").RegularFiles("a"); got != nil {
		t.Errorf("in a file: got %q", got)
	}
}
