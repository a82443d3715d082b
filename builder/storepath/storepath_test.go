package storepath

import (
	"path/filepath"
	"strings"
	"testing"
)

const someHash = "1b9p07z77phvv2hf6gm9f28syp39f1ag"

func TestParse(t *testing.T) {
	const hash = "/nix/store/" + someHash
	for path, want := range map[string]string{ // want is a part of the error, or ""
		hash + "-hello-2.12.1":                "",
		hash + "-a+b_c?d=e.F-9":               "",
		hash + "-.hidden":                     "",
		hash + "-..data":                      "",
		hash + "-" + strings.Repeat("x", 211): "",

		hash + "-" + strings.Repeat("x", 212): "name has 212 characters, must have 1 to 211",
		hash + "-":                            "name has 0 characters, must have 1 to 211",
		"/gnu/store/" + someHash + "-hello":   `not in store directory "/nix/store"`,
		"/nix/store" + someHash + "-hello":    `not in store directory "/nix/store"`,
		hash:                                  "must start with a 32-character hash and a dash",
		hash + "_hello":                       "must start with a 32-character hash and a dash",
		hash + "-.":                           `name must not start with "."`,
		hash + "-..":                          `name must not start with ".."`,
		hash + "-..-x":                        `name must not start with ".."`,
		hash + "-a/b":                         "illegal character '/' in name",
		hash + "-a b":                         "illegal character ' ' in name",
		hash + "-\xff":                        "illegal character 'ÿ' in name",
		hash + "-é":                           "illegal character 'Ã' in name",
		hash + "-hello/":                      "illegal character '/' in name",
		"/nix/store/" + strings.Repeat("e", 32) + "-hello": "malformed store path",
	} {
		got, err := Parse(path, "/nix/store")
		if want == "" && (err != nil || string(got) != path) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %q, %v, want error %q", path, got, err, want)
		}
	}
	for _, storeDir := range []string{"/gnu/store", ""} {
		if _, err := Parse(someHash+"-hello", storeDir); err == nil {
			t.Errorf("%q: accepted a relative path", storeDir)
		}
		if _, err := Parse(storeDir+"/"+someHash+"-hello", storeDir); err != nil {
			t.Errorf("%q: %v", storeDir, err)
		}
	}
}

func TestSplitVersion(t *testing.T) {
	for name, want := range map[string][2]string{
		"hello-2.12.1":      {"hello", "2.12.1"},
		"glibc-2.40-66-dev": {"glibc", "2.40-66-dev"},
		"gtk+3-3.24.43":     {"gtk+3", "3.24.43"},
		"unit-sshd.service": {"unit-sshd.service", ""},
		"x-_y":              {"x", "_y"},
		"hello-":            {"hello-", ""},
		"-1":                {"-1", ""},
		"etc":               {"etc", ""},
	} {
		if pname, version := SplitVersion(name); [2]string{pname, version} != want {
			t.Errorf("%s: got %q, %q, want %q", name, pname, version, want)
		}
	}
	if got := Path("/nix/store/" + someHash + "-hello-2.12.1").Name(); got != "hello-2.12.1" {
		t.Errorf("got the name %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("/nix/store/" + someHash + "-hello")
	f.Add("/nix/store/../" + someHash + "-hello")
	f.Add("/nix/store/" + someHash + "-a/../../b")
	f.Fuzz(func(t *testing.T, s string) {
		path, err := Parse(s, "/nix/store")
		if err != nil {
			return
		}
		// An accepted path is directly in the store directory and fits into a line of
		// a narinfo.
		if filepath.Dir(s) != "/nix/store" || filepath.Clean(s) != s || strings.ContainsAny(s, " \r\n\x00") {
			t.Errorf("accepted %q", s)
		}
		if path.Base() != filepath.Base(s) || len(path.Hash()) != 32 {
			t.Errorf("%q: base %q, hash %q", s, path.Base(), path.Hash())
		}
	})
}
