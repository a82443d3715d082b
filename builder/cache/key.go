package cache

import (
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/narinfo/signature"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Key is a secret Ed25519 key for signing narinfos.
type Key struct {
	secret signature.SecretKey
}

// ReadKey reads a key as nix-store --generate-binary-cache-key and nix key
// generate-secret write it: NAME:BASE64. Errors never contain any part of the key.
func ReadKey(file string) (*Key, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read secret key: %w", err)
	}
	secret, err := signature.LoadSecretKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	key := &Key{secret}
	if err := key.validate(); err != nil {
		return nil, fmt.Errorf("%q: secret key is corrupt: %w", file, err)
	}
	return key, nil
}

// validate checks that the name of the key has no whitespace, since it is written to a
// line of a narinfo, and that the public half verifies a signature by the secret half.
func (k *Key) validate() error {
	public := k.secret.ToPublicKey()
	if strings.ContainsAny(public.Name, " \t\r\n") {
		return errors.New("key name contains whitespace")
	}
	probe, err := k.secret.Sign(nil, "")
	if err != nil {
		return err
	}
	if !public.Verify("", probe) {
		return errors.New("secret and public halves do not match")
	}
	return nil
}

// Public returns the public key, for Nix's setting trusted-public-keys.
func (k *Key) Public() string { return k.secret.ToPublicKey().String() }

// Sign adds a signature to info. The signature does not cover URL, FileHash and FileSize.
func (k *Key) Sign(info *narinfo.NarInfo) error {
	sig, err := k.secret.Sign(nil, fingerprint(info))
	if err != nil {
		return err
	}
	info.Signatures = append(info.Signatures, sig)
	return nil
}

// fingerprint returns the text that the signatures in a narinfo sign, like
// ValidPathInfo::fingerprint in Nix's libstore/path-info.cc.
func fingerprint(info *narinfo.NarInfo) string {
	storeDir := path.Dir(info.StorePath)
	references := make([]string, len(info.References))
	for i, reference := range info.References {
		references[i] = path.Join(storeDir, reference)
	}
	return fmt.Sprintf("1;%s;%s;%d;%s", info.StorePath, info.NarHash.Format(nixhash.NixBase32, true), info.NarSize, strings.Join(references, ","))
}
