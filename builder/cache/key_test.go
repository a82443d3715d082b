package cache

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A key that nix key generate-secret made, and the signature that nix store sign (Nix
// 2.8) makes with it for the narinfo of TestSign.
const (
	secretKey = "test:k76JyzJ20dBRVEdQWZne78vljUpUHvmHkHTQklBB5KNU9Gf9CcI2vb5C42T/tYjmhkWu9En9L/6VXhMMRQnQgw=="
	publicKey = "test:VPRn/QnCNr2+QuNk/7WI5oZFrvRJ/S/+lV4TDEUJ0IM="
	signed    = "test:Hu2XGOyvcNx6NPDCjpUtJIQIDyLZCBkr5FnxTHXLxaeKTx6Krv1h61cTdUEqFkbJQQgecVx5x1OfBegXj7cdAQ=="
)

func writeKey(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSign(t *testing.T) {
	for _, text := range []string{secretKey, secretKey + "\n"} {
		key, err := ReadKey(writeKey(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if got := key.Public(); got != publicKey {
			t.Errorf("got the public key %q, want %q", got, publicKey)
		}
		i := info(t)
		i.References = append(i.References, "c10zhkbp6jmyh0xc5kd123ga8yy2p4hk-glibc")
		if err := key.Sign(i); err != nil {
			t.Fatal(err)
		}
		if got := i.Signatures[0].String(); got != signed {
			t.Errorf("got the signature %q, want %q", got, signed)
		}
	}
}

// Each kind of malformed secret key causes an error of its own, which never contains the
// key.
func TestReadKeyMalformed(t *testing.T) {
	name, data, _ := strings.Cut(secretKey, ":")
	for text, want := range map[string]string{
		"":                               "secret key is corrupt",
		data:                             "secret key is corrupt",
		":" + data:                       "name is missing",
		name + ":":                       "data is missing",
		name + ":" + data[1:]:            "data is corrupt",
		publicKey:                        "expected 64 but got 32",
		"a b:" + data:                    "key name contains whitespace",
		"a\nCA:" + data:                  "key name contains whitespace",
		name + ":l" + data[1:]:           "secret and public halves do not match",
		secretKey + "\n" + secretKey:     "data is corrupt",
		strings.Repeat("x", 1<<20) + ":": "data is missing",
	} {
		file := writeKey(t, text)
		_, err := ReadKey(file)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
			t.Errorf("got error %v, want one with %q and %q", err, want, file)
		}
		if err != nil && strings.Contains(err.Error(), data[10:20]) {
			t.Errorf("the error %v contains the key", err)
		}
	}
	if _, err := ReadKey("/not/there"); err == nil || err.Error() != "cannot read secret key: open /not/there: no such file or directory" {
		t.Errorf("got error %v", err)
	}
}
