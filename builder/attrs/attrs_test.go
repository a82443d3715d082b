package attrs

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

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
	if attrs.Out != "/nix/store/out" || attrs.Compression != "xz" || len(attrs.Closure) != 2 {
		t.Fatalf("got %+v", attrs)
	}
	if *attrs.CompressionLevel != 9 || len(attrs.Exclude) != 1 || attrs.Exclude[0] != glibc || *attrs.Shard != (Shard{1, 2}) || !slices.Equal(attrs.Reuse, []string{"/cache"}) ||
		attrs.SecretKeyFile != "/key" || !slices.Equal(attrs.Derivers, []storepath.Path{hello + ".drv"}) || *attrs.Priority != -1 || !attrs.WantMassQuery || !attrs.WriteNarListing || !attrs.IndexDebugInfo || !attrs.Index || !attrs.SHA256Sums || attrs.Name != "binary-cache" {
		t.Fatalf("got %+v", attrs)
	}
	if want := []Root{{hello, "hello-2", "hello", "2", "out", true}, {Path: glibc}}; !attrs.Manifest || !slices.Equal(attrs.Roots, want) {
		t.Errorf("roots: got %+v, want %+v", attrs.Roots, want)
	}
	p := attrs.Closure[1]
	if p.StorePath != hello || p.NarHash.String() != hash || p.NarSize != 226552 || p.CA != "fixed:r:"+hash {
		t.Errorf("got %+v", p)
	}
	// Sorted by base name, as Nix writes them into a narinfo.
	if want := []storepath.Path{hello, glibc}; !slices.Equal(p.References, want) {
		t.Errorf("references: got %q, want %q", p.References, want)
	}
	if p.StorePath.Hash() != "1b9p07z77phvv2hf6gm9f28syp39f1ag" || p.StorePath.Base() != filepath.Base(hello) {
		t.Errorf("hash %q, base %q", p.StorePath.Hash(), p.StorePath.Base())
	}
}

func TestParseWithoutSettings(t *testing.T) {
	for _, text := range []string{
		`{"closure": []}`,
		`{"closure": [], "outputs": null, "compression": null, "compressionLevel": null, "shard": null, "reuse": null, "secretKeyFile": null, "derivers": null, "priority": null, "writeNarListing": null, "indexDebugInfo": null, "wantMassQuery": null}`,
	} {
		attrs, err := Parse([]byte(text), "/nix/store")
		if err != nil {
			t.Fatal(err)
		}
		if len(attrs.Closure)+len(attrs.Exclude)+len(attrs.Derivers) == 0 {
			attrs.Closure, attrs.Exclude, attrs.Derivers = nil, nil, nil
		}
		if !reflect.DeepEqual(attrs, &Attrs{}) {
			t.Errorf("%s: got %+v", text, attrs)
		}
	}
}

// A hash in any form that Nix knows is the one in Nix's base 32.
func TestParseNarHash(t *testing.T) {
	hex := "d9d734b28b3d1ccd3a6d5ca8b31d5f1d0f5d6b0d8e6ee2dc02ffd43ae3ae25c8"
	base64 := "2dc0sos9HM06bVyosx1fHQ9daw2ObuLcAv/UOuOuJcg="
	want := "sha256:1j15mvikmm7z0bff4vlf1mmms3qxbwfv7a2wdlxcs71xifr39myr"
	for _, form := range []string{want, "sha256:" + hex, "sha256:" + strings.ToUpper(hex), "sha256:" + base64, "sha256-" + base64} {
		attrs, err := Parse([]byte(node1(glibc, form, "1", "")), "/nix/store")
		if err != nil {
			t.Error(err)
		} else if got := attrs.Closure[0].NarHash.String(); got != want {
			t.Errorf("%s: got %s, want %s", form, got, want)
		}
	}
}

// A graph that was filtered after Nix wrote it keeps the references.
func TestParseFiltered(t *testing.T) {
	attrs, err := Parse([]byte(node1(hello, hash, "1", `"`+glibc+`"`)), "/nix/store")
	if err != nil {
		t.Fatal(err)
	}
	if got := attrs.Closure; len(got) != 1 || !slices.Equal(got[0].References, []storepath.Path{glibc}) {
		t.Errorf("got %+v", got)
	}
}

