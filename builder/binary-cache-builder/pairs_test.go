package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/narinfo/signature"
)

// option is one setting, and what it has to do to any cache.
type option struct {
	name  string
	set   func(t *testing.T, store *fakeStore)
	check func(t *testing.T, store *fakeStore, cache map[string]string)
}

// The store of TestPairs has four paths: the first, with debug info, the second,
// which is excluded, and two others.
var options = []option{
	{"level", setting("compressionLevel", 19), func(t *testing.T, store *fakeStore, cache map[string]string) {
		usual := &fakeStore{dir: store.dir, graph: store.graph, settings: maps.Clone(store.settings)}
		delete(usual.settings, "compressionLevel")
		if maps.Equal(cache, usual.buildOn(t, "1")) {
			t.Error("the level makes no difference")
		}
	}},
	{"exclude", func(t *testing.T, store *fakeStore) { store.settings["exclude"] = store.graph[1:2] },
		func(t *testing.T, store *fakeStore, cache map[string]string) {
			if _, ok := cache[storeHash(store.graph[1])+".narinfo"]; ok {
				t.Error("what is excluded is there")
			}
		}},
	{"shard", setting("shard", map[string]int{"index": 0, "count": 2}), func(t *testing.T, store *fakeStore, cache map[string]string) {
		if n := len(narInfos(t, cache)); n > 2 {
			t.Errorf("one of two shards has %d paths", n)
		}
	}},
	{"reuse", func(t *testing.T, store *fakeStore) {
		plain := &fakeStore{dir: store.dir, graph: store.graph[:3], settings: map[string]any{}}
		out, _ := plain.mustBuild(t)
		store.settings["reuse"] = []string{out}
	}, func(t *testing.T, store *fakeStore, _ map[string]string) {
		if !strings.Contains(store.log.String(), " reused\n") {
			t.Errorf("nothing was reused: %q", store.log.String())
		}
	}},
	{"sign", func(t *testing.T, store *fakeStore) {
		secret, public, err := signature.GenerateKeypair("test", nil)
		if err != nil {
			t.Fatal(err)
		}
		store.public = public
		store.settings["secretKeyFile"] = write(t, secret.String())
	}, func(t *testing.T, store *fakeStore, cache map[string]string) {
		for _, info := range narInfos(t, cache) {
			references := store.dir + "/" + strings.Join(info.References, ","+store.dir+"/")
			text := fmt.Sprintf("1;%s;%s;%d;%s", info.StorePath, info.NarHash, info.NarSize, references)
			if len(info.Signatures) != 1 || !store.public.Verify(text, info.Signatures[0]) {
				t.Errorf("%s: bad signatures %v", info.StorePath, info.Signatures)
			}
		}
	}},
	{"priority", setting("priority", 7), hasLine("nix-cache-info", "Priority: 7\n")},
	{"mass query", setting("wantMassQuery", true), hasLine("nix-cache-info", "WantMassQuery: 1\n")},
	{"listing", setting("writeNarListing", true), func(t *testing.T, _ *fakeStore, cache map[string]string) {
		for _, info := range narInfos(t, cache) {
			if listing := cache[filepath.Base(info.StorePath)[:32]+".ls"]; !strings.Contains(listing, `"version":1`) {
				t.Errorf("%s: its listing is %q", info.StorePath, listing)
			}
		}
	}},
	{"debug info", setting("indexDebugInfo", true), func(t *testing.T, store *fakeStore, cache map[string]string) {
		info := cache[storeHash(store.graph[0])+".narinfo"]
		_, url, _ := strings.Cut(info, "\nURL: ")
		url, _, _ = strings.Cut(url, "\n")
		if index := cache["debuginfo/"+buildID+".debug"]; info != "" && !strings.Contains(index, `"../`+url+`"`) {
			t.Errorf("the index is %q", index)
		}
	}},
	{"index", setting("index", true), func(t *testing.T, store *fakeStore, cache map[string]string) {
		for _, info := range narInfos(t, cache) {
			if page := cache["index.html"]; !strings.Contains(page, info.URL) || strings.Contains(page, "trusted-public-keys") != (store.public.Name != "") {
				t.Errorf("%s is not on the page, or whether it is signed: %q", info.StorePath, page)
			}
		}
	}},
	{"manifest", func(t *testing.T, store *fakeStore) {
		store.settings["manifest"] = true
		store.settings["roots"] = []map[string]string{{"path": store.graph[2].Path, "pname": "two"}, {"path": store.graph[1].Path}}
	}, func(t *testing.T, store *fakeStore, cache map[string]string) {
		if want := store.graph[2].Path + "\n" + store.graph[1].Path + "\n"; cache["roots"] != want {
			t.Errorf("roots is %q, want %q", cache["roots"], want)
		}
		if !strings.Contains(cache["default.nix"], "  two = link ") {
			t.Errorf("default.nix is %q", cache["default.nix"])
		}
		var read struct {
			Size struct{ Paths, FileSize uint64 }
		}
		if err := json.Unmarshal([]byte(cache["manifest.json"]), &read); err != nil {
			t.Error(err)
		}
		var paths, size uint64
		for _, info := range narInfos(t, cache) {
			paths, size = paths+1, size+info.FileSize
		}
		if read.Size.Paths != paths || read.Size.FileSize != size {
			t.Errorf("it tells of %+v, the cache has %d paths and %d bytes", read.Size, paths, size)
		}
		if page, ok := cache["index.html"]; ok && !strings.Contains(page, ">two</a>") {
			t.Error("the page lacks the roots")
		}
	}},
	{"sums", setting("sha256sums", true), func(t *testing.T, _ *fakeStore, cache map[string]string) {
		want := ""
		for _, name := range slices.Sorted(maps.Keys(cache)) {
			if name != "SHA256SUMS" {
				want += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(cache[name])), name)
			}
		}
		if cache["SHA256SUMS"] != want {
			t.Errorf("SHA256SUMS is %q, want %q", cache["SHA256SUMS"], want)
		}
	}},
	{"derivers", func(t *testing.T, store *fakeStore) {
		drv := fmt.Sprintf("%s/%032d-path.drv", store.dir, 9)
		output := store.graph[0].Path
		text := fmt.Sprintf(`Derive([("out",%q,"","")],[],[],"x86_64-linux","/bin/sh",[],[("out",%q)])`, output, output)
		if err := os.WriteFile(drv, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		store.settings["derivers"] = []string{drv}
	}, func(t *testing.T, store *fakeStore, cache map[string]string) {
		if info := cache[storeHash(store.graph[0])+".narinfo"]; info != "" && !strings.Contains(info, "\nDeriver: ") {
			t.Errorf("no deriver in %q", info)
		}
	}},
}

