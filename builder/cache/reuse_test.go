package cache

import (
	"testing"
)

// Whatever an earlier cache has for a narinfo, what is returned has what is
// asked of it.
func FuzzParseNarInfo(f *testing.F) {
	i := info(f)
	i.URL = "nar/hello.nar"
	f.Add(i.String())
	f.Add("")
	f.Add("FileHash: md5:00000000000000000000000000000000\nFileSize: -1\nNarHash: sha256:\n")
	f.Fuzz(func(t *testing.T, text string) {
		info, err := parseNarInfo(text)
		if err != nil {
			return
		}
		if info.NarHash.String() == "" || info.StorePath == "" || info.URL == "" {
			t.Errorf("accepted %q", text)
		}
	})
}
