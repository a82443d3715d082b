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

// What the caches of the tests have for the store path of info: a file with "bytes"
// in it, and hashes in each encoding.
const (
	fileHashHex = "sha256:277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"
	fileHashSRI = "sha256-J3CJ2RwL308uaGK6fkoHYFEZQx9dE/cm3TUrBvGyBqk="
	narHashHex  = "sha256:407bcd9b608b7a78f9885930c2ce1fcafae0977d31ccd43fc1e998cb475a9aac"
	narHashSRI  = "sha256-QHvNm2CLenj5iFkwws4fyvrgl30xzNQ/wemYy0damqw="

	references = "References: " + storeHash + "-hello\n"
	archiveAt  = "nar/" + fileHash + ".nar.zst"
)

// earlierCache is a cache with a narinfo for the store path and that one file.
func earlierCache(t *testing.T, narinfo, file string) *Earlier {
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
	cache, err := Open(dir, "/nix/store")
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

// reuse returns what Reuse does with a cache.
func reuse(t *testing.T, cache *Earlier, info *narinfo.NarInfo) (reused bool, damage []error) {
	t.Helper()
	dir, _ := create(t)
	a, err := dir.NewArchive(storeHash, ".zst")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Discard()
	reused, damage, err = a.Reuse(context.Background(), []*Earlier{cache}, info)
	if err != nil {
		t.Fatal(err)
	}
	if reused != (a.Digest().Size() > 0) {
		t.Errorf("reused %v, but the archive has %d bytes", reused, a.Digest().Size())
	}
	return reused, damage
}

// What Nix can read is reused, or passed over in silence.
func TestReuseCachesOfOtherTools(t *testing.T) {
	head := "StorePath: /nix/store/" + storeHash + "-hello\n"
	tests := []struct {
		name, narinfo, file string
		reused              bool
	}{
		{"nix copy", "URL: " + archiveAt + "\nCompression: zstd\nFileHash: sha256:" + fileHash + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references + "Deriver: " + storeHash + "-hello.drv\n", archiveAt, true},
		{"cachix, with a hash in base 16", "URL: nar/6f6b.nar.zst\nCompression: zstd\nFileHash: " + fileHashHex + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references + "Deriver: " + storeHash + "-hello.drv\n", "nar/6f6b.nar.zst", true},
		{"niks3, in directories of its own", "URL: nar/ab/cd/archive.nar.zst\nCompression: zstd\nNarHash: " + narHashSRI + "\nNarSize: 7\nFileHash: " + fileHashSRI + "\nFileSize: 5\n" + references, "nar/ab/cd/archive.nar.zst", true},
		{"attic, without a hash of the file", "URL: nar/" + storeHash + ".nar\nCompression: zstd\nNarHash: " + narHashHex + "\nNarSize: 7\n" + references, "nar/" + storeHash + ".nar", false},
		{"harmonia, without compression", "URL: nar/" + fileHash + ".nar?hash=" + storeHash + "\nCompression: none\nFileHash: " + narHash + "\nFileSize: 7\nNarHash: " + narHash + "\nNarSize: 7\n" + references, archiveAt, false},
		{"no compression named, which is bzip2", "URL: " + archiveAt + "\nFileHash: sha256:" + fileHash + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references, archiveAt, false},
		{"a field of the future", "URL: " + archiveAt + "\nCompression: zstd\nFileHash: sha256:" + fileHash + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references + "Provenance: {}\n", archiveAt, true},
		{"another NAR", "URL: " + archiveAt + "\nCompression: zstd\nFileHash: sha256:" + fileHash + "\nFileSize: 5\nNarHash: sha256:" + fileHash + "\nNarSize: 7\n" + references, archiveAt, false},
		{"a hash of the file of another kind", "URL: " + archiveAt + "\nCompression: zstd\nFileHash: sha1:" + strings.Repeat("0", 40) + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references, archiveAt, false},
		{"a file outside of the cache", "URL: ../hello.nar.zst\nCompression: zstd\nFileHash: sha256:" + fileHash + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references, archiveAt, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			reused, damage := reuse(t, earlierCache(t, head+test.narinfo, test.file), info(t))
			if reused != test.reused || len(damage) > 0 {
				t.Errorf("reused %v, want %v; damage %v", reused, test.reused, damage)
			}
		})
	}
}

// No message names a file that the narinfo does not name.
func TestReuseNamesTheFile(t *testing.T) {
	narinfo := "StorePath: /nix/store/" + storeHash + "-hello\nURL: nar/its own name\nCompression: zstd\nFileHash: sha256:" + fileHash + "\nFileSize: 5\nNarHash: " + narHash + "\nNarSize: 7\n" + references
	reused, damage := reuse(t, earlierCache(t, narinfo, archiveAt), info(t))
	if reused || len(damage) != 1 || !strings.Contains(damage[0].Error(), "/nar/its own name: no such file") || strings.Contains(damage[0].Error(), fileHash) {
		t.Errorf("reused %v, damage %v", reused, damage)
	}
}

// What was signed stays signed, in whatever compression it was: a signature is of
// the store path, the NAR and the references.
func TestReuseKeepsSignatures(t *testing.T) {
	secret, public, err := signature.GenerateKeypair("earlier-1", nil)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := secret.Sign(nil, fingerprint(info(t)))
	if err != nil {
		t.Fatal(err)
	}
	signed := "StorePath: /nix/store/" + storeHash + "-hello\nURL: nar/x\nCompression: xz\nNarHash: " + narHashHex + "\nNarSize: 7\n" + references + "Sig: " + sig.String() + "\n"
	tests := map[string]struct {
		narinfo string
		want    int
	}{
		"the same":            {signed, 1},
		"twice":               {signed + "Sig: " + sig.String() + "\n", 1},
		"by two":              {signed + "Sig: another-1:" + strings.TrimPrefix(sig.String(), "earlier-1:") + "\n", 2},
		"another NAR":         {strings.Replace(signed, narHashHex, narHashHex[:70]+"0", 1), 0},
		"of another size":     {strings.Replace(signed, "NarSize: 7", "NarSize: 8", 1), 0},
		"other references":    {strings.Replace(signed, references, "References: \n", 1), 0},
		"another store path":  {strings.Replace(signed, "-hello\nURL", "-hullo\nURL", 1), 0},
		"a malformed one":     {signed + "Sig: garbage\n", 0},
		"a malformed narinfo": {"Sig " + signed, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			info := info(t)
			reuse(t, earlierCache(t, test.narinfo, archiveAt), info)
			if len(info.Signatures) != test.want {
				t.Fatalf("got %v, want %d", info.Signatures, test.want)
			}
			if test.want > 0 && !signature.VerifyFirst(fingerprint(info), info.Signatures, []signature.PublicKey{public}) {
				t.Errorf("%v do not verify", info.Signatures)
			}
		})
	}
}

// A cache that is signed again by the same key has the signature once.
func TestReuseAndSign(t *testing.T) {
	key := &Key{}
	var err error
	if key.secret, _, err = signature.GenerateKeypair("earlier-1", nil); err != nil {
		t.Fatal(err)
	}
	signed := info(t)
	if err := key.Sign(signed); err != nil {
		t.Fatal(err)
	}
	signed.URL = "nar/x"
	earlier := earlierCache(t, signed.String(), archiveAt)
	again := info(t)
	if err := key.Sign(again); err != nil {
		t.Fatal(err)
	}
	if reuse(t, earlier, again); len(again.Signatures) != 1 {
		t.Errorf("got %v", again.Signatures)
	}
}

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
		fingerprint(info)
	})
}