const buildID = "0123456789abcdef0123456789abcdef01234567"

// TestPairs builds a cache with each pair of options: both have their effect, and
// one core makes the same of them as three.
func TestPairs(t *testing.T) {
	for i, one := range options {
		for _, other := range options[i+1:] {
			t.Run(one.name+" and "+other.name, func(t *testing.T) {
				store := newFakeStore(t)
				store.addDebugInfo(t)
				for _, size := range []int{2000, 3000, 4000} {
					store.add(t, size)
				}
				one.set(t, store)
				other.set(t, store)
				cache := store.buildOn(t, "1")
				one.check(t, store, cache)
				other.check(t, store, cache)
				if again := store.buildOn(t, "3"); !maps.Equal(cache, again) {
					t.Errorf("on three cores it is another cache: %q, not %q", again, cache)
				}
			})
		}
	}
}

func (s *fakeStore) buildOn(t *testing.T, cores string) map[string]string {
	t.Helper()
	s.log.Reset()
	out, err := s.build(t, context.Background(), cores)
	if err != nil {
		t.Fatal(err)
	}
	return files(t, out)
}

func (s *fakeStore) addDebugInfo(t *testing.T) {
	t.Helper()
	dir := s.next() + "/lib/debug/.build-id/" + buildID[:2]
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+buildID[2:]+".debug", []byte("debug info"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.register(t)
}

func setting(name string, value any) func(*testing.T, *fakeStore) {
	return func(_ *testing.T, store *fakeStore) { store.settings[name] = value }
}

func hasLine(file, line string) func(*testing.T, *fakeStore, map[string]string) {
	return func(t *testing.T, _ *fakeStore, cache map[string]string) {
		if !strings.Contains(cache[file], line) {
			t.Errorf("%s has no line %q: %q", file, line, cache[file])
		}
	}
}

func storeHash(n node) string { return filepath.Base(n.Path)[:32] }

func narInfos(t *testing.T, cache map[string]string) (infos []*narinfo.NarInfo) {
	t.Helper()
	for name, text := range cache {
		if !strings.HasSuffix(name, ".narinfo") {
			continue
		}
		info, err := narinfo.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		infos = append(infos, info)
	}
	return infos
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
