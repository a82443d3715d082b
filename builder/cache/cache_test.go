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

func narFile(t *testing.T, dir *Dir) *NarFile {
	t.Helper()
	f, err := dir.NewNarFile(storeHash, ".zst")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "bytes"); err != nil {
		t.Fatal(err)
	}
	return f
}

// files returns the contents of the files below root by their relative paths.
func files(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		contents, err := os.ReadFile(path)
		found[path[len(root)+1:]] = string(contents)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A cache with every kind of file. Files lists also the files that Finish has not written
// yet, and SHA256SUMS has the checksums of all files, also of nix-cache-info, the last
// one.
func TestCache(t *testing.T) {
	dir, path := create(t)
	dir.EnableSHA256Sums()
	f := narFile(t, dir)
	if err := f.Publish(info(t), Extras{[]byte(`{"version":1}`), []string{member(id)}}); err != nil {
		t.Fatal(err)
	}
	f.Discard() // does not remove a published file
	listed, err := dir.Files()
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Finish(Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	got := files(t, path)
	if names := slices.Sorted(maps.Keys(got)); !slices.Equal(listed, names) {
		t.Errorf("listed %q, found %q", listed, names)
	}
	delete(got, "SHA256SUMS")
	want := map[string]string{
		"nix-cache-info":               "StoreDir: /nix/store\n",
		"debuginfo/" + id + ".debug":   `{"archive":"../nar/` + fileHash + `.nar.zst","member":"` + member(id) + `"}`,
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
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, name := range []string{"realisations", "build-trace-v2", "log"} {
		if entries, err := os.ReadDir(filepath.Join(path, name)); err != nil || len(entries) > 0 {
			t.Errorf("%s: got %v, %v, want an empty directory", name, entries, err)
		}
	}
	sha256sum := exec.Command("sha256sum", "-c", "SHA256SUMS")
	sha256sum.Dir = path
	out, err := sha256sum.CombinedOutput()
	if sums, _ := os.ReadFile(filepath.Join(path, "SHA256SUMS")); err != nil || strings.Count(string(sums), "\n") != len(want) {
		t.Errorf("sha256sum: %v, %s; SHA256SUMS has %q", err, out, sums)
	}
}

// A narinfo without references has a space after "References:": Nix rejects a narinfo
// without this space.
func TestNoReferences(t *testing.T) {
	dir, path := create(t)
	i := info(t)
	i.References = nil
	if err := narFile(t, dir).Publish(i, Extras{}); err != nil {
		t.Fatal(err)
	}
	if got := files(t, path)[storeHash+".narinfo"]; !strings.Contains(got, "\nReferences: \n") {
		t.Errorf("got %q", got)
	}
}

func TestDiscard(t *testing.T) {
	dir, path := create(t)
	narFile(t, dir).Discard()
	if got := files(t, path); len(got) > 0 {
		t.Errorf("left behind: %q", got)
	}
}

// No failed write leaves a temporary file. A directory with the final name of the file
// makes the write fail.
func TestFailuresLeaveNoTemporaryFile(t *testing.T) {
	for _, name := range []string{
		storeHash + ".ls", "nar/" + fileHash + ".nar.zst", storeHash + ".narinfo", "debuginfo/" + id + ".debug", "SHA256SUMS", "nix-cache-info",
	} {
		dir, path := create(t)
		dir.EnableSHA256Sums()
		if err := os.Mkdir(filepath.Join(path, name), 0o755); err != nil {
			t.Fatal(err)
		}
		f := narFile(t, dir)
		err := f.Publish(info(t), Extras{[]byte("{}"), []string{member(id)}})
		if err == nil {
			err = dir.Finish(Info{StoreDir: "/nix/store"})
		}
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got error %v", name, err)
		}
		f.Discard()
		for left := range files(t, path) {
			if strings.HasSuffix(left, tempSuffix) {
				t.Errorf("%s: left behind: %s", name, left)
			}
		}
	}
}

// Create accepts a directory with other files, but not a directory with a cache.
func TestCreate(t *testing.T) {
	path := t.TempDir()
	file := filepath.Join(path, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path); err != nil {
		t.Errorf("in a directory with a file: %v", err)
	}
	for existing, want := range map[string]string{path: path + "/nar: file exists", file: file} {
		if _, err := Create(existing); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", existing, err, want)
		}
	}
}

func TestInfo(t *testing.T) {
	priority := int32(-5)
	for want, info := range map[string]Info{
		"StoreDir: /nix/store\n":                                 {StoreDir: "/nix/store"},
		"StoreDir: /gnu/store\nWantMassQuery: 1\nPriority: -5\n": {"/gnu/store", true, &priority},
	} {
		if got := info.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
