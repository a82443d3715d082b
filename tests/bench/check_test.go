package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	hash = "00000000000000000000000000000000"
	info = `StorePath: /nix/store/` + hash + `-hello
URL: nar/x.nar
Compression: none
FileHash: sha256:1impfw8zdgisxkghq9a3q7cn7jb9zyzgxdydiamp8z2nlyyl0h5h
FileSize: 4
NarHash: sha256:1impfw8zdgisxkghq9a3q7cn7jb9zyzgxdydiamp8z2nlyyl0h5h
NarSize: 4
References: ` + "\n"
)

func TestCheckCache(t *testing.T) {
	for name, test := range map[string]struct {
		narinfo, file, want string
	}{
		"complete":        {info, "data", ""},
		"no narinfo":      {"", "data", "no such file"},
		"cut short":       {info, "dat", "has 3 bytes, its narinfo says 4"},
		"no NAR":          {info, "", "no such file"},
		"of another path": {strings.Replace(info, "hello", "goodbye", 1), "data", "the narinfo is of"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, hash+".narinfo"), test.narinfo)
			write(t, filepath.Join(dir, "nar", "x.nar"), test.file)
			c := &closure{}
			c.graph.Paths = []storePath{{Path: "/nix/store/" + hash + "-hello", NarSize: 4}}
			err := checkCache(dir, c)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got error %v, want %q", err, test.want)
			}
		})
	}
}

// write writes a file, or none if it is to be empty.
func write(t *testing.T, name, data string) {
	t.Helper()
	if data == "" {
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}
