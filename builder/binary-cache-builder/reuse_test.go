package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/nixhash"
)

// reuseEarlier builds the cache of a store with two paths, lets change do
// something to it or to the store, and returns what a second build has that
// reuses it, and what one has that does not.
func reuseEarlier(t *testing.T, store *fakeStore, change func(earlier string)) (got, want map[string]string) {
	t.Helper()
	store.add(t, 1000)
	store.add(t, 2000)
	earlier, _ := store.mustBuild(t)
	change(earlier)
	_, want = store.mustBuild(t)
	store.log.Reset()
	store.settings["reuse"] = []string{earlier}
	_, got = store.mustBuild(t)
	return got, want
}

// glob returns the one file that matches the pattern.
func glob(t *testing.T, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	return names[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func edit(t *testing.T, file, old, new string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("%s: no %q in it", file, old)
	}
	must(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), old, new)), 0o644))
}

// What an earlier cache has of the closure is taken from there, and the store
// path not even looked at.
func TestReuse(t *testing.T) {
	for _, compression := range []string{"none", "zstd", "xz"} {
		t.Run(compression, func(t *testing.T) {
			store := newFakeStore(t)
			store.settings["compression"] = compression
			got, want := reuseEarlier(t, store, func(string) { store.add(t, 3000) })
			if !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if log := store.log.String(); !strings.Contains(log, "2 reused") || strings.Contains(log, "WRN") {
				t.Errorf("the log is %q", log)
			}
			must(t, os.Remove(store.graph[0].Path))
			if _, again := store.mustBuild(t); !maps.Equal(again, want) {
				t.Errorf("without the store path: got %q, want %q", again, want)
			}
		})
	}
}

// A cache as other tools may write it: with hashes in any form, and without a
// newline at the end of nix-cache-info.
func TestReuseOfAnotherTools(t *testing.T) {
	store := newFakeStore(t)
	got, want := reuseEarlier(t, store, func(cache string) {
		for i, path := range store.graph {
			hash, err := nixhash.ParseAny(path.NarHash, nil)
			must(t, err)
			form := []nixhash.Encoding{nixhash.Base16, nixhash.SRI}[i]
			edit(t, cache+"/"+storeHash(path)+".narinfo", path.NarHash, hash.Format(form, true))
		}
		edit(t, cache+"/nix-cache-info", "StoreDir: "+store.dir+"\n", "StoreDir: "+store.dir)
	})
	if log := store.log.String(); !maps.Equal(got, want) || !strings.Contains(log, "2 reused") {
		t.Errorf("got %q, want %q; the log is %q", got, want, log)
	}
}

// What is damaged is made anew, with a warning that says why.
func TestReuseDamaged(t *testing.T) {
	tests := []struct {
		name   string
		damage func(t *testing.T, cache string)
		want   string
	}{
		{"archive changed", func(t *testing.T, cache string) {
			archive := glob(t, cache+"/nar/*")
			contents, err := os.ReadFile(archive)
			if err != nil {
				t.Fatal(err)
			}
			contents[len(contents)/2] ^= 1
			must(t, os.WriteFile(archive, contents, 0o644))
		}, ".nar.zst: the file is damaged: it has "},
		{"archive cut short", func(t *testing.T, cache string) {
			must(t, os.Truncate(glob(t, cache+"/nar/*"), 10))
		}, ".nar.zst: the file is damaged: it has 10 bytes"},
		{"archive longer", func(t *testing.T, cache string) {
			must(t, os.Truncate(glob(t, cache+"/nar/*"), 1<<20))
		}, ".nar.zst: the file is damaged: it has 1048576 bytes"},
		{"archive missing", func(t *testing.T, cache string) {
			must(t, os.Remove(glob(t, cache+"/nar/*")))
		}, "no such file or directory"},
		{"archive is a directory", func(t *testing.T, cache string) {
			archive := glob(t, cache+"/nar/*")
			must(t, os.Remove(archive))
			must(t, os.Mkdir(archive, 0o755))
		}, "is a directory"},
		{"archive elsewhere", func(t *testing.T, cache string) {
			edit(t, glob(t, cache+"/*.narinfo"), "FileHash: ", "FileHash: sha256:"+strings.Repeat("0", 52)+"\nFileHash: ")
			must(t, os.RemoveAll(cache+"/nar"))
		}, "no such file or directory"},
		{"size", func(t *testing.T, cache string) {
			edit(t, glob(t, cache+"/*.narinfo"), "FileSize: ", "FileSize: 9")
		}, ".nar.zst: the file is damaged: it has "},
		{"narinfo empty", func(t *testing.T, cache string) {
			must(t, os.Truncate(glob(t, cache+"/*.narinfo"), 0))
		}, ".narinfo: no StorePath, no URL or no NarHash"},
		{"narinfo cut short", func(t *testing.T, cache string) {
			must(t, os.Truncate(glob(t, cache+"/*.narinfo"), 9))
		}, `.narinfo: malformed line "StorePath"`},
		{"size is no number", func(t *testing.T, cache string) {
			edit(t, glob(t, cache+"/*.narinfo"), "NarSize: ", "NarSize: -")
		}, `.narinfo: malformed line "NarSize: -`},
		{"hash is none", func(t *testing.T, cache string) {
			edit(t, glob(t, cache+"/*.narinfo"), "NarHash: sha256:", "NarHash: sha256:!")
		}, `.narinfo: malformed line "NarHash: sha256:!`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := newFakeStore(t)
			got, want := reuseEarlier(t, store, func(cache string) { test.damage(t, cache) })
			if !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			log := store.log.String()
			if !strings.Contains(log, "WRN") || !strings.Contains(log, test.want) {
				t.Errorf("the log is %q, want a warning with %q", log, test.want)
			}
		})
	}
}

