package nar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// reference returns the NAR of the tree at path without its magic, by a second, simple
// implementation of the format. tests/nar_test.go compares Dump with nix-store --dump.
func reference(t testing.TB, path string) []byte {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	var b []byte
	switch {
	case info.IsDir():
		names, err := filepath.Glob(path + "/*")
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(names, func(a, b string) int { return strings.Compare(filepath.Base(a), filepath.Base(b)) })
		b = tokens("(", "type", "directory")
		for _, name := range names {
			b = append(b, tokens("entry", "(", "name", filepath.Base(name), "node")...)
			b = append(b, reference(t, name)...)
			b = append(b, tokens(")")...)
		}
	case info.Mode().IsRegular():
		contents, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b = tokens("(", "type", "regular")
		if info.Mode()&0o100 != 0 {
			b = append(b, tokens("executable", "")...)
		}
		b = append(b, tokens("contents", string(contents))...)
	default:
		target, err := os.Readlink(path)
		if err != nil {
			t.Fatal(err)
		}
		b = tokens("(", "type", "symlink", "target", target)
	}
	return append(b, tokens(")")...)
}

func tokens(strs ...string) (b []byte) {
	for _, s := range strs {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
		for len(b)%8 != 0 {
			b = append(b, 0)
		}
	}
	return b
}

// checkDump compares the NARs of Dump and DumpAndList with that of the function
// reference.
func checkDump(t *testing.T, path string) {
	t.Helper()
	var got bytes.Buffer
	if err := NewDumper().Dump(&got, path); err != nil {
		t.Fatal(err)
	}
	want := append(tokens("nix-archive-1"), reference(t, path)...)
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s: got %d bytes, want %d; they differ", path, got.Len(), len(want))
	}
	checkListing(t, path)
}

func write(t testing.TB, path, contents string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(contents), mode); err != nil {
		t.Fatal(err)
	}
}

func symlink(t testing.TB, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

// The NAR of a file whose contents need no padding, byte for byte as specified.
func TestDumpBytes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "12345678", 0o644)
	var got bytes.Buffer
	if err := NewDumper().Dump(&got, path); err != nil {
		t.Fatal(err)
	}
	const want = "\x0d\x00\x00\x00\x00\x00\x00\x00nix-archive-1\x00\x00\x00" +
		"\x01\x00\x00\x00\x00\x00\x00\x00(\x00\x00\x00\x00\x00\x00\x00" +
		"\x04\x00\x00\x00\x00\x00\x00\x00type\x00\x00\x00\x00" +
		"\x07\x00\x00\x00\x00\x00\x00\x00regular\x00" +
		"\x08\x00\x00\x00\x00\x00\x00\x00contents" +
		"\x08\x00\x00\x00\x00\x00\x00\x0012345678" +
		"\x01\x00\x00\x00\x00\x00\x00\x00)\x00\x00\x00\x00\x00\x00\x00"
	if got.String() != want {
		t.Errorf("got  %q\nwant %q", got.String(), want)
	}
}

func TestDumpTree(t *testing.T) {
	root := t.TempDir()
	write(t, root+"/empty", "", 0o644)
	write(t, root+"/program", "#!/bin/sh\n", 0o755)
	write(t, root+"/owner", "x", 0o744)
	write(t, root+"/others", "x", 0o655)
	write(t, root+"/foo/a", "a", 0o644)
	write(t, root+"/foo-x", "b", 0o644)
	write(t, root+"/foo.x", "c", 0o644)
	write(t, root+"/..data", "d", 0o644)
	write(t, root+"/a\nb", "e", 0o644)
	write(t, root+"/\xff\xfe", "f", 0o644)
	write(t, root+"/"+strings.Repeat("n", 255), "g", 0o644)
	write(t, root+"/deep"+strings.Repeat("/d", 1000)+"/file", "h", 0o644)
	if err := os.Mkdir(root+"/empty directory", 0o755); err != nil {
		t.Fatal(err)
	}
	symlink(t, "/absent", root+"/dangling")
	symlink(t, "foo/a", root+"/relative")
	symlink(t, strings.Repeat("x", 4000), root+"/long")
	checkDump(t, root)
	checkDump(t, root+"/empty")
	checkDump(t, root+"/program")
	checkDump(t, root+"/relative")
	checkDump(t, root+"/empty directory")
}

