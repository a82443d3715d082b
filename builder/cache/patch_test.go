package cache

import (
	"io"
	"strings"
	"testing"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// Publish replaces a NAR file by its patch only if the patch is smaller than the NAR
// file, which has five bytes in this test.
func TestPatches(t *testing.T) {
	dir, path := create(t)
	dir.EnableSHA256Sums()
	if err := dir.EnablePatches("/nix/store/0c0vrm1bxkq45cr1ji0x08dk6chz6nqn-zstd/bin/zstd", []storepath.Path{"/nix/store/" + storeHash + "-hello"}); err != nil {
		t.Fatal(err)
	}
	publish := func(patch string) {
		t.Helper()
		f := narFile(t, dir)
		p, err := f.NewPatch(closure.PathInfo{StorePath: "/nix/store/7h7qgvs4kgzsn8a6rb273saxyqh4jxlz-base", NarSize: 9})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(p, patch); err != nil {
			t.Fatal(err)
		}
		if err := f.Publish(info(t), Extras{}); err != nil {
			t.Fatal(err)
		}
		f.Discard() // does not remove a published file
	}
	publish("large")
	if got := files(t, path); len(got) != 2 || got["nar/"+fileHash+".nar.zst"] != "bytes" {
		t.Errorf("with a large patch: got %q", got)
	}
	publish("tiny")
	listed, err := dir.Files()
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Finish(Info{StoreDir: "/nix/store"}); err != nil {
		t.Fatal(err)
	}
	got := files(t, path)
	if len(got) != len(listed) {
		t.Errorf("listed %q, found %q", listed, got)
	}
	const nar = "nar/1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0.nar"
	const url = "patches/" + storeHash + ".zst"
	for name, want := range map[string]string{
		url:               "tiny",
		"patches/zstd":    "/nix/store/0c0vrm1bxkq45cr1,ji0x08dk6chz6nqn-zstd/bin/zstd\n",
		"patches/closure": storeHash + "\n",
		"patches/list":    url + " 8950abfda7b727630760dd35bcf5c3daa7631aff223a90f7728c0d2521dde10c /nix/store/7h7qgvs4kgzsn8a6,rb273saxyqh4jxlz-base 9 " + nar + " 407bcd9b608b7a78f9885930c2ce1fcafae0977d31ccd43fc1e998cb475a9aac 7 /nix/store/" + storeHash + "-hello\n",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	fields := "URL: " + nar + "\nCompression: none\nFileHash: " + narHash + "\nFileSize: 7\n"
	if narinfo := got[storeHash+".narinfo"]; !strings.Contains(narinfo, fields) {
		t.Errorf("got %q, want %q in it", narinfo, fields)
	}
	if !strings.Contains(got["SHA256SUMS"], "  "+url+"\n") || !strings.HasPrefix(got["apply"], "#!/bin/sh\n") {
		t.Errorf("got %q", got["SHA256SUMS"])
	}
}

// Only the hash of a store path gets a comma, not a hash in its name: the script apply
// expects one comma.
func TestHideReference(t *testing.T) {
	const hash, name = "7h7qgvs4kgzsn8a6rb273saxyqh4jxlz", "-source-0123456789abcdef0123456789abcdef01234567-1"
	for path, want := range map[string]string{
		"/nix/store/" + hash + name:             "/nix/store/7h7qgvs4kgzsn8a6,rb273saxyqh4jxlz" + name,
		"/nix/store/" + hash + "-zstd/bin/zstd": "/nix/store/7h7qgvs4kgzsn8a6,rb273saxyqh4jxlz-zstd/bin/zstd",
		"":                                      "",
	} {
		if got := hideReference(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}
