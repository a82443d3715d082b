package pack

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// ErrChanged is in the error of a store path that is not what Nix registered.
var ErrChanged = errors.New("the store path has changed")

// path is a store path on its way into the cache.
type path struct {
	attrs.PathInfo
	packer   *packer
	archive  *cache.Archive // nil before it is begun
	info     *narinfo.NarInfo
	listing  *nar.Listing // nil unless something asks for it
	reused   bool         // whether the archive is a copy of an earlier one
	warnings []error
	done     bool
}

// pack adds the store path to the cache, or as much of that as is not left to other
// workers.
func (p *path) pack(ctx context.Context, dumper *nar.Dumper) error {
	err := p.start(ctx)
	switch {
	case err != nil:
	case p.reused:
		err = p.packReused(ctx, dumper)
	default:
		err = p.packAnew(ctx, dumper)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p.StorePath, err)
	}
	return nil
}

// start makes the narinfo, as far as the file is not needed for it, and the
// archive: filled from an earlier cache, or empty.
func (p *path) start(ctx context.Context) (err error) {
	if p.info, err = p.newNarInfo(); err != nil {
		return err
	}
	if p.archive, err = p.packer.dir.NewArchive(p.StorePath.Hash(), p.packer.Codec.Suffix()); err != nil {
		return err
	}
	var damage []error
	p.reused, damage, err = p.archive.Reuse(ctx, p.packer.Earlier, p.info)
	for _, reason := range damage {
		p.warnings = append(p.warnings, fmt.Errorf("%s: its archive is made anew and not reused: %w", p.StorePath, reason))
	}
	return err
}

// newNarInfo returns the narinfo, less what it says of the file.
func (p *path) newNarInfo() (*narinfo.NarInfo, error) {
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

// packReused publishes an archive that is a copy. The store path is read only where
// its files are listed.
func (p *path) packReused(ctx context.Context, dumper *nar.Dumper) error {
	if p.packer.needsListing() {
		digest := cache.NewDigest()
		if err := p.dump(ctx, dumper, digest, digest); err != nil {
			return err
		}
	} else {
		p.packer.Progress.Bytes.Add(p.NarSize)
	}
	return p.publish()
}

// packAnew reads and compresses the store path, in one pass over its bytes.
func (p *path) packAnew(ctx context.Context, dumper *nar.Dumper) error {
	if p.packer.Compression == "none" { // the NAR is the file, and one hash serves for both
		if err := p.dump(ctx, dumper, p.archive.Digest(), p.archive); err != nil {
			return err
		}
		return p.publish()
	}
	digest := cache.NewDigest()
	blocks := p.packer.crew.compress(ctx, string(p.StorePath), p.NarSize, p.archive, p.publish)
	defer blocks.abandon()
	if err := p.dump(ctx, dumper, digest, io.MultiWriter(blocks, digest)); err != nil {
		return err
	}
	return blocks.end()
}

// dump writes the NAR to w, lists its files if that is asked for, and compares the
// digest of what was written with what Nix registered: a store path that changed
// since then must not be published.
func (p *path) dump(ctx context.Context, dumper *nar.Dumper, digest *cache.Digest, w io.Writer) (err error) {
	w = &watched{ctx, w, p.packer.Progress}
	if p.packer.needsListing() {
		p.listing, err = dumper.DumpAndList(w, string(p.StorePath))
	} else {
		err = dumper.Dump(w, string(p.StorePath))
	}
	if err != nil {
		return err
	}
	if file := dumper.TooDeep(); file != "" {
		p.warnings = append(p.warnings, fmt.Errorf(tooDeep, p.StorePath, file, nar.MaxDepth))
	}
	if size := digest.Size(); size != p.NarSize {
		return fmt.Errorf("%w: its NAR has %d bytes, Nix registered %d", ErrChanged, size, p.NarSize)
	}
	if hash := digest.Sum().String(); hash != p.NarHash.String() {
		return fmt.Errorf("%w: its NAR has the hash %s, Nix registered %s", ErrChanged, hash, p.NarHash)
	}
	return nil
}

// tooDeep is said of a store path, once: when its archive is made, or listed.
//
// It is a warning, not an error. Older Nix takes such a path, nixpkgs' own function
// makes a cache of it without a word, and all others in the cache are as good as
// ever: which Nix the target has is not known here.
const tooDeep = "%s: Nix 2.34.7 and newer refuse to unpack it: %s is more than %d levels deep in it"

// publish puts the archive and all that belongs to it into the cache.
func (p *path) publish() (err error) {
	var extras cache.Extras
	if p.packer.WriteListings {
		if extras.Listing, err = p.listing.JSON(); err != nil {
			return err
		}
	}
	if p.packer.IndexDebugInfo {
		extras.DebugFiles = p.listing.RegularFiles(cache.BuildIDDir)
	}
	if err := p.archive.Publish(p.info, extras); err != nil {
		return err
	}
	p.listing, p.done = nil, true
	p.packer.Progress.Paths.Add(1)
	return nil
}
