package storepath

import (
	"path/filepath"
	"strings"
	"testing"
)

const someHash = "1b9p07z77phvv2hf6gm9f28syp39f1ag"

func TestParse(t *testing.T) {
	tests := []struct {
		path, storeDir string
		valid          bool
	}{
		{"/nix/store/" + someHash + "-hello-2.12.1", "/nix/store", true},
		{"/gnu/store/" + someHash + "-hello", "/gnu/store", true},
		{"/nix/store/" + someHash + "-a+b_c?d=e.F-9", "/nix/store", true},
		{"/nix/store/" + someHash + "-.hidden", "/nix/store", true},
		{"/nix/store/" + someHash + "-..data", "/nix/store", true},
		{"/nix/store/" + someHash + "-" + strings.Repeat("x", 211), "/nix/store", true},

		{"/nix/store/" + someHash + "-" + strings.Repeat("x", 212), "/nix/store", false},
		{"/nix/store/" + someHash + "-hello", "/gnu/store", false},
		{"/nix/store" + someHash + "-hello", "/nix/store", false},
		{"/nix/store/" + someHash, "/nix/store", false},
		{"/nix/store/" + someHash + "-", "/nix/store", false},
		{"/nix/store/" + someHash + "_hello", "/nix/store", false},
		{"/nix/store/" + someHash + "-.", "/nix/store", false},
		{"/nix/store/" + someHash + "-..", "/nix/store", false},
		{"/nix/store/" + someHash + "-..-x", "/nix/store", false},
		{"/nix/store/" + someHash + "-a/b", "/nix/store", false},
		{"/nix/store/" + someHash + "-a b", "/nix/store", false},
		{"/nix/store/" + someHash + "-\xff", "/nix/store", false},
		{"/nix/store/" + someHash + "-é", "/nix/store", false},
		{"/nix/store/" + strings.Repeat("e", 32) + "-hello", "/nix/store", false},
		{"/nix/store/" + someHash + "-hello/", "/nix/store", false},
		{someHash + "-hello", "", false},
	}
	for _, test := range tests {
		got, err := Parse(test.path, test.storeDir)
		if (err == nil) != test.valid {
			t.Errorf("%q in %q: got error %v, want valid %v", test.path, test.storeDir, err, test.valid)
		}
		if err == nil && string(got) != test.path {
			t.Errorf("%q became %q", test.path, got)
		}
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
		// What it accepts is a file directly in the store directory, and fits
		// into a line of a narinfo.
		if filepath.Dir(s) != "/nix/store" || filepath.Clean(s) != s || strings.ContainsAny(s, " \r\n\x00") {
			t.Errorf("accepted %q", s)
		}
		if path.Base() != filepath.Base(s) || len(path.Hash()) != 32 {
			t.Errorf("%q: base %q, hash %q", s, path.Base(), path.Hash())
		}
	})
}
