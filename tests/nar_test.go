package tests

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mkbinarycache/builder/nar"
)

// checkDump compares the NAR that package nar writes of the tree at path with that of
// nix-store --dump, while both NARs are being written.
func checkDump(t *testing.T, path string) {
	t.Helper()
	theirs := exec.Command("nix-store", "--dump", path)
	stdout, err := theirs.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.Start(); err != nil {
		t.Fatal(err)
	}
	ours := &compareWriter{t: t, want: stdout}
	if err := nar.NewDumper().Dump(ours, path); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	ours.expectEnd()
	if err := theirs.Wait(); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, contents string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// takesDeepTrees reports whether the tested Nix accepts a tree of more than 64 directory
// levels.
func takesDeepTrees(t *testing.T) bool {
	t.Helper()
	refuses, err := isVersion("nix>=2.34")
	if err != nil {
		t.Fatal(err)
	}
	return !refuses
}

// TestNAR compares the NARs that package nar writes of every kind of tree with those of
// nix-store --dump.
func TestNAR(t *testing.T) {
	long := strings.Repeat("n", 255)
	trees := map[string]func(root string){
		"file":            func(root string) { put(t, root, "contents", 0o644) },
		"empty file":      func(root string) { put(t, root, "", 0o644) },
		"executable":      func(root string) { put(t, root, "#!/bin/sh\n", 0o755) },
		"owner's bit":     func(root string) { put(t, root+"/yes", "x", 0o744); put(t, root+"/no", "x", 0o655) },
		"empty directory": func(root string) { os.Mkdir(root, 0o755) },
		"symlink":         func(root string) { os.Symlink("/absent", root) },
		"symlinks": func(root string) {
			put(t, root+"/file", "x", 0o644)
			os.Symlink("file", root+"/relative")
			os.Symlink("/etc/passwd", root+"/absolute")
			os.Symlink("absent", root+"/dangling")
			os.Symlink("..", root+"/parent")
			os.Symlink(strings.Repeat("x/", 2000), root+"/long")
		},
		"odd names": func(root string) {
			for _, name := range []string{"..data", "...", ".hidden", "a\nb", "\xff\xfe", "\x01", "~", "é", "e\u0301", " ", "-", long, "a\\b", "*"} {
				put(t, root+"/"+name, name, 0o644)
			}
		},
		"order": func(root string) {
			put(t, root+"/foo/a", "", 0o644)
			put(t, root+"/foo/b/c", "", 0o644)
			for _, name := range []string{"foo-x", "foo.x", "foo x", "Foo", "fooo", "fo", "foo0"} {
				put(t, root+"/"+name, "", 0o644)
			}
		},
		"deep with long names": func(root string) {
			put(t, root+strings.Repeat("/"+long, 14)+"/file", "x", 0o644)
		},
		"many": func(root string) {
			for i := range 5000 {
				put(t, fmt.Sprintf("%s/%d/%d", root, i%7, i), strings.Repeat("x", i), 0o644)
			}
		},
		"several GiB": func(root string) {
			put(t, root+"/sparse", "start", 0o644)
			if err := os.Truncate(root+"/sparse", 4<<30+3); err != nil {
				t.Fatal(err)
			}
		},
	}
	if takesDeepTrees(t) {
		trees["deep"] = func(root string) { put(t, root+strings.Repeat("/d", 1000)+"/file", "x", 0o644) }
	}
	if os.Geteuid() == 0 { // other users cannot read it
		trees["no permissions"] = func(root string) { put(t, root+"/file", "x", 0) }
	}
	for name, grow := range trees {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(t.TempDir(), "root")
			grow(root)
			checkDump(t, root)
		})
	}
	t.Run("the Go toolchain", func(t *testing.T) {
		if os.Getenv("NIX_SUITE") != "" {
			t.Skip("the Nix of another suite does not see a Go toolchain in /usr")
		}
		goroot, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		checkDump(t, string(bytes.TrimSpace(goroot)))
	})
}

// compareWriter compares the bytes that are written to it with those that it reads from
// want.
type compareWriter struct {
	t      *testing.T
	want   io.Reader
	buf    []byte
	offset int64
}

func (c *compareWriter) Write(b []byte) (int, error) {
	c.buf = append(c.buf[:0], b...) // the right length
	n, err := io.ReadFull(c.want, c.buf)
	if err != nil || !bytes.Equal(c.buf[:n], b) {
		c.t.Fatalf("in the %d bytes from offset %d: got %.100q, want %.100q (%v)", len(b), c.offset, b, c.buf[:n], err)
	}
	c.offset += int64(n)
	return n, nil
}

func (c *compareWriter) expectEnd() {
	c.t.Helper()
	rest, err := io.ReadAll(io.LimitReader(c.want, 100))
	if err != nil || len(rest) > 0 {
		c.t.Errorf("at offset %d: got the end, want %q (%v)", c.offset, rest, err)
	}
}
