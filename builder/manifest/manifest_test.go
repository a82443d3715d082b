package manifest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// at returns a store path with the given name and a hash part of 32 times the digit.
func at(digit int, name string) storepath.Path {
	return storepath.Path(fmt.Sprintf("/nix/store/%s-%s", strings.Repeat(fmt.Sprint(digit), 32), name))
}

func root(path storepath.Path, name, pname, version, output string, isDefault bool) closure.Root {
	return closure.Root{Path: path, Name: name, PName: pname, Version: version, OutputName: output, IsDefaultOutput: isDefault}
}

var (
	hello    = root(at(1, "hello-2.12.1"), "hello-2.12.1", "hello", "2.12.1", "out", true)
	helloDev = root(at(2, "hello-2.12.1-dev"), "hello-2.12.1", "hello", "2.12.1", "dev", false)
	curlBin  = root(at(3, "curl-8.1-bin"), "curl-8.1", "curl", "8.1", "bin", true)
	text     = closure.Root{Path: at(4, "text")}
	aDrv     = closure.Root{Path: at(5, "hello-2.12.1.drv")}
	older    = root(at(6, "hello-2.10"), "hello-2.10", "hello", "2.10", "out", true)
	patched  = root(at(7, "hello-2.12.1"), "hello-2.12.1", "hello", "2.12.1", "out", true)
)

func TestAttributeNames(t *testing.T) {
	named := func(path, name, pname string) closure.Root {
		return closure.Root{Path: at(8, path), Name: name, PName: pname}
	}
	for _, test := range []struct {
		roots []closure.Root
		want  string
	}{
		{[]closure.Root{hello, helloDev, curlBin, text, aDrv}, "hello hello-dev curl text hello-drv"},
		{[]closure.Root{hello, older}, "hello-2.12.1 hello-2.10"},
		{[]closure.Root{hello, patched}, "11111111111111111111111111111111-hello-2.12.1 77777777777777777777777777777777-hello-2.12.1"},
		{[]closure.Root{hello, patched, older}, "11111111111111111111111111111111-hello-2.12.1 77777777777777777777777777777777-hello-2.12.1 hello-2.10"},
		// The first candidate for the name of the third root is the second candidate for
		// the name of the second root.
		{[]closure.Root{hello, older, named("x", "", "hello-2.10")}, "hello-2.12.1 66666666666666666666666666666666-hello-2.10 x"},
		// Only the store path of the root is known, or its name is not valid.
		{[]closure.Root{{Path: at(1, "glibc-2.36-9+deb12u13-dev")}}, "glibc"},
		{[]closure.Root{{Path: at(1, "7-zip-19")}}, "7-zip"},
		{[]closure.Root{{Path: at(1, "-1.0")}}, "-1.0"},
		{[]closure.Root{{Path: at(1, "name-")}}, "name-"},
		{[]closure.Root{named("x-1", "", `"; evil`)}, "x"},
		{[]closure.Root{named("x-1", "${evil}", "")}, "x"},
		{[]closure.Root{named("x-1", "y-1.0", "")}, "y"},
		{[]closure.Root{root(at(1, "x"), "", "x", "", "a b", false)}, "x"},
		// A number is not an attribute name: nix-build -A takes it for the index of a
		// list.
		{[]closure.Root{root(at(1, "2048-1.0"), "2048-1.0", "2048", "1.0", "out", true)}, "2048-1.0"},
		{[]closure.Root{{Path: at(1, "2048")}, {Path: at(2, "7zip")}}, "11111111111111111111111111111111-2048 7zip"},
		{nil, ""},
	} {
		if got := strings.Join(attributeNames(test.roots), " "); got != test.want {
			t.Errorf("%v: got %s, want %s", test.roots, got, test.want)
		}
	}
}

// Attribute names are unique and do not depend on the order of the roots.
func TestAttributeNamesAreStable(t *testing.T) {
	roots := []closure.Root{hello, helloDev, curlBin, text, aDrv, older, patched, {Path: at(8, "hello-dev")}, {Path: at(9, "hello-2.10")}}
	want := map[storepath.Path]string{}
	for i, name := range attributeNames(roots) {
		want[roots[i].Path] = name
	}
	for range 20 {
		rand.Shuffle(len(roots), func(i, j int) { roots[i], roots[j] = roots[j], roots[i] })
		names := attributeNames(roots)
		for i, name := range names {
			if name != want[roots[i].Path] {
				t.Errorf("%s is %s, was %s", roots[i].Path, name, want[roots[i].Path])
			}
		}
		slices.Sort(names)
		if len(slices.Compact(names)) != len(roots) {
			t.Errorf("shared: %q", names)
		}
	}
}

