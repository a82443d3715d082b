package attrs

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/nixhash"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

const (
	hello = "/nix/store/1b9p07z77phvv2hf6gm9f28syp39f1ag-hello-2.12.1"
	glibc = "/nix/store/c10zhkbp6jmyh0xc5kd123ga8yy2p4hk-glibc-2.39"
	hash  = "sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0"

	glibcNode = `{"path":"` + glibc + `","narHash":"` + hash + `","narSize":120,"references":[]}`
)

func TestParse(t *testing.T) {
	attrs, err := Parse([]byte(`{
		"name": "binary-cache",
		"compression": "xz",
		"compressionLevel": 9,
		"exclude": [{"path": "`+glibc+`", "narHash": "", "narSize": 0}],
		"targetTools": [`+glibcNode+`],
		"targetZstd": "`+glibc+`/bin/zstd",
		"shard": {"index": 1, "count": 2},
		"reuse": ["/cache"],
		"secretKeyFile": "/key",
		"derivers": ["`+hello+`.drv"],
		"priority": -1,
		"writeNarListing": true,
		"indexDebugInfo": true,
		"index": true,
		"sha256sums": true,
		"manifest": true,
		"roots": [{"path": "`+hello+`", "name": "hello-2", "pname": "hello", "version": "2", "outputName": "out", "isDefaultOutput": true}, {"path": "`+glibc+`", "pname": null}],
		"wantMassQuery": true,
		"outputs": {"out": "/nix/store/out"},
		"closure": [
			`+glibcNode+`,
			{"path":"`+hello+`","narHash":"`+hash+`","narSize":226552,"closureSize":1,"valid":true,
			 "references":["`+glibc+`","`+hello+`"],"ca":"fixed:r:`+hash+`"}
		]}`), "/nix/store")
	if err != nil {
		t.Fatal(err)
	}
	nine, minusOne := 9, int32(-1)
	narHash, err := nixhash.ParseAny(hash, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &Attrs{
		Name: "binary-cache",
		Out:  "/nix/store/out",
		Closure: []closure.PathInfo{
			{StorePath: glibc, NarHash: narHash, NarSize: 120, References: []storepath.Path{}},
			// The references of a store path are sorted by base name, as Nix sorts them
			// in a narinfo.
			{StorePath: hello, NarHash: narHash, NarSize: 226552, References: []storepath.Path{hello, glibc}, CA: "fixed:r:" + hash},
		},
		Exclude:          []storepath.Path{glibc},
		TargetTools:      []closure.PathInfo{{StorePath: glibc, NarHash: narHash, NarSize: 120, References: []storepath.Path{}}},
		TargetZstd:       glibc + "/bin/zstd",
		Compression:      "xz",
		CompressionLevel: &nine,
		Shard:            &closure.Shard{Index: 1, Count: 2},
		Reuse:            []string{"/cache"},
		SecretKeyFile:    "/key",
		WriteNarListing:  true, IndexDebugInfo: true, Index: true, SHA256Sums: true, Manifest: true,
		Roots: []closure.Root{
			{Path: hello, Name: "hello-2", PName: "hello", Version: "2", OutputName: "out", IsDefaultOutput: true},
			{Path: glibc},
		},
		Derivers:      []storepath.Path{hello + ".drv"},
		Priority:      &minusOne,
		WantMassQuery: true,
	}
	if !reflect.DeepEqual(attrs, want) {
		t.Errorf("got %+v, want %+v", attrs, want)
	}
}

func TestParseWithoutAttributes(t *testing.T) {
	for _, text := range []string{
		`{"closure": []}`,
		`{"closure": [], "outputs": null, "compression": null, "compressionLevel": null, "shard": null, "reuse": null, "secretKeyFile": null, "derivers": null, "priority": null, "writeNarListing": null, "indexDebugInfo": null, "wantMassQuery": null}`,
	} {
		attrs, err := Parse([]byte(text), "/nix/store")
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(attrs, &Attrs{Closure: []closure.PathInfo{}}) {
			t.Errorf("%s: got %+v", text, attrs)
		}
	}
}

// A NAR hash in any form that Nix accepts is converted to Nix's base 32.
func TestParseNarHash(t *testing.T) {
	hex := "d9d734b28b3d1ccd3a6d5ca8b31d5f1d0f5d6b0d8e6ee2dc02ffd43ae3ae25c8"
	base64 := "2dc0sos9HM06bVyosx1fHQ9daw2ObuLcAv/UOuOuJcg="
	want := "sha256:1j15mvikmm7z0bff4vlf1mmms3qxbwfv7a2wdlxcs71xifr39myr"
	for _, form := range []string{want, "sha256:" + hex, "sha256:" + strings.ToUpper(hex), "sha256:" + base64, "sha256-" + base64} {
		attrs, err := Parse([]byte(oneNode(glibc, form, "1", "")), "/nix/store")
		if err != nil {
			t.Error(err)
		} else if got := attrs.Closure[0].NarHash.String(); got != want {
			t.Errorf("%s: got %s, want %s", form, got, want)
		}
	}
}

// Parse keeps a reference to a store path that is not in the graph: users may remove
// store paths from the graph that Nix writes.
func TestParseFiltered(t *testing.T) {
	attrs, err := Parse([]byte(oneNode(hello, hash, "1", `"`+glibc+`"`)), "/nix/store")
	if err != nil {
		t.Fatal(err)
	}
	if got := attrs.Closure; len(got) != 1 || !slices.Equal(got[0].References, []storepath.Path{glibc}) {
		t.Errorf("got %+v", got)
	}
}

// malformed has each kind of malformed .attrs.json, and a part of the expected error.
var malformed = []struct{ name, json, want string }{
	{"empty", ``, "malformed attributes"},
	{"truncated", `{"closure": [`, "malformed attributes"},
	{"not JSON", `hello`, "malformed attributes"},
	{"not an object", `[]`, "malformed attributes"},
	{"no graph", `{}`, `missing attribute "closure"; set exportReferencesGraph.closure = `},
	{"graph with capitals", `{"Closure": []}`, `missing attribute "closure"; set exportReferencesGraph.closure = `},
	{"null graph", `{"closure": null}`, "malformed: expected a list, got null"},
	{"graph is a string", `{"closure": "/nix/store"}`, `graph "closure": malformed: `},
	{"outputs is a list", `{"closure": [], "outputs": []}`, `malformed attribute "outputs"`},
	{"compression is a number", `{"closure": [], "compression": 3}`, `malformed attribute "compression"`},
	{"level is a string", `{"closure": [], "compressionLevel": "3"}`, `malformed attribute "compressionLevel"`},
	{"level is a fraction", `{"closure": [], "compressionLevel": 3.5}`, `malformed attribute "compressionLevel"`},
	{"exclude is a path", `{"closure": [], "exclude": "` + hello + `"}`, `malformed attribute "exclude": `},
	{"exclude has no path", `{"closure": [], "exclude": [{"narSize": 1}]}`, `graph "exclude": malformed store path ""`},
	{"base is a path", `{"closure": [], "deltaFrom": "` + hello + `"}`, `graph "deltaFrom": malformed: `},
	{"base without a hash", `{"closure": [], "deltaFrom": [{"path": "` + hello + `"}]}`, `graph "deltaFrom": entry 0: `},
	{"tool outside the store", `{"closure": [], "targetTools": [{"path": "/bin"}]}`, `graph "targetTools": entry 0: malformed store path "/bin"`},
	{"zstd program outside the store", `{"closure": [], "targetZstd": "/bin/zstd"}`, `malformed attribute "targetZstd": malformed store path`},
	{"zstd program with a command", `{"closure": [], "targetZstd": "` + hello + `; rm"}`, `malformed attribute "targetZstd": malformed store path`},
	{"shard of patches", `{"closure": [], "deltaFrom": [], "shard": {"index": 0, "count": 2}}`, `graph "deltaFrom" not allowed with attribute "shard"`},
	{"shard is a number", `{"closure": [], "shard": 1}`, `malformed attribute "shard"`},
	{"shard is empty", `{"closure": [], "shard": {}}`, `malformed attribute "shard": index 0 out of range, count is 0`},
	{"shard beyond the last", `{"closure": [], "shard": {"index": 2, "count": 2}}`, `malformed attribute "shard": index 2 out of range, count is 2`},
	{"shard before the first", `{"closure": [], "shard": {"index": -1, "count": 2}}`, `malformed attribute "shard": index -1 out of range, count is 2`},
	{"reuse is a path", `{"closure": [], "reuse": "` + hello + `"}`, `malformed attribute "reuse"`},
	{"secret key file is a list", `{"closure": [], "secretKeyFile": []}`, `malformed attribute "secretKeyFile"`},
	{"derivers is a boolean", `{"closure": [], "derivers": true}`, `malformed attribute "derivers"`},
	{"a deriver is null", `{"closure": [], "derivers": [null]}`, `malformed attribute "derivers": malformed store path ""`},
	{"a deriver outside the store", `{"closure": [], "derivers": ["/etc/x.drv"]}`, `malformed attribute "derivers": malformed store path "/etc/x.drv"`},
	{"a deriver is not a .drv file", `{"closure": [], "derivers": ["` + hello + `"]}`, `malformed attribute "derivers": "` + hello + `" is not a .drv file`},
	{"priority is too large", `{"closure": [], "priority": 2147483648}`, `malformed attribute "priority"`},
	{"listing is a string", `{"closure": [], "writeNarListing": "yes"}`, `malformed attribute "writeNarListing"`},
	{"name is a list", `{"closure": [], "name": []}`, `malformed attribute "name"`},
	{"index is a string", `{"closure": [], "index": "yes"}`, `malformed attribute "index"`},
	{"checksums are a string", `{"closure": [], "sha256sums": "yes"}`, `malformed attribute "sha256sums"`},
	{"manifest is a string", `{"closure": [], "manifest": "yes"}`, `malformed attribute "manifest"`},
	{"roots are paths", `{"closure": [], "roots": ["` + hello + `"]}`, `malformed attribute "roots"`},
	{"a root without a path", `{"closure": [], "roots": [{"name": "hello"}]}`, `malformed attribute "roots": malformed store path ""`},
	{"a root outside the store", `{"closure": [], "roots": [{"path": "/etc"}]}`, `malformed attribute "roots": malformed store path "/etc"`},
	{"a root with a number", `{"closure": [], "roots": [{"path": "` + hello + `", "version": 2}]}`, `malformed attribute "roots"`},
	{"debug info is a number", `{"closure": [], "indexDebugInfo": 1}`, `malformed attribute "indexDebugInfo"`},
	{"mass query is a number", `{"closure": [], "wantMassQuery": 1}`, `malformed attribute "wantMassQuery"`},
	{"duplicate", `{"closure": [` + glibcNode + `,` + glibcNode + `]}`, "glibc-2.39: duplicate store path hash in the graph, also used by " + glibc},
	{"same hash", `{"closure": [` + glibcNode + `,` + strings.Replace(glibcNode, "glibc", "musl", 1) + `]}`, "musl-2.39: duplicate store path hash in the graph, also used by " + glibc},
	{"empty path", oneNode("", hash, "1", ""), `malformed store path ""`},
	{"outside the store", oneNode("/etc/passwd", hash, "1", ""), `malformed store path "/etc/passwd"`},
	{"escaping", oneNode("/nix/store/../../etc/passwd", hash, "1", ""), `malformed store path "/nix/store/../../etc/passwd"`},
	{"below a store path", oneNode(glibc+"/lib", hash, "1", ""), `malformed store path "` + glibc + `/lib"`},
	{"line break", oneNode(glibc+`\nSig: x`, hash, "1", ""), "illegal character"},
	{"hash of another algorithm", oneNode(glibc, "md5:1b4sb93wp679q4zx9k1ignby1y", "1", ""), `malformed narHash "md5:`},
	{"hash too short", oneNode(glibc, "sha256:1b4s", "1", ""), `malformed narHash "sha256:1b4s"`},
	{"hash with illegal characters", oneNode(glibc, "sha256:"+strings.Repeat("e", 52), "1", ""), "malformed narHash"},
	{"negative size", oneNode(glibc, hash, "-1", ""), "malformed narSize -1: must be positive"},
	{"no hash", oneNode(glibc, "sha256:"+strings.Repeat("0", 52), "1", ""), `graph "closure": entry 0: ` + glibc + ": NAR hash not registered in the Nix database"},
	{"no hash in base 16", oneNode(glibc, "sha256:"+strings.Repeat("0", 64), "1", ""), "NAR hash not registered"},
	{"no size", oneNode(glibc, hash, "0", ""), glibc + ": NAR size not registered in the Nix database"},
	{"size is missing", `{"closure": [{"path":"` + glibc + `","narHash":"` + hash + `","references":[]}]}`, "NAR size not registered"},
	{"hash of another length", oneNode(glibc, "sha512:"+strings.Repeat("1", 128), "1", ""), ": must be SHA-256"},
	{"SRI in base 16", oneNode(glibc, "sha256-"+strings.Repeat("1", 64), "1", ""), "malformed narHash"},
	{"base 64 with line breaks", oneNode(glibc, `sha256:`+strings.Repeat("1", 39)+`=\n\n\n\n`, "1", ""), "malformed narHash"},
	{"hash alone", oneNode(glibc, strings.Repeat("1", 64), "1", ""), "malformed narHash"},
	{"huge size", oneNode(glibc, hash, "99999999999999999999", ""), "99999999999999999999"},
	{"size as a string", oneNode(glibc, hash, `"1"`, ""), `graph "closure": malformed: `},
	{"reference outside the store", oneNode(glibc, hash, "1", `"/etc"`), `reference: malformed store path "/etc"`},
	{"content address with a line break", strings.Replace(oneNode(glibc, hash, "1", ""), `}`, `,"ca":"text:a\nSig: b"}`, 1), `malformed ca "text:a\nSig: b"`},
}

func oneNode(path, hash, size, references string) string {
	return `{"closure": [{"path":"` + path + `","narHash":"` + hash + `","narSize":` + size + `,"references":[` + references + `]}]}`
}

func TestParseMalformed(t *testing.T) {
	for _, test := range malformed {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]byte(test.json), "/nix/store")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"closure": [` + glibcNode + `]}`))
	for _, test := range malformed {
		f.Add([]byte(test.json))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		attrs, err := Parse(data, "/nix/store")
		if err != nil {
			return
		}
		for _, p := range attrs.Closure {
			lines := p.CA + string(p.StorePath) + p.NarHash.String()
			for _, reference := range p.References {
				lines += string(reference)
			}
			if strings.ContainsAny(lines, " \r\n\x00") || p.NarSize <= 0 || len(p.NarHash.String()) != len(hash) {
				t.Errorf("accepted %+v", p)
			}
		}
	})
}

// Errors of ReadFile name the file.
func TestReadFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".attrs.json")
	for _, want := range []string{"open " + file + ": no such file", file + ": malformed attributes: "} {
		if _, err := ReadFile(file, "/nix/store"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte(`{"closure": [], "name": "x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if attrs, err := ReadFile(file, "/nix/store"); err != nil || attrs.Name != "x" {
		t.Errorf("got %+v, %v", attrs, err)
	}
}

func TestFindFile(t *testing.T) {
	present := filepath.Join(t.TempDir(), ".attrs.json")
	if err := os.WriteFile(present, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	// FindFile skips a file that does not exist, as with Nix 2.4 to 2.14 inside the
	// sandbox.
	got, err := FindFile("", filepath.Join(t.TempDir(), "absent"), present)
	if got != present || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := FindFile("", "/absent"); err == nil || !strings.Contains(err.Error(), `"/absent"`) {
		t.Errorf("got error %v, want one with the names", err)
	}
}
