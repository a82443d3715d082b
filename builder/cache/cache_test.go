package cache

import (
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

const (
	storeHash = "1b9p07z77phvv2hf6gm9f28syp39f1ag"
	narHash   = "sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0"
	fileHash  = "1a86nbqhcarmvlkgf4sx3x1ijlb00x57xfk2d0p4zpqb3kcqjw17" // of "bytes"
)

func info(t testing.TB) *narinfo.NarInfo {
	t.Helper()
	hash, err := nixhash.ParseAny(narHash, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &narinfo.NarInfo{
		StorePath:   "/nix/store/" + storeHash + "-hello",
		Compression: "zstd",
		NarHash:     hash, NarSize: 7,
		References: []string{storeHash + "-hello"},
		CA:         "text:" + narHash,
	}
}

func create(t *testing.T) (*Dir, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache")
	dir, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return dir, path
}

func archive(t *testing.T, dir *Dir) *Archive {
	t.Helper()
	a, err := dir.NewArchive(storeHash, ".zst")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(a, "bytes"); err != nil {
		t.Fatal(err)
	}
	return a
}

// files lists the tree below root with the contents of its files.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			found[name] = "directory"
			return nil
		}
		contents, err := os.ReadFile(path)
		found[name] = string(contents)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCache(t *testing.T) {
	dir, path := create(t)
	a := archive(t, dir)
	if err := a.Publish(info(t), Extras{Listing: []byte(`{"version":1}`)}); err != nil {
		t.Fatal(err)
	}
	a.Discard() // which must leave the published file alone
	if err := dir.Finish(Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"nix-cache-info": "StoreDir: /nix/store\n",
		"nar":            "directory", "realisations": "directory", "build-trace-v2": "directory", "debuginfo": "directory", "log": "directory",
		"nar/" + fileHash + ".nar.zst": "bytes",
		storeHash + ".ls":              `{"version":1}`,
		storeHash + ".narinfo": `StorePath: /nix/store/1b9p07z77phvv2hf6gm9f28syp39f1ag-hello
URL: nar/` + fileHash + `.nar.zst
Compression: zstd
FileHash: sha256:` + fileHash + `
FileSize: 5
NarHash: sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0
NarSize: 7
References: 1b9p07z77phvv2hf6gm9f28syp39f1ag-hello
CA: text:sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0
`,
	}
	got := files(t, path)
	for name, contents := range want {
		if got[name] != contents {
			t.Errorf("%s: got %q, want %q", name, got[name], contents)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d files, want %d: %q", len(got), len(want), got)
	}
}

// Nix rejects a narinfo whose empty References line lacks the space.
func TestNoReferences(t *testing.T) {
	dir, path := create(t)
	i := info(t)
	i.References = nil
	if err := archive(t, dir).Publish(i, Extras{}); err != nil {
		t.Fatal(err)
	}
	if got := files(t, path)[storeHash+".narinfo"]; !strings.Contains(got, "\nReferences: \n") {
		t.Errorf("got %q", got)
	}
}

func TestDiscard(t *testing.T) {
	dir, path := create(t)
	archive(t, dir).Discard()
	for name, contents := range files(t, path) {
		if contents != "directory" {
			t.Errorf("left behind: %s", name)
		}
	}
}

// A directory with files of the derivation's own is fine, a cache is not.
func TestCreateWhereSomethingIs(t *testing.T) {
	path := t.TempDir()
	if _, err := Create(path); err != nil {
		t.Errorf("in an empty directory: %v", err)
	}
	if _, err := Create(path); err == nil || !strings.Contains(err.Error(), path+"/nar: file exists") {
		t.Errorf("in a cache: got error %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("in a file: got error %v", err)
	}
}

func TestWriteListingFails(t *testing.T) {
	dir, path := create(t)
	a := archive(t, dir)
	defer a.Discard()
	if err := os.Mkdir(filepath.Join(path, storeHash+".ls"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := a.Publish(info(t), Extras{Listing: []byte{}}); err == nil || !strings.Contains(err.Error(), storeHash+".ls") {
		t.Errorf("got error %v", err)
	}
	if _, err := os.Stat(filepath.Join(path, storeHash+".ls"+draftSuffix)); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}

// What fails half-way leaves nothing under a final name.
func TestPublishFails(t *testing.T) {
	dir, path := create(t)
	a := archive(t, dir)
	if err := os.Mkdir(filepath.Join(path, storeHash+".narinfo"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := a.Publish(info(t), Extras{}); err == nil || !strings.Contains(err.Error(), storeHash+".narinfo") {
		t.Errorf("got error %v", err)
	}
	a.Discard()
	for name := range files(t, path) {
		if strings.HasSuffix(name, draftSuffix) {
			t.Errorf("left behind: %s", name)
		}
	}
}

// What is listed before the cache is finished is what it has then.
func TestFiles(t *testing.T) {
	dir, path := create(t)
	dir.SumFiles()
	a, i := archive(t, dir), info(t)
	if err := a.Publish(i, Extras{[]byte("{}"), []string{BuildIDDir + "/ab/" + strings.Repeat("c", 38) + ".debug"}}); err != nil {
		t.Fatal(err)
	}
	got, err := dir.Files()
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Finish(Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	finished := files(t, path)
	for _, name := range dirs {
		delete(finished, name)
	}
	if want := slices.Sorted(maps.Keys(finished)); !slices.Equal(got, want) || len(want) != 6 {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The sums are those of what is there, the last file's too, which is written later.
func TestSums(t *testing.T) {
	dir, path := create(t)
	dir.SumFiles()
	a := archive(t, dir)
	if err := a.Publish(info(t), Extras{Listing: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	if err := dir.Finish(Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	check.Dir = path
	out, err := check.CombinedOutput()
	want := storeHash + ".ls: OK\n" + storeHash + ".narinfo: OK\nnar/" + fileHash + ".nar.zst: OK\nnix-cache-info: OK\n"
	if string(out) != want || err != nil {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
}