// Without compression, the archive is the NAR, and Nix does not look at FileHash.
func TestReuseWithoutCompression(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compression"] = "none"
	got, want := reuseEarlier(t, store, func(cache string) {
		edit(t, glob(t, cache+"/*.narinfo"), "FileHash: ", "FileHash: sha256:"+strings.Repeat("0", 52)+"\nDeriver: ")
	})
	if log := store.log.String(); !maps.Equal(got, want) || !strings.Contains(log, "2 reused") || strings.Contains(log, "WRN") {
		t.Errorf("got %q, want %q; the log is %q", got, want, log)
	}
}

// What does not fit is passed over, silently: it is no fault of anyone.
func TestReuseOfAnother(t *testing.T) {
	tests := map[string]func(t *testing.T, store *fakeStore, cache string){
		"no FileHash": func(t *testing.T, _ *fakeStore, cache string) {
			for _, hash := range []string{"0", "1"} {
				edit(t, glob(t, cache+"/*"+hash+".narinfo"), "FileHash: ", "Deriver: ")
			}
		},
		"FileHash of another kind": func(t *testing.T, _ *fakeStore, cache string) {
			for _, hash := range []string{"0", "1"} {
				edit(t, glob(t, cache+"/*"+hash+".narinfo"), "FileHash: ", "FileHash: md5:"+strings.Repeat("0", 32)+"\nDeriver: ")
			}
		},
		"URL elsewhere": func(t *testing.T, _ *fakeStore, cache string) {
			for _, hash := range []string{"0", "1"} {
				edit(t, glob(t, cache+"/*"+hash+".narinfo"), "URL: nar/", "URL: ../nar/")
			}
		},
		"compression": func(_ *testing.T, store *fakeStore, _ string) { store.settings["compression"] = "none" },
		"NarHash": func(t *testing.T, _ *fakeStore, cache string) {
			for _, hash := range []string{"0", "1"} {
				edit(t, glob(t, cache+"/*"+hash+".narinfo"), "NarHash: sha256:", "NarHash: sha256:"+strings.Repeat("0", 52)+"\nDeriver: ")
			}
		},
		"store path": func(t *testing.T, store *fakeStore, cache string) {
			store.add(t, 10)
			must(t, os.Rename(glob(t, cache+"/*1.narinfo"), strings.Replace(glob(t, cache+"/*1.narinfo"), "1.narinfo", "2.narinfo", 1)))
			must(t, os.Remove(glob(t, cache+"/*0.narinfo")))
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			store := newFakeStore(t)
			got, want := reuseEarlier(t, store, func(cache string) { change(t, store, cache) })
			if !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			if log := store.log.String(); strings.Contains(log, "WRN") || strings.Contains(log, "reused") {
				t.Errorf("the log is %q", log)
			}
		})
	}
}

// What is no cache at all, or one of another store, is a mistake.
func TestReuseNoCache(t *testing.T) {
	other := t.TempDir()
	must(t, os.WriteFile(other+"/nix-cache-info", []byte("StoreDir: /gnu/store\n"), 0o644))
	empty := t.TempDir()
	for path, want := range map[string]string{
		other:        `is no binary cache for the store`,
		empty:        `is no binary cache: open ` + empty + `/nix-cache-info: no such file`,
		"/not/there": `"/not/there" is no binary cache`,
	} {
		store := newFakeStore(t)
		store.add(t, 10)
		store.settings["reuse"] = []string{path}
		store.command(t).fail(t, "reuse: ", path, want)
	}
}
