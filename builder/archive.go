package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// archived is what there is to tell of an archive that was written.
type archived struct {
	file    *digest
	listing *nar.Listing // nil unless it was asked for
	reused  bool         // whether it is a copy of an earlier cache's
}

// fill writes the archive of path: a copy of an earlier cache's, or one made
// anew.
func (p *packer) fill(ctx context.Context, archive *cache.Archive, dumper *nar.Dumper, path attrs.PathInfo) (*archived, error) {
	for _, earlier := range p.earlier {
		file, err := p.takeOver(ctx, archive, earlier, path)
		if file != nil {
			listing, err := p.list(dumper, path)
			return &archived{file, listing, true}, err
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			p.log.Warn().Msgf("%s: its archive is made anew and not reused: %v", path.StorePath, err)
			if err := archive.Reset(); err != nil {
				return nil, err
			}
		}
	}
	return p.compress(ctx, archive, dumper, path)
}

// takeOver copies the archive of path from an earlier cache. Where that has the
// path with another NAR or in another compression or not at all, there is
// neither a digest nor an error.
func (p *packer) takeOver(ctx context.Context, archive *cache.Archive, earlier *cache.Earlier, path attrs.PathInfo) (*digest, error) {
	info, err := earlier.Find(path.StorePath.Hash())
	if info == nil || info.StorePath != string(path.StorePath) || info.Compression != p.compression ||
		!bytes.Equal(info.NarHash.Digest(), path.NarHash.Digest()) || int64(info.NarSize) != path.NarSize {
		return nil, err
	}
	from, err := earlier.OpenArchive(info.FileHash, p.codec.Suffix())
	if err != nil {
		return nil, err
	}
	defer from.Close()
	file, err := copyFile(ctx, archive.File, from)
	if err == nil && (!bytes.Equal(file.sum().Digest(), info.FileHash.Digest()) || uint64(file.size) != info.FileSize) {
		err = fmt.Errorf("%s: the file is damaged: it has %d bytes with the hash %s, its narinfo says %d with %s",
			from.Name(), file.size, file.sum(), info.FileSize, info.FileHash)
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// copyFile copies a file and returns the digest of the copy. Where the file
// system can share blocks between files, it does.
func copyFile(ctx context.Context, to, from *os.File) (*digest, error) {
	const chunk = 64 << 20 // bytes between two looks at ctx
	d := newDigest(io.Discard)
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		n, err := io.CopyN(to, from, chunk)
		// NB: what is in the cache is hashed, not what was read from the other one.
		if _, err := io.Copy(d, io.NewSectionReader(to, d.size, n)); err != nil {
			return nil, err
		}
		if errors.Is(err, io.EOF) {
			return d, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// compress writes the compressed NAR of path to w, in one pass over its bytes.
func (p *packer) compress(ctx context.Context, w io.Writer, dumper *nar.Dumper, path attrs.PathInfo) (*archived, error) {
	file := newDigest(untilDone{ctx, w})
	if p.compression == "none" { // the NAR is the file, and one hash serves for both
		listing, err := p.dump(file, dumper, path)
		return &archived{file: file, listing: listing}, err
	}
	compressor, err := p.codec.NewWriter(ctx, file, path.NarSize)
	if err != nil {
		return nil, err
	}
	listing, err := p.dump(newDigest(compressor), dumper, path)
	// NB: the compressor is closed in any case, which frees it; but an error
	// that came before says more.
	return &archived{file: file, listing: listing}, cmp.Or(err, compressor.Close())
}

// list returns what dump does, of an archive that need not be written.
func (p *packer) list(dumper *nar.Dumper, path attrs.PathInfo) (*nar.Listing, error) {
	if !p.lists() {
		p.progress.add(path.NarSize)
		return nil, nil
	}
	return p.dump(newDigest(io.Discard), dumper, path)
}

// lists tells whether anything asks for listings.
func (p *packer) lists() bool { return p.writeListings || p.indexDebugInfo }

// dump writes the NAR of path to w and compares it with the one that Nix
// registered: a store path that changed since then must not be published. It
// returns the listing, if anything asks for it.
func (p *packer) dump(w *digest, dumper *nar.Dumper, path attrs.PathInfo) (listing *nar.Listing, err error) {
	both := io.MultiWriter(w, p.progress)
	if p.lists() {
		listing, err = dumper.DumpAndList(both, string(path.StorePath))
	} else {
		err = dumper.Dump(both, string(path.StorePath))
	}
	if err != nil {
		return nil, err
	}
	if w.size != path.NarSize {
		return nil, changed("%d bytes, Nix registered %d", w.size, path.NarSize)
	}
	if hash := w.sum().String(); hash != path.NarHash.String() {
		return nil, changed("the hash %s, Nix registered %s", hash, path.NarHash)
	}
	return listing, nil
}

func changed(format string, args ...any) error {
	return hinted{
		fmt.Errorf("the store path has changed: its NAR has "+format, args...),
		"nix-store --verify --check-contents --repair fetches or builds anew what is damaged in a store",
	}
}