// NARs are right if file contents end just before, at and after the end of the buffer.
func TestDumpBufferEdges(t *testing.T) {
	root := t.TempDir()
	for _, edge := range []int{8, bufferSize / 2, bufferSize, 2 * bufferSize} {
		for _, size := range []int{edge - 200, edge - 120, edge - 9, edge - 8, edge - 7, edge - 1, edge, edge + 1, edge + 8} {
			if size >= 0 {
				write(t, fmt.Sprintf("%s/%d-%d", root, edge, size), strings.Repeat("0123456789", size/10+1)[:size], 0o644)
			}
		}
	}
	checkDump(t, root)
}

// readEntries returns the file types that the directory records, so no file needs an
// lstat.
func TestReadEntries(t *testing.T) {
	root := t.TempDir()
	write(t, root+"/directory/file", "", 0o644)
	write(t, root+"/program", "", 0o755)
	symlink(t, "program", root+"/link")
	fd, err := fileRef{dirFD: unix.AT_FDCWD, name: root}.open(unix.O_DIRECTORY)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	entries, err := fileRef{dir: root, dirFD: fd}.readEntries(NewDumper().scratch)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]uint32{"directory": unix.S_IFDIR, "program": unix.S_IFREG, "link": unix.S_IFLNK}
	for _, got := range entries {
		if got.diskName != got.name || got.mode != want[got.name] {
			t.Errorf("got %+v, want the mode %#o", got, want[got.name])
		}
	}
	if len(entries) != len(want) {
		t.Errorf("got %d entries, want %d", len(entries), len(want))
	}
}

// TooDeep reports a tree that is nested deeper than MaxDepth, but not one that is exactly
// as deep.
func TestTooDeep(t *testing.T) {
	root := t.TempDir()
	below := func(levels int) string { return strings.Repeat("/d", levels-1) + "/file" }
	write(t, root+"/good"+below(MaxDepth), "", 0o644)
	write(t, root+"/deep/a"+below(MaxDepth), "", 0o644)
	write(t, root+"/deep/b"+below(2*MaxDepth), "", 0o644)
	if err := os.MkdirAll(root+"/directory"+below(MaxDepth+1), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ tree, want string }{
		{"/good", ""},
		{"/deep", root + "/deep/a" + below(MaxDepth)},
		{"/directory", root + "/directory" + below(MaxDepth+1)},
		{"/good", ""},
		{"/deep/a", ""},
		{"/deep/b", root + "/deep/b" + strings.Repeat("/d", MaxDepth+1)},
	}
	d := NewDumper()
	for _, test := range tests {
		if err := d.Dump(io.Discard, root+test.tree); err != nil {
			t.Fatal(err)
		}
		if got := d.TooDeep(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.tree, got, test.want)
		}
	}
}

var errLimit = errors.New("no space left")

// limited is a writer whose Write fails after n bytes.
type limited struct{ n int }

func (l *limited) Write(b []byte) (int, error) {
	if len(b) > l.n {
		return l.n, errLimit
	}
	l.n -= len(b)
	return len(b), nil
}

// A Dumper can be used again after an error in the middle of a tree.
func TestDumpReportsWriteErrors(t *testing.T) {
	root := t.TempDir()
	write(t, root+"/a/large", strings.Repeat("x", 3*bufferSize), 0o644)
	write(t, root+"/b", "small", 0o644)
	want := append(tokens("nix-archive-1"), reference(t, root)...)
	d := NewDumper()
	for n := 0; n < len(want); n += 997 {
		if err := d.Dump(&limited{n}, root); err != errLimit {
			t.Fatalf("writer that fails after %d bytes: got error %v", n, err)
		}
	}
	if l, err := d.DumpAndList(&limited{}, root); err != errLimit || l != nil {
		t.Errorf("got listing %v and error %v", l, err)
	}
	var got bytes.Buffer
	if err := d.Dump(&got, root); err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("after errors: got %d bytes and error %v, want %d", got.Len(), err, len(want))
	}
}