func example() *Manifest {
	return New(
		Header{StoreDir: "/nix/store", Compression: "zstd", PublicKey: "key:<&>"},
		[]closure.Root{hello, text, hello, curlBin},
		[]*narinfo.NarInfo{
			info(hello.Path, 100, 10, hello.Path, at(9, "glibc")),
			info(at(9, "glibc"), 1000, 300, at(8, "libidn"), at(0, "elsewhere")),
			info(at(8, "libidn"), 20, 5, at(9, "glibc")), // a cycle
			info(text.Path, 3, 2),
			info(at(7, "other"), 7, 7, hello.Path),
		})
}

func info(path storepath.Path, narSize, fileSize uint64, references ...storepath.Path) *narinfo.NarInfo {
	info := &narinfo.NarInfo{StorePath: string(path), NarSize: narSize, FileSize: fileSize}
	for _, reference := range references {
		info.References = append(info.References, reference.Base())
	}
	return info
}

func TestManifest(t *testing.T) {
	m := example()
	got, err := m.JSON()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "version": 1,
  "storeDir": "/nix/store",
  "compression": "zstd",
  "publicKey": "key:<&>",
  "size": {
    "paths": 5,
    "narSize": 1130,
    "fileSize": 324
  },
  "roots": [
    {
      "attribute": "hello",
      "path": "/nix/store/11111111111111111111111111111111-hello-2.12.1",
      "name": "hello-2.12.1",
      "pname": "hello",
      "version": "2.12.1",
      "output": "out",
      "inCache": true,
      "closure": {
        "paths": 3,
        "narSize": 1120,
        "fileSize": 315
      }
    },
    {
      "attribute": "text",
      "path": "/nix/store/44444444444444444444444444444444-text",
      "name": "text",
      "inCache": true,
      "closure": {
        "paths": 1,
        "narSize": 3,
        "fileSize": 2
      }
    },
    {
      "attribute": "curl",
      "path": "/nix/store/33333333333333333333333333333333-curl-8.1-bin",
      "name": "curl-8.1",
      "pname": "curl",
      "version": "8.1",
      "output": "bin",
      "inCache": false,
      "closure": {
        "paths": 0,
        "narSize": 0,
        "fileSize": 0
      }
    }
  ]
}
`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	if got, want := m.RootList(), string(hello.Path+"\n"+text.Path+"\n"+curlBin.Path+"\n"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Without roots, the list of roots in manifest.json is [], not null.
func TestNoRoots(t *testing.T) {
	m := New(Header{}, nil, nil)
	got, err := m.JSON()
	if err != nil || !strings.Contains(string(got), `"roots": []`) || m.RootList() != "" || !strings.HasSuffix(m.DefaultNix(), "\n{\n}\n") {
		t.Errorf("got %s, %q, %v", got, m.RootList(), err)
	}
}

// Nix evaluates default.nix to the right store paths for unusual names and store
// directories.
func TestNixEvaluates(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Nix, which a build does not have")
	}
	const storeDir = "/a \"b\" ${c} \\ 'd'\n/store"
	roots := []closure.Root{text, aDrv, older, hello}
	want := map[string]string{}
	for _, name := range []string{"7zip", "with", "or", "a.b", "x+y", "-", "_", "a-1", "é", "assert"} {
		roots = append(roots, closure.Root{Path: at(8, "path-of"), PName: name})
	}
	for i := range roots {
		hash := strings.Repeat(string("0123456789abcdf"[i]), 32)
		roots[i].Path = storepath.Path(storeDir + "/" + hash + "-" + roots[i].Path.Name())
	}
	for i, name := range attributeNames(roots) {
		want[name] = string(roots[i].Path)
	}
	file := filepath.Join(t.TempDir(), "default.nix")
	if err := os.WriteFile(file, []byte(New(Header{}, roots, nil).DefaultNix()), 0o644); err != nil {
		t.Fatal(err)
	}
	// The test replaces the builtins that access store paths, since the store paths do
	// not exist.
	const read = `file: let
		scope = { builtins = { inherit (builtins) seq; storePath = path: path; }; derivation = attributes: attributes; import = path: { }; };
	in builtins.mapAttrs (_: root: root.storePath) (scopedImport scope file)`
	command := exec.Command("nix-instantiate", "--eval", "--strict", "--json", "-E", "("+read+") "+file)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got := map[string]string{}
	if err := json.Unmarshal(out[strings.IndexByte(string(out), '{'):], &got); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// BenchmarkNew makes the manifest of a cache with 5,000 store paths, all of them roots.
func BenchmarkNew(b *testing.B) {
	var roots []closure.Root
	var infos []*narinfo.NarInfo
	for i := range 5000 {
		var references []storepath.Path
		for j := 0; j < 8 && j*j < i; j++ {
			references = append(references, roots[i-1-j*j].Path)
		}
		path := storepath.Path(fmt.Sprintf("/nix/store/%032d-name-%d", i, i))
		infos = append(infos, info(path, 1, 1, references...))
		roots = append(roots, closure.Root{Path: path})
	}
	for b.Loop() {
		New(Header{}, roots, infos)
	}
}
