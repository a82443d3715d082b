package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/narinfo/signature"
)

// If all attributes except those for patches are set, each has its effect, and builds on
// one core and on three write the same bytes. TestScripts/together uses Nix to build a
// cache with all these attributes.
func TestAllOptions(t *testing.T) {
	const buildID = "0123456789abcdef0123456789abcdef01234567"
	store := newFakeStore(t)
	debug := store.addTree(t, "lib/debug/.build-id/"+buildID[:2]+"/"+buildID[2:]+".debug", "debug info")
	for _, size := range []int{2000, 3000, 4000} {
		store.add(t, size)
	}
	excluded, root := store.graph[1], store.graph[2]

	store.settings["compressionLevel"] = 19
	store.graph = store.graph[:3]
	previous, _ := store.mustBuild(t)
	store.graph = store.graph[:4]
	secret, public, err := signature.GenerateKeypair("test", nil)
	must(t, err)
	key, drv := t.TempDir()+"/key", fmt.Sprintf("%s/%032d-path.drv", store.dir, 9)
	must(t, os.WriteFile(key, []byte(secret.String()), 0o600))
	must(t, os.WriteFile(drv, fmt.Appendf(nil, `Derive([("out",%q,"","")],[],[],"x86_64-linux","/bin/sh",[],[("out",%q)])`, debug, debug), 0o644))
	maps.Copy(store.settings, map[string]any{
		"exclude":         []node{excluded},
		"shard":           map[string]int{"index": 0, "count": 1},
		"reuse":           []string{previous},
		"secretKeyFile":   key,
		"priority":        7,
		"wantMassQuery":   true,
		"writeNarListing": true,
		"indexDebugInfo":  true,
		"index":           true,
		"sha256sums":      true,
		"manifest":        true,
		"roots":           []map[string]string{{"path": root.Path, "pname": "two"}, {"path": excluded.Path}},
		"derivers":        []string{drv},
	})

	out, err := store.build(t, context.Background(), "1")
	must(t, err)
	cache := files(t, out)
	if log := store.log.String(); !strings.Contains(log, "3 (1 excluded, 2 reused)\n") {
		t.Errorf("the log is %q", log)
	}
	if out, err = store.build(t, context.Background(), "3"); err != nil || !maps.Equal(files(t, out), cache) {
		t.Errorf("on three cores the cache is another one, %v", err)
	}

	var manifest struct {
		Size struct{ Paths, FileSize uint64 }
	}
	must(t, json.Unmarshal([]byte(cache["manifest.json"]), &manifest))
	infos := narInfos(t, cache)
	for _, info := range infos {
		references := store.dir + "/" + strings.Join(info.References, ","+store.dir+"/")
		text := fmt.Sprintf("1;%s;%s;%d;%s", info.StorePath, info.NarHash, info.NarSize, references)
		if len(info.Signatures) != 1 || !public.Verify(text, info.Signatures[0]) {
			t.Errorf("%s: bad signatures %v", info.StorePath, info.Signatures)
		}
		if listing := cache[node{Path: info.StorePath}.hash()+".ls"]; !strings.Contains(listing, `"version":1`) {
			t.Errorf("%s: the listing is %q", info.StorePath, listing)
		}
		if !strings.Contains(cache["index.html"], info.URL) {
			t.Errorf("%s: not on the index page", info.StorePath)
		}
		manifest.Size.Paths--
		manifest.Size.FileSize -= info.FileSize
		if info.StorePath == debug && (info.Deriver == "" || !strings.Contains(cache["debuginfo/"+buildID+".debug"], `"../`+info.URL+`"`)) {
			t.Errorf("the deriver is %q, the debug info index %q", info.Deriver, cache["debuginfo/"+buildID+".debug"])
		}
	}
	if len(infos) != 3 || manifest.Size.Paths != 0 || manifest.Size.FileSize != 0 {
		t.Errorf("%d narinfos, the manifest differs by %+v", len(infos), manifest.Size)
	}

	sums := ""
	for _, name := range slices.Sorted(maps.Keys(cache)) {
		if name != "SHA256SUMS" {
			sums += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(cache[name])), name)
		}
	}
	for _, test := range []struct{ file, text string }{
		{"nix-cache-info", "Priority: 7\n"},
		{"nix-cache-info", "WantMassQuery: 1\n"},
		{"index.html", ">two</a>"},
		{"index.html", "trusted-public-keys"},
		{"roots", root.Path + "\n" + excluded.Path + "\n"},
		{"default.nix", "  two = symlink "},
		{"manifest.json", `"publicKey": "test:`},
		{"SHA256SUMS", sums},
	} {
		if !strings.Contains(cache[test.file], test.text) {
			t.Errorf("%s: got %q, want %q in it", test.file, cache[test.file], test.text)
		}
	}

	delete(store.settings, "compressionLevel")
	if _, other := store.mustBuild(t); maps.Equal(other, cache) {
		t.Error("the level has no effect")
	}
}

func narInfos(t *testing.T, cache map[string]string) (infos []*narinfo.NarInfo) {
	t.Helper()
	for name, text := range cache {
		if strings.HasSuffix(name, ".narinfo") {
			info, err := narinfo.Parse(strings.NewReader(text))
			must(t, err)
			infos = append(infos, info)
		}
	}
	return infos
}