func TestDumpRefuses(t *testing.T) {
	root := t.TempDir()
	if err := unix.Mkfifo(root+"/fifo", 0o644); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mknod(root+"/socket", unix.S_IFSOCK|0o644, 0); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ path, want string }{
		{root + "/fifo", "fifo: unsupported file type: fifo"},
		{root + "/socket", "socket: unsupported file type: socket"},
		{"/dev/null", "/dev/null: unsupported file type: device"},
		{root, "fifo: unsupported file type: fifo"},
		{root + "/absent", root + "/absent: no such file"},
	}
	for _, test := range tests {
		checkError(t, NewDumper().Dump(io.Discard, test.path), test.want)
	}
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
}

// A file that was replaced by a fifo or truncated, after its directory was read, is an
// error.
func TestFileChanges(t *testing.T) {
	root := t.TempDir()
	if err := unix.Mkfifo(root+"/fifo", 0o644); err != nil {
		t.Fatal(err)
	}
	err := NewDumper().writeRegular(fileRef{dirFD: unix.AT_FDCWD, name: root + "/fifo"}, nil)
	checkError(t, err, "/fifo: no longer a regular file")

	write(t, root+"/file", "1234", 0o644)
	file, err := os.Open(root + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	d := NewDumper()
	d.out.reset(io.Discard)
	checkError(t, d.out.writeContents(int(file.Fd()), 10), "file shrank while being read (6 bytes missing)")
}

func TestUndoCaseHack(t *testing.T) {
	entries := []dirEntry{{name: "a"}, {name: "B~nix~case~hack~1"}, {name: "b"}, {name: "b-"}}
	undoCaseHack(entries)
	for i, want := range []string{"a", "B", "b", "b-"} {
		if got := entries[i].name; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if err := (fileRef{dir: "/dir"}).checkCollisions(entries); err != nil {
		t.Error(err)
	}
	collision := []dirEntry{{name: "b", diskName: "b"}, {name: "b", diskName: "b~nix~case~hack~2"}}
	checkError(t, fileRef{dir: "/dir"}.checkCollisions(collision), `/dir: file names "b" and "b~nix~case~hack~2" are equal without the case-hack suffix`)
}

// FuzzDump creates a tree from the fuzzer's bytes and compares the NARs of Dump and
// DumpAndList with that of the function reference.
func FuzzDump(f *testing.F) {
	f.Add([]byte("f\x03abc"))
	f.Add([]byte("f\x01\"f\x02\x01\nf\x02\xc3\xa9x\x01ef\x01fl\x02\xc3("))
	f.Add([]byte("d\x01ad\x01bf\x01c<\x00l\x02xyx\x01z<\x00<\x00l\x01t"))
	f.Fuzz(func(t *testing.T, program []byte) {
		root := filepath.Join(t.TempDir(), "root")
		if err := os.Mkdir(root, 0o755); err != nil {
			t.Fatal(err)
		}
		grow(t, root, program)
		checkDump(t, root)
	})
}

// grow creates a file tree as program says. Each step of the program is a letter (d:
// create and enter a directory; <: return to the parent directory; f, x, l: create a
// file, an executable, a symlink), and the length and the bytes of a string, from which
// the name and the contents are made.
func grow(t *testing.T, dir string, program []byte) {
	root := dir
	for len(program) >= 2 {
		op, n := program[0], min(int(program[1]), len(program)-2)
		arg := string(program[2 : 2+n])
		program = program[2+n:]
		name := dir + "/" + strings.NewReplacer("/", "_", "\x00", "_", "*", "_", "[", "_", "?", "_", "\\", "_").Replace(arg)
		if op == '<' && dir != root {
			dir = filepath.Dir(dir)
		}
		if len(arg) > 255 || arg == "" || arg == "." || arg == ".." {
			continue
		}
		if _, err := os.Lstat(name); err == nil {
			continue
		}
		switch op {
		case 'd':
			if len(name) < 3000 && os.Mkdir(name, 0o755) == nil {
				dir = name
			}
		case 'f', 'x':
			mode := map[byte]os.FileMode{'f': 0o644, 'x': 0o755}[op]
			write(t, name, strings.Repeat(arg, 1+len(program)), mode)
		case 'l':
			if !strings.Contains(arg, "\x00") {
				symlink(t, arg, name)
			}
		}
	}
}
