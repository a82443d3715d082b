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

	"mkbinarycache/builder/storepath"
)

// at is the store path with a hash of that digit.
func at(digit int, name string) storepath.Path {
	return storepath.Path(fmt.Sprintf("/nix/store/%s-%s", strings.Repeat(fmt.Sprint(digit), 32), name))
}

var (
	hello    = Root{at(1, "hello-2.12.1"), "hello-2.12.1", "hello", "2.12.1", "out", true}
	helloDev = Root{at(2, "hello-2.12.1-dev"), "hello-2.12.1", "hello", "2.12.1", "dev", false}
	curlBin  = Root{at(3, "curl-8.1-bin"), "curl-8.1", "curl", "8.1", "bin", true}
	text     = Root{Path: at(4, "text")}
	aDrv     = Root{Path: at(5, "hello-2.12.1.drv")}
	older    = Root{at(6, "hello-2.10"), "hello-2.10", "hello", "2.10", "out", true}
	patched  = Root{at(7, "hello-2.12.1"), "hello-2.12.1", "hello", "2.12.1", "out", true}
)

func TestAttributes(t *testing.T) {
	named := func(path, name, pname string) Root { return Root{Path: at(8, path), Name: name, PName: pname} }
	for _, test := range []struct {
		roots []Root
		want  string
	}{
		{[]Root{hello, helloDev, curlBin, text, aDrv}, "hello hello-dev curl text hello-drv"},
		{[]Root{hello, older}, "hello-2.12.1 hello-2.10"},
		{[]Root{hello, patched}, "11111111111111111111111111111111-hello-2.12.1 77777777777777777777777777777777-hello-2.12.1"},
		{[]Root{hello, patched, older}, "11111111111111111111111111111111-hello-2.12.1 77777777777777777777777777777777-hello-2.12.1 hello-2.10"},
		// One that is called as another would be next.
		{[]Root{hello, older, named("x", "", "hello-2.10")}, "hello-2.12.1 66666666666666666666666666666666-hello-2.10 x"},
		// What only the store path tells, or what cannot be a name.
		{[]Root{{Path: at(1, "glibc-2.36-9+deb12u13-dev")}}, "glibc"},
		{[]Root{{Path: at(1, "7-zip-19")}}, "7-zip"},
		{[]Root{{Path: at(1, "-1.0")}}, "-1.0"},
		{[]Root{{Path: at(1, "name-")}}, "name-"},
		{[]Root{named("x-1", "", `"; evil`)}, "x"},
		{[]Root{named("x-1", "${evil}", "")}, "x"},
		{[]Root{named("x-1", "y-1.0", "")}, "y"},
		{[]Root{{at(1, "x"), "", "x", "", "a b", false}}, "x"},
		{nil, ""},
	} {
		if got := strings.Join(attributes(test.roots), " "); got != test.want {
			t.Errorf("%v: got %s, want %s", test.roots, got, test.want)
		}
	}
}

// The order of the roots makes no difference to their names, of which each has one.
func TestAttributesAreStable(t *testing.T) {
	roots := []Root{hello, helloDev, curlBin, text, aDrv, older, patched, {Path: at(8, "hello-dev")}, {Path: at(9, "hello-2.10")}}
	want := map[storepath.Path]string{}
	for i, name := range attributes(roots) {
		want[roots[i].Path] = name
	}
	for range 20 {
		rand.Shuffle(len(roots), func(i, j int) { roots[i], roots[j] = roots[j], roots[i] })
		names := attributes(roots)
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

func example() Cache {
	return Cache{
		StoreDir: "/nix/store", Compression: "zstd", PublicKey: "key:<&>",
		Roots: []Root{hello, text, hello, curlBin},
		Paths: []Path{
			{hello.Path, 100, 10, []storepath.Path{hello.Path, at(9, "glibc")}},
			{at(9, "glibc"), 1000, 300, []storepath.Path{at(8, "libidn"), at(0, "elsewhere")}},
			{at(8, "libidn"), 20, 5, []storepath.Path{at(9, "glibc")}}, // a cycle
			{text.Path, 3, 2, nil},
			{at(7, "other"), 7, 7, []storepath.Path{hello.Path}},
		},
	}
}

func TestManifest(t *testing.T) {
	m := New(example())
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

// No roots are a list of none, and not null.
func TestNoRoots(t *testing.T) {
	m := New(Cache{})
	got, err := m.JSON()
	if err != nil || !strings.Contains(string(got), `"roots": []`) || m.RootList() != "" || !strings.HasSuffix(m.Nix(), "\n{\n}\n") {
		t.Errorf("got %s, %q, %v", got, m.RootList(), err)
	}
}

// Nix reads default.nix as it is meant, whatever the names and the store directory
// are.
func TestNixReads(t *testing.T) {
	const storeDir = "/a \"b\" ${c} \\ 'd'\n/store"
	roots := []Root{text, aDrv, older, hello}
	want := map[string]string{}
	for _, name := range []string{"7zip", "with", "or", "a.b", "x+y", "-", "_", "a-1", "é", "assert"} {
		roots = append(roots, Root{Path: at(8, "path-of"), PName: name})
	}
	for i := range roots {
		hash := strings.Repeat(string("0123456789abcdf"[i]), 32)
		roots[i].Path = storepath.Path(storeDir + "/" + hash + "-" + roots[i].pathName())
	}
	for i, name := range attributes(roots) {
		want[name] = string(roots[i].Path)
	}
	file := filepath.Join(t.TempDir(), "default.nix")
	if err := os.WriteFile(file, []byte(New(Cache{Roots: roots}).Nix()), 0o644); err != nil {
		t.Fatal(err)
	}
	// builtins cannot be had without evaluating the paths, which are not there.
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

// Thousands of roots of a cache of thousands of paths take no time to speak of.
func BenchmarkNew(b *testing.B) {
	var cache Cache
	for i := range 5000 {
		path := Path{Path: storepath.Path(fmt.Sprintf("/nix/store/%032d-name-%d", i, i))}
		for j := 0; j < 8 && j*j < i; j++ {
			path.References = append(path.References, cache.Paths[i-1-j*j].Path)
		}
		cache.Paths = append(cache.Paths, path)
		cache.Roots = append(cache.Roots, Root{Path: path.Path})
	}
	for b.Loop() {
		New(cache)
	}
}
