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

// Key is a secret Ed25519 key, which signs narinfos.
type Key struct {
	secret signature.SecretKey
}

// ReadKey reads a key as nix-store --generate-binary-cache-key and nix key
// generate-secret write it: NAME:BASE64. No error has anything of the key in it.
func ReadKey(file string) (*Key, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	secret, err := signature.LoadSecretKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	key := &Key{secret}
	if err := key.check(); err != nil {
		return nil, fmt.Errorf("%q: secret key is corrupt: %w", file, err)
	}
	return key, nil
}

// check makes sure that the name fits into a line of a narinfo, and that
// whoever has the public half can verify what the secret half signs.
func (k *Key) check() error {
	public := k.secret.ToPublicKey()
	if strings.ContainsAny(public.Name, " \t\r\n") {
		return errors.New("its name has white space in it")
	}
	probe, err := k.secret.Sign(nil, "")
	if err != nil {
		return err
	}
	if !public.Verify("", probe) {
		return errors.New("its secret and its public half do not belong together")
	}
	return nil
}

// Public returns the public half, for trusted-public-keys.
func (k *Key) Public() string { return k.secret.ToPublicKey().String() }

// Sign adds its signature to info, all of which has to be set but the file.
func (k *Key) Sign(info *narinfo.NarInfo) error {
	sig, err := k.secret.Sign(nil, fingerprint(info))
	if err != nil {
		return err
	}
	info.Signatures = append(info.Signatures, sig)
	return nil
}

// fingerprint is what is signed of a narinfo: ValidPathInfo::fingerprint in
// Nix's libstore/path-info.cc.
func fingerprint(info *narinfo.NarInfo) string {
	storeDir := path.Dir(info.StorePath)
	references := make([]string, len(info.References))
	for i, reference := range info.References {
		references[i] = path.Join(storeDir, reference)
	}
	return fmt.Sprintf("1;%s;%s;%d;%s", info.StorePath, info.NarHash.Format(nixhash.NixBase32, true), info.NarSize, strings.Join(references, ","))
}