// Each kind of bad input, and what the error has to quote of it.
var malformed = []struct{ name, json, want string }{
	{"empty", ``, "malformed attributes"},
	{"truncated", `{"closure": [`, "malformed attributes"},
	{"no JSON", `hello`, "malformed attributes"},
	{"no object", `[]`, "malformed attributes"},
	{"no graph", `{}`, `no attribute "closure"`},
	{"graph with capitals", `{"Closure": []}`, `no attribute "closure"`},
	{"null graph", `{"closure": null}`, "null is no list"},
	{"graph is a string", `{"closure": "/nix/store"}`, `graph "closure": malformed: `},
	{"outputs is a list", `{"closure": [], "outputs": []}`, `malformed attribute "outputs"`},
	{"compression is a number", `{"closure": [], "compression": 3}`, `malformed attribute "compression"`},
	{"level is a string", `{"closure": [], "compressionLevel": "3"}`, `malformed attribute "compressionLevel"`},
	{"level is a fraction", `{"closure": [], "compressionLevel": 3.5}`, `malformed attribute "compressionLevel"`},
	{"exclude is a path", `{"closure": [], "exclude": "` + hello + `"}`, `malformed attribute "exclude": `},
	{"exclude has no path", `{"closure": [], "exclude": [{"narSize": 1}]}`, `graph "exclude": malformed store path ""`},
	{"shard is a number", `{"closure": [], "shard": 1}`, `malformed attribute "shard"`},
	{"shard is empty", `{"closure": [], "shard": {}}`, `malformed attribute "shard": the index 0 is not from 0 to below the count 0`},
	{"shard beyond the last", `{"closure": [], "shard": {"index": 2, "count": 2}}`, `malformed attribute "shard": the index 2`},
	{"shard before the first", `{"closure": [], "shard": {"index": -1, "count": 2}}`, `malformed attribute "shard": the index -1`},
	{"reuse is a path", `{"closure": [], "reuse": "` + hello + `"}`, `malformed attribute "reuse"`},
	{"secret key file is a list", `{"closure": [], "secretKeyFile": []}`, `malformed attribute "secretKeyFile"`},
	{"derivers is a boolean", `{"closure": [], "derivers": true}`, `malformed attribute "derivers"`},
	{"a deriver is null", `{"closure": [], "derivers": [null]}`, `malformed attribute "derivers": malformed store path ""`},
	{"a deriver outside the store", `{"closure": [], "derivers": ["/etc/x.drv"]}`, `malformed attribute "derivers": malformed store path "/etc/x.drv"`},
	{"a deriver is no .drv", `{"closure": [], "derivers": ["` + hello + `"]}`, `malformed attribute "derivers": "` + hello + `" is no .drv file`},
	{"priority is too large", `{"closure": [], "priority": 2147483648}`, `malformed attribute "priority"`},
	{"listing is a string", `{"closure": [], "writeNarListing": "yes"}`, `malformed attribute "writeNarListing"`},
	{"name is a list", `{"closure": [], "name": []}`, `malformed attribute "name"`},
	{"index is a string", `{"closure": [], "index": "yes"}`, `malformed attribute "index"`},
	{"sums are a string", `{"closure": [], "sha256sums": "yes"}`, `malformed attribute "sha256sums"`},
	{"manifest is a string", `{"closure": [], "manifest": "yes"}`, `malformed attribute "manifest"`},
	{"roots are paths", `{"closure": [], "roots": ["` + hello + `"]}`, `malformed attribute "roots"`},
	{"a root without a path", `{"closure": [], "roots": [{"name": "hello"}]}`, `malformed attribute "roots": malformed store path ""`},
	{"a root outside the store", `{"closure": [], "roots": [{"path": "/etc"}]}`, `malformed attribute "roots": malformed store path "/etc"`},
	{"a root with a number", `{"closure": [], "roots": [{"path": "` + hello + `", "version": 2}]}`, `malformed attribute "roots"`},
	{"debug info is a number", `{"closure": [], "indexDebugInfo": 1}`, `malformed attribute "indexDebugInfo"`},
	{"mass query is a number", `{"closure": [], "wantMassQuery": 1}`, `malformed attribute "wantMassQuery"`},
	{"duplicate", `{"closure": [` + glibcNode + `,` + glibcNode + `]}`, "in the graph twice"},
	{"same hash", `{"closure": [` + glibcNode + `,` + strings.Replace(glibcNode, "glibc", "musl", 1) + `]}`, "musl-2.39: its hash is in the graph twice"},
	{"empty path", node1("", hash, "1", ""), `malformed store path ""`},
	{"outside the store", node1("/etc/passwd", hash, "1", ""), `malformed store path "/etc/passwd"`},
	{"escaping", node1("/nix/store/../../etc/passwd", hash, "1", ""), `malformed store path "/nix/store/../../etc/passwd"`},
	{"below a store path", node1(glibc+"/lib", hash, "1", ""), `malformed store path "` + glibc + `/lib"`},
	{"line break", node1(glibc+`\nSig: x`, hash, "1", ""), "illegal character"},
	{"hash of another algorithm", node1(glibc, "md5:1b4sb93wp679q4zx9k1ignby1y", "1", ""), `malformed narHash "md5:`},
	{"hash too short", node1(glibc, "sha256:1b4s", "1", ""), `malformed narHash "sha256:1b4s"`},
	{"hash with illegal characters", node1(glibc, "sha256:"+strings.Repeat("e", 52), "1", ""), "malformed narHash"},
	{"negative size", node1(glibc, hash, "-1", ""), "malformed narSize -1"},
	{"no hash", node1(glibc, "sha256:"+strings.Repeat("0", 52), "1", ""), `graph "closure": entry 0: ` + glibc + ": the hash of its NAR is not registered with Nix"},
	{"no hash in base 16", node1(glibc, "sha256:"+strings.Repeat("0", 64), "1", ""), "the hash of its NAR is not registered"},
	{"no size", node1(glibc, hash, "0", ""), glibc + ": the size of its NAR is not registered with Nix"},
	{"size is missing", `{"closure": [{"path":"` + glibc + `","narHash":"` + hash + `","references":[]}]}`, "the size of its NAR is not registered"},
	{"hash of another length", node1(glibc, "sha512:"+strings.Repeat("1", 128), "1", ""), "it must be a SHA-256"},
	{"SRI in base 16", node1(glibc, "sha256-"+strings.Repeat("1", 64), "1", ""), "malformed narHash"},
	{"base 64 with line breaks", node1(glibc, `sha256:`+strings.Repeat("1", 39)+`=\n\n\n\n`, "1", ""), "malformed narHash"},
	{"hash alone", node1(glibc, strings.Repeat("1", 64), "1", ""), "malformed narHash"},
	{"huge size", node1(glibc, hash, "99999999999999999999", ""), "99999999999999999999"},
	{"size as a string", node1(glibc, hash, `"1"`, ""), `graph "closure": malformed: `},
	{"reference outside the store", node1(glibc, hash, "1", `"/etc"`), `reference: malformed store path "/etc"`},
	{"content address with a line break", strings.Replace(node1(glibc, hash, "1", ""), `}`, `,"ca":"text:a\nSig: b"}`, 1), `malformed ca "text:a\nSig: b"`},
}

func node1(path, hash, size, references string) string {
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

func TestFind(t *testing.T) {
	present := filepath.Join(t.TempDir(), ".attrs.json")
	if err := os.WriteFile(present, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	// Nix 2.4 to 2.14 name a file that does not exist inside the sandbox.
	got, err := Find("", filepath.Join(t.TempDir(), "absent"), present)
	if got != present || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := Find("", "/absent"); err == nil || !strings.Contains(err.Error(), `"/absent"`) {
		t.Errorf("got error %v, want one that names the places", err)
	}
}
