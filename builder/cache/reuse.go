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

// Reuse copies the NAR file of info's store path from the first of the previous caches
// that has the same NAR in the same compression, and reports whether it did. URL,
// FileHash and FileSize of info need not be set yet.
//
// Reuse also adds to info the signatures in the previous caches, if they sign the same
// store path, NAR and references: these signatures are valid for the new cache, too.
//
// reuseErrs are the reasons why NAR files of previous caches were not reused. They are
// only warnings, because the caller can compress the NAR again.
func (f *NarFile) Reuse(ctx context.Context, caches []*Previous, info *narinfo.NarInfo) (reused bool, reuseErrs []error, err error) {
	for _, cache := range caches {
		prevInfo, err := cache.find(f.storeHash)
		if err != nil {
			reuseErrs = append(reuseErrs, err)
			continue
		}
		if prevInfo == nil || prevInfo.StorePath != info.StorePath {
			continue
		}
		mergeSignatures(info, prevInfo)
		if reused || !isReusable(prevInfo, info) {
			continue
		}
		err = f.copyFrom(ctx, filepath.Join(cache.path, prevInfo.URL), prevInfo)
		reused = err == nil
		if reused {
			continue
		}
		if ctx.Err() != nil {
			return false, nil, context.Cause(ctx)
		}
		reuseErrs = append(reuseErrs, err)
		if err := f.truncate(); err != nil {
			return false, nil, err
		}
	}
	return reused, reuseErrs, nil
}

// mergeSignatures adds the signatures of prevInfo to info if both narinfos have the same
// fingerprint, which is what signatures sign.
func mergeSignatures(info, prevInfo *narinfo.NarInfo) {
	if fingerprint(prevInfo) != fingerprint(info) {
		return
	}
	for _, sig := range prevInfo.Signatures {
		if !slices.ContainsFunc(info.Signatures, func(s signature.Signature) bool { return s.String() == sig.String() }) {
			info.Signatures = append(info.Signatures, sig)
		}
	}
	slices.SortFunc(info.Signatures, func(a, b signature.Signature) int { return strings.Compare(a.String(), b.String()) })
}

// isReusable reports whether the NAR file of prevInfo can be used for info. prevInfo must
// have the SHA-256 of the NAR file, without which the copy could not be verified.
func isReusable(prevInfo, info *narinfo.NarInfo) bool {
	if prevInfo.Compression == "none" { // then Nix requires only NarHash and NarSize
		prevInfo.FileHash, prevInfo.FileSize = prevInfo.NarHash, prevInfo.NarSize
	}
	return prevInfo.Compression == info.Compression && prevInfo.NarSize == info.NarSize && sameHash(prevInfo.NarHash, info.NarHash) &&
		prevInfo.FileHash != nil && prevInfo.FileHash.Algo() == nixhash.SHA256 && filepath.IsLocal(prevInfo.URL)
}

// copyFrom copies the NAR file at the path name from a previous cache, and verifies the
// size and the hash of the copy.
func (f *NarFile) copyFrom(ctx context.Context, name string, prevInfo *narinfo.NarInfo) error {
	from, err := os.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := f.copyAll(ctx, from); err != nil {
		return err
	}
	if uint64(f.digest.Size()) != prevInfo.FileSize || !sameHash(f.digest.Sum(), prevInfo.FileHash) {
		return fmt.Errorf("%s: corrupt NAR file: expected %d bytes, %s; got %d bytes, %s",
			name, prevInfo.FileSize, prevInfo.FileHash, f.digest.Size(), f.digest.Sum())
	}
	return nil
}

// copyAll copies a file. If the file system can share blocks between files, the copy
// shares the blocks of the source.
//
// NB: copyAll hashes the bytes of the copy, not those of the source. Some systems refuse
// copy_file_range with errors that Go reports, such as EBADF, so after an error the rest
// of the file is copied without copy_file_range.
func (f *NarFile) copyAll(ctx context.Context, from *os.File) error {
	const bytesPerCancelCheck = 64 << 20
	var to io.Writer = f.file
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n, err := io.CopyN(to, from, bytesPerCancelCheck)
		if _, err := io.Copy(f.digest, io.NewSectionReader(f.file, f.digest.Size(), n)); err != nil {
			return err
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && to != io.Writer(f.file) {
			return err
		}
		if err != nil {
			to = struct{ io.Writer }{f.file}
		}
	}
}
