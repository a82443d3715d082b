package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/nixhash"
)

// edit replaces the text old by the text new in every file whose path matches a glob
// pattern.
func edit(t *testing.T, pattern, old, new string) {
	t.Helper()
	glob(t, pattern) // at least one
	names, _ := filepath.Glob(pattern)
	for _, file := range names {
		text, err := os.ReadFile(file)
		must(t, err)
		if !strings.Contains(string(text), old) {
			t.Fatalf("%s: no %q in it", file, old)
		}
		must(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), old, new)), 0o644))
	}
}

// The builder copies the NAR files of a previous cache, and does not read the store paths
// of these files.
func TestReuse(t *testing.T) {
	for _, compression := range []string{"none", "zstd", "xz"} {
		t.Run(compression, func(t *testing.T) {
			store := newFakeStore(t)
			store.settings["compression"] = compression
			path := store.add(t, 1000)
			store.add(t, 2000)
			previous, _ := store.mustBuild(t)
			store.add(t, 3000)
			_, want := store.mustBuild(t)
			store.settings["reuse"] = []string{previous}
			must(t, os.Remove(path))
			if _, got := store.mustBuild(t); !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if log := store.log.String(); !strings.Contains(log, "(2 reused)") || strings.Contains(log, "WRN") {
				t.Errorf("the log is %q", log)
			}
		})
	}
}

// A cache that is built with reuse has the same bytes as one that is built without reuse,
// whatever is wrong with the previous cache. The previous cache has two store paths.
func TestReuseOfChangedCache(t *testing.T) {
	const (
		corrupt  = "WRN" // the log has a warning; want continues with a part of it
		silently = ""    // the NAR files are not reused, and the log has no warning
		reused   = "(2 reused)"
	)
	zeros := strings.Repeat("0", 52)
	editInfos := func(old, new string) func(*testing.T, *fakeStore, string) {
		return func(t *testing.T, _ *fakeStore, cache string) { edit(t, cache+"/*.narinfo", old, new) }
	}
	truncate := func(pattern string, size int64) func(*testing.T, *fakeStore, string) {
		return func(t *testing.T, _ *fakeStore, cache string) { must(t, os.Truncate(glob(t, cache+pattern), size)) }
	}
	tests := []struct {
		name        string
		compression string
		change      func(t *testing.T, store *fakeStore, cache string)
		want        string
	}{
		{"NAR file changed", "zstd", func(t *testing.T, _ *fakeStore, cache string) {
			file := glob(t, cache+"/nar/*")
			contents, err := os.ReadFile(file)
			must(t, err)
			contents[len(contents)/2] ^= 1
			must(t, os.WriteFile(file, contents, 0o644))
		}, corrupt + ".nar.zst: corrupt NAR file: expected "},
		{"NAR file truncated", "zstd", truncate("/nar/*", 10), corrupt + "; got 10 bytes, sha256:"},
		{"NAR file too long", "zstd", truncate("/nar/*", 1<<20), corrupt + "; got 1048576 bytes, sha256:"},
		{"NAR file missing", "zstd", func(t *testing.T, _ *fakeStore, cache string) {
			must(t, os.Remove(glob(t, cache+"/nar/*")))
		}, corrupt + "no such file or directory"},
		{"NAR file is a directory", "zstd", func(t *testing.T, _ *fakeStore, cache string) {
			file := glob(t, cache+"/nar/*")
			must(t, os.Remove(file))
			must(t, os.Mkdir(file, 0o755))
		}, corrupt + "is a directory"},
		{"nar missing", "zstd", func(t *testing.T, _ *fakeStore, cache string) {
			edit(t, cache+"/*.narinfo", "FileHash: ", "FileHash: sha256:"+zeros+"\nFileHash: ")
			must(t, os.RemoveAll(cache+"/nar"))
		}, corrupt + "no such file or directory"},
		{"FileSize", "zstd", editInfos("FileSize: ", "FileSize: 9"), corrupt + ".nar.zst: corrupt NAR file: expected "},
		{"narinfo empty", "zstd", truncate("/*.narinfo", 0), corrupt + ".narinfo: incomplete narinfo"},
		{"narinfo truncated", "zstd", truncate("/*.narinfo", 9), corrupt + `.narinfo: malformed line "StorePath"`},
		{"NarSize malformed", "zstd", editInfos("NarSize: ", "NarSize: -"), corrupt + `.narinfo: malformed line "NarSize: -`},
		{"NarHash malformed", "zstd", editInfos("NarHash: sha256:", "NarHash: sha256:!"), corrupt + `.narinfo: malformed line "NarHash: sha256:!`},
		{"no FileHash", "zstd", editInfos("FileHash: ", "Deriver: "), silently},
		{"FileHash of another kind", "zstd", editInfos("FileHash: ", "FileHash: md5:"+strings.Repeat("0", 32)+"\nDeriver: "), silently},
		{"URL outside of nar", "zstd", editInfos("URL: nar/", "URL: ../nar/"), silently},
		{"another compression", "zstd", func(_ *testing.T, store *fakeStore, _ string) { store.settings["compression"] = "none" }, silently},
		{"another NarHash", "zstd", editInfos("NarHash: sha256:", "NarHash: sha256:"+zeros+"\nDeriver: "), silently},
		{"another StorePath", "zstd", func(t *testing.T, store *fakeStore, cache string) {
			store.add(t, 10)
			must(t, os.Rename(glob(t, cache+"/*1.narinfo"), strings.Replace(glob(t, cache+"/*1.narinfo"), "1.narinfo", "2.narinfo", 1)))
			must(t, os.Remove(glob(t, cache+"/*0.narinfo")))
		}, silently},
		// Without compression, the NAR file is the NAR, so the builder, like Nix,
		// verifies it with NarHash and ignores FileHash.
		{"another FileHash without compression", "none", editInfos("FileHash: ", "FileHash: sha256:"+zeros+"\nDeriver: "), reused},
		{"hashes in other forms, no newline at the end", "zstd", func(t *testing.T, store *fakeStore, cache string) {
			for i, path := range store.graph {
				hash, err := nixhash.ParseAny(path.NarHash, nil)
				must(t, err)
				form := []nixhash.Encoding{nixhash.Base16, nixhash.SRI}[i]
				edit(t, cache+"/"+path.hash()+".narinfo", path.NarHash, hash.Format(form, true))
			}
			edit(t, cache+"/nix-cache-info", "StoreDir: "+store.dir+"\n", "StoreDir: "+store.dir)
		}, reused},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := newFakeStore(t)
			store.settings["compression"] = test.compression
			store.add(t, 1000)
			store.add(t, 2000)
			previous, _ := store.mustBuild(t)
			test.change(t, store, previous)
			_, want := store.mustBuild(t)
			store.settings["reuse"] = []string{previous}
			if _, got := store.mustBuild(t); !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			log := store.log.String()
			warning, isCorrupt := strings.CutPrefix(test.want, corrupt)
			if strings.Contains(log, "WRN") != isCorrupt || isCorrupt && !strings.Contains(log, warning) {
				t.Errorf("the log is %q, want warnings: %t, with %q", log, isCorrupt, warning)
			}
			if !isCorrupt && strings.Contains(log, reused) != (test.want == reused) {
				t.Errorf("the log is %q, want %q in it", log, test.want)
			}
		})
	}
}
