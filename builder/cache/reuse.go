package cache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/narinfo/signature"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Reuse fills the archive with a copy of what one of the caches has for the store
// path of info, where it is the same NAR in the same compression, and reports
// whether there was one. All of info has to be set but what it says of the file.
//
// Signatures that the caches have for the same store path, NAR and references are
// added to info: they are as good for the new cache.
//
// damage tells why what a cache seems to have was not taken. It is no error: such
// an archive can be made anew.
func (a *Archive) Reuse(ctx context.Context, caches []*Earlier, info *narinfo.NarInfo) (reused bool, damage []error, err error) {
	for _, cache := range caches {
		found, err := cache.find(a.storeHash)
		if err != nil {
			damage = append(damage, err)
			continue
		}
		if found == nil || found.StorePath != info.StorePath {
			continue
		}
		addSignatures(info, found)
		if reused || !sameArchive(found, info) {
			continue
		}
		err = a.copyFrom(ctx, filepath.Join(cache.path, found.URL), found)
		reused = err == nil
		if reused {
			continue
		}
		if ctx.Err() != nil {
			return false, nil, context.Cause(ctx)
		}
		damage = append(damage, err)
		if err := a.reset(); err != nil {
			return false, nil, err
		}
	}
	return reused, damage, nil
}

// addSignatures adds the signatures of found, if they are of what info says.
func addSignatures(info, found *narinfo.NarInfo) {
	if fingerprint(found) != fingerprint(info) {
		return
	}
	for _, sig := range found.Signatures {
		if !slices.ContainsFunc(info.Signatures, func(s signature.Signature) bool { return s.String() == sig.String() }) {
			info.Signatures = append(info.Signatures, sig)
		}
	}
	slices.SortFunc(info.Signatures, func(a, b signature.Signature) int { return strings.Compare(a.String(), b.String()) })
}

// sameArchive tells whether the archive of found, if it is what found says, may be
// that of info. Without a SHA-256 of the file, nothing would tell whether it is.
func sameArchive(found, info *narinfo.NarInfo) bool {
	if found.Compression == "none" { // then Nix asks for nothing but these
		found.FileHash, found.FileSize = found.NarHash, found.NarSize
	}
	return found.Compression == info.Compression && found.NarSize == info.NarSize && sameHash(found.NarHash, info.NarHash) &&
		found.FileHash != nil && found.FileHash.Algo() == nixhash.SHA256 && filepath.IsLocal(found.URL)
}

// copyFrom copies the file of that name, which has to be as found says. Where the
// file system can share blocks between files, it does.
func (a *Archive) copyFrom(ctx context.Context, name string, found *narinfo.NarInfo) error {
	from, err := os.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := a.copyAll(ctx, from); err != nil {
		return err
	}
	if !a.digest.is(found.FileHash, found.FileSize) {
		return fmt.Errorf("%s: the file is damaged: it has %d bytes with the hash %s, its narinfo says %d with %s",
			name, a.digest.Size(), a.digest.Sum(), found.FileSize, found.FileHash)
	}
	return nil
}

// copyAll copies a file.
//
// NB: what is in the new cache is hashed, not what was read from the other one.
func (a *Archive) copyAll(ctx context.Context, from *os.File) error {
	const chunk = 64 << 20 // bytes between two looks at ctx
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n, err := io.CopyN(a.file, from, chunk)
		if _, err := io.Copy(a.digest, io.NewSectionReader(a.file, a.digest.Size(), n)); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
