package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/narinfo/signature"
)

// The file hash and the NAR hash of the previous caches in these tests, in hexadecimal
// and as SRI, and parts of a narinfo.
const (
	fileHashHex = "sha256:277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
	fileHashSRI = "sha256-J3CJ2RwL308uaGK6fkoHYFEZQx9dE/cm3TUrBvGyBqk="
	narHashHex  = "sha256:407bcd9b608b7a78f9885930c2ce1fcafae0977d31ccd43fc1e998cb475a9aac"
	narHashSRI  = "sha256-QHvNm2CLenj5iFkwws4fyvrgl30xzNQ/wemYy0damqw="

	storePath  = "StorePath: /nix/store/" + storeHash + "-hello\n"
	narFields  = "NarHash: " + narHash + "\nNarSize: 7\n"
	fileFields = "Compression: zstd\nFileHash: sha256:" + fileHash + "\nFileSize: 5\n"
	references = "References: " + storeHash + "-hello\n"
	narURL     = "nar/" + fileHash + ".nar.zst"
)

// previousCache returns a previous cache with one narinfo and one NAR file, which
// contains "bytes".
func previousCache(t *testing.T, narinfo, file string) *Previous {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		infoFile:                  "StoreDir: /nix/store\nWantMassQuery: 1\n",
		storeHash + narinfoSuffix: narinfo,
		file:                      "bytes",
	} {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	cache, err := OpenPrevious(dir, "/nix/store")
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

// reuse calls Reuse with one previous cache and a new NAR file.
func reuse(t *testing.T, cache *Previous, info *narinfo.NarInfo) (reused bool, reuseErrs []error) {
	t.Helper()
	dir, _ := create(t)
	f, err := dir.NewNarFile(storeHash, ".zst")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Discard()
	reused, reuseErrs, err = f.Reuse(context.Background(), []*Previous{cache}, info)
	if err != nil {
		t.Fatal(err)
	}
	if reused != (f.Digest().Size() > 0) {
		t.Errorf("reused %v, but the NAR file has %d bytes", reused, f.Digest().Size())
	}
	return reused, reuseErrs
}

// NAR files of caches that other tools wrote are reused or silently ignored. Only a
// missing NAR file causes an error, which names the file.
func TestReuseCachesOfOtherTools(t *testing.T) {
	tests := []struct {
		name, narinfo, file string
		reused              bool
		want                string
	}{
		{"nix copy", "URL: " + narURL + "\n" + fileFields + narFields + references + "Deriver: " + storeHash + "-hello.drv\n", narURL, true, ""},
		{"cachix: base 16", "URL: nar/6f6b.nar.zst\nCompression: zstd\nFileHash: " + fileHashHex + "\nFileSize: 5\n" + narFields + references, "nar/6f6b.nar.zst", true, ""},
		{"niks3: subdirectories", "URL: nar/ab/cd/nar.zst\nCompression: zstd\nNarHash: " + narHashSRI + "\nNarSize: 7\nFileHash: " + fileHashSRI + "\nFileSize: 5\n" + references, "nar/ab/cd/nar.zst", true, ""},
		{"attic: no FileHash", "URL: nar/" + storeHash + ".nar\nCompression: zstd\nNarHash: " + narHashHex + "\nNarSize: 7\n" + references, "nar/" + storeHash + ".nar", false, ""},
		{"harmonia: not compressed", "URL: nar/" + fileHash + ".nar?hash=" + storeHash + "\nCompression: none\nFileHash: " + narHash + "\nFileSize: 7\n" + narFields + references, narURL, false, ""},
		{"no Compression, so bzip2", "URL: " + narURL + "\nFileHash: sha256:" + fileHash + "\nFileSize: 5\n" + narFields + references, narURL, false, ""},
		{"unknown field", "URL: " + narURL + "\n" + fileFields + narFields + references + "Provenance: {}\n", narURL, true, ""},
		{"another NAR", "URL: " + narURL + "\n" + fileFields + "NarHash: sha256:" + fileHash + "\nNarSize: 7\n" + references, narURL, false, ""},
		{"FileHash is SHA-1", "URL: " + narURL + "\nCompression: zstd\nFileHash: sha1:" + strings.Repeat("0", 40) + "\nFileSize: 5\n" + narFields + references, narURL, false, ""},
		{"file outside of the cache", "URL: ../hello.nar.zst\n" + fileFields + narFields + references, narURL, false, ""},
		{"file is missing", "URL: nar/its own name\n" + fileFields + narFields + references, narURL, false, "/nar/its own name: no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reused, reuseErrs := reuse(t, previousCache(t, storePath+test.narinfo, test.file), info(t))
			err := errors.Join(reuseErrs...)
			if reused != test.reused || (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("reused %v, want %v; got error %v, want %q", reused, test.reused, err, test.want)
			}
		})
	}
}

// Reuse keeps the signatures of a previous cache, whatever its compression, if they sign
// the same store path, NAR and references.
func TestReuseKeepsSignatures(t *testing.T) {
	secret, public, err := signature.GenerateKeypair("previous-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	own := info(t)
	if err := (&Key{secret}).Sign(own); err != nil {
		t.Fatal(err)
	}
	sig := own.Signatures[0].String()
	signed := storePath + "URL: nar/x\nCompression: xz\nNarHash: " + narHashHex + "\nNarSize: 7\n" + references + "Sig: " + sig + "\n"
	tests := map[string]struct {
		narinfo string
		info    *narinfo.NarInfo
		want    int
	}{
		"the same":           {signed, info(t), 1},
		"twice":              {signed + "Sig: " + sig + "\n", info(t), 1},
		"of two keys":        {signed + "Sig: another-1:" + strings.TrimPrefix(sig, "previous-1:") + "\n", info(t), 2},
		"also by our key":    {signed, own, 1},
		"another NAR":        {strings.Replace(signed, narHashHex, narHashHex[:70]+"0", 1), info(t), 0},
		"another size":       {strings.Replace(signed, "NarSize: 7", "NarSize: 8", 1), info(t), 0},
		"other references":   {strings.Replace(signed, references, "References: \n", 1), info(t), 0},
		"another store path": {strings.Replace(signed, "-hello\nURL", "-hullo\nURL", 1), info(t), 0},
		"malformed Sig":      {signed + "Sig: garbage\n", info(t), 0},
		"malformed narinfo":  {"Sig " + signed, info(t), 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			reuse(t, previousCache(t, test.narinfo, narURL), test.info)
			if len(test.info.Signatures) != test.want {
				t.Fatalf("got %v, want %d", test.info.Signatures, test.want)
			}
			if test.want > 0 && !signature.VerifyFirst(fingerprint(test.info), test.info.Signatures, []signature.PublicKey{public}) {
				t.Errorf("%v do not verify", test.info.Signatures)
			}
		})
	}
}

// A narinfo that parseNarInfo accepts has the fields that Reuse requires.
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
		fingerprint(info)
	})
}
