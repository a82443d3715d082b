package pack

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/nar"
)

// ErrModified is wrapped in the error that Run returns for a store path whose NAR does
// not have the size or the hash that Nix registered.
var ErrModified = errors.New("store path was modified")

// pathPacker packs one store path.
type pathPacker struct {
	closure.PathInfo
	packer    *packer
	base      *closure.PathInfo // base of the patch to make, or nil
	narFile   *cache.NarFile    // nil before the job starts
	info      *narinfo.NarInfo
	listing   *nar.Listing // nil unless an option needs it
	reused    bool         // whether the NAR file is copied from a previous cache
	warnings  []error
	published bool
}

// pack adds the store path to the cache. After it returns, other workers may still
// compress blocks that it offered.
func (p *pathPacker) pack(ctx context.Context, dumper *nar.Dumper) error {
	err := p.prepare(ctx)
	if err == nil && p.reused {
		err = p.packReused(ctx, dumper)
	} else if err == nil {
		err = p.packFromStore(ctx, dumper)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", p.StorePath, err)
	}
	return err
}

// prepare makes the narinfo and the NAR file, which is either copied from a previous
// cache or empty.
func (p *pathPacker) prepare(ctx context.Context) (err error) {
	if p.info, err = p.newNarInfo(); err != nil {
		return err
	}
	suffix := ""
	if p.packer.Codec != nil {
		suffix = p.packer.Codec.Suffix()
	}
	if p.narFile, err = p.packer.dir.NewNarFile(p.StorePath.Hash(), suffix); err != nil {
		return err
	}
	var reuseErrs []error
	p.reused, reuseErrs, err = p.narFile.Reuse(ctx, p.packer.PreviousCaches, p.info)
	for _, err := range reuseErrs {
		p.warnings = append(p.warnings, fmt.Errorf("%s: cannot reuse NAR file: %w", p.StorePath, err))
	}
	return err
}

// newNarInfo returns the signed narinfo without URL, FileHash and FileSize, which publish
// sets.
func (p *pathPacker) newNarInfo() (*narinfo.NarInfo, error) {
	info := &narinfo.NarInfo{
		StorePath:   string(p.StorePath),
		Compression: p.packer.Compression,
		NarHash:     p.NarHash,
		NarSize:     uint64(p.NarSize),
		CA:          p.CA,
	}
	for _, reference := range p.References {
		info.References = append(info.References, reference.Base())
	}
	if deriver, ok := p.packer.Derivers[p.StorePath]; ok {
		info.Deriver = deriver.Base()
	}
	if p.packer.Key == nil {
		return info, nil
	}
	return info, p.packer.Key.Sign(info)
}

// packReused publishes a NAR file that was copied from a previous cache. It reads the
// store path only to make a listing or a patch.
func (p *pathPacker) packReused(ctx context.Context, dumper *nar.Dumper) error {
	if p.packer.needsListing() || p.base != nil {
		digest := cache.NewDigest()
		if err := p.dump(ctx, dumper, digest, digest); err != nil {
			return err
		}
	} else {
		p.packer.Progress.NarBytes.Add(p.NarSize)
	}
	return p.publish()
}

// packFromStore reads, hashes and compresses the store path in one pass.
func (p *pathPacker) packFromStore(ctx context.Context, dumper *nar.Dumper) error {
	if p.packer.Codec == nil { // the NAR is the NAR file, and both have the same hash
		if err := p.dump(ctx, dumper, p.narFile.Digest(), p.narFile); err != nil {
			return err
		}
		return p.publish()
	}
	digest := cache.NewDigest()
	blocks := p.packer.scheduler.newBlockWriter(ctx, string(p.StorePath), p.NarSize, p.narFile, p.publish)
	defer blocks.release()
	if err := p.dump(ctx, dumper, digest, io.MultiWriter(blocks, digest)); err != nil {
		return err
	}
	return blocks.finish()
}

// dump writes the NAR of the store path to w, and makes a patch of the NAR if p has a
// base. It verifies the digest of the NAR: a modified store path must not be published.
func (p *pathPacker) dump(ctx context.Context, dumper *nar.Dumper, digest *cache.Digest, w io.Writer) (err error) {
	var patch *patchWriter
	if p.base != nil {
		if patch, err = p.newPatchWriter(ctx, dumper); err != nil {
			return err
		}
		defer patch.release()
		defer patch.Close()
		w = io.MultiWriter(w, patch)
	}
	w = &progressWriter{ctx, w, p.packer.Progress}
	if p.packer.needsListing() {
		p.listing, err = dumper.DumpAndList(w, string(p.StorePath))
	} else {
		err = dumper.Dump(w, string(p.StorePath))
	}
	if err != nil {
		return err
	}
	if file := dumper.TooDeep(); file != "" {
		p.warnings = append(p.warnings, fmt.Errorf(tooDeepFormat, p.StorePath, file, nar.MaxDepth))
	}
	if err := verify(digest, p.PathInfo); err != nil || patch == nil {
		return err
	}
	return patch.Close()
}

// verify compares the digest of a NAR with the size and hash that Nix registered.
func verify(digest *cache.Digest, info closure.PathInfo) error {
	if size := digest.Size(); size != info.NarSize {
		return fmt.Errorf("%w: NAR size mismatch: registered %d, got %d", ErrModified, info.NarSize, size)
	}
	if hash := digest.Sum().String(); hash != info.NarHash.String() {
		return fmt.Errorf("%w: NAR hash mismatch: registered %s, got %s", ErrModified, info.NarHash, hash)
	}
	return nil
}

// tooDeepFormat is the format of a warning, not of an error: older versions of Nix can
// unpack such a path, nixpkgs' mkBinaryCache accepts it silently, and the builder does
// not know the Nix version of the target.
const tooDeepFormat = "%s: Nix 2.34.7 and newer refuse to unpack this path: %s is nested more than %d levels deep"

// publish adds the NAR file and its extras, and then the narinfo, to the cache.
func (p *pathPacker) publish() (err error) {
	var extras cache.Extras
	if p.packer.WriteListings {
		if extras.Listing, err = p.listing.JSON(); err != nil { // without a listing, Nix reads the NAR
			extras.Listing, p.warnings = nil, append(p.warnings, err)
		}
	}
	if p.packer.IndexDebugInfo {
		extras.DebugFiles = p.listing.RegularFiles(cache.BuildIDDir)
	}
	if err := p.narFile.Publish(p.info, extras); err != nil {
		return err
	}
	p.listing, p.published = nil, true
	p.packer.Progress.Paths.Add(1)
	return nil
}
