package tests

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mkbinarycache/builder/nar"
)

// checkDump compares our archive of the tree at path with Nix's, without
// holding either.
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
	ours := &comparer{t: t, want: stdout}
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

// takesDeepTrees tells whether this Nix takes trees that are more than 64
// directories deep, which newer ones refuse.
func takesDeepTrees(t *testing.T) bool {
	t.Helper()
	for _, condition := range []string{"nix:2.8", "nix:2.26"} {
		takes, err := isVersion(condition)
		if err != nil {
			t.Fatal(err)
		}
		if takes {
			return true
		}
	}
	return false
}

// Every kind of tree gives the bytes that nix-store --dump gives.
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
	if os.Geteuid() == 0 { // nobody else may read it
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
			t.Skip("the Nix of another suite does not see a toolchain in /usr")
		}
		goroot, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			t.Fatal(err)
		}
		checkDump(t, string(bytes.TrimSpace(goroot)))
	})
}
