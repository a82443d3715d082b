package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/nar"
)

// fill writes the archive of path: a copy of an earlier cache's, or one made
// anew. It returns the digest of the file, and whether it is a copy.
func (p *packer) fill(ctx context.Context, archive *cache.Archive, dumper *nar.Dumper, path closure.Path) (*digest, bool, error) {
	for _, earlier := range p.earlier {
		file, err := p.takeOver(ctx, archive, earlier, path)
		if file != nil {
			p.progress.add(path.NarSize)
			return file, true, nil
		}
		if ctx.Err() != nil {
			return nil, false, context.Cause(ctx)
		}
		if err != nil {
			p.log.Warn().Msgf("%s: its archive is made anew and not reused: %v", path.StorePath, err)
		}
	}
	file, err := p.compress(ctx, archive, dumper, path)
	return file, false, err
}

// takeOver copies the archive of path from an earlier cache. Where that has the
// path with another NAR or in another compression or not at all, there is
// neither a digest nor an error.
func (p *packer) takeOver(ctx context.Context, archive *cache.Archive, earlier *cache.Earlier, path closure.Path) (*digest, error) {
	info, err := earlier.Find(path.StorePath.Hash())
	if info == nil || info.StorePath != string(path.StorePath) || info.Compression != p.compression ||
		info.NarHash.String() != path.NarHash.String() || int64(info.NarSize) != path.NarSize {
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
		return nil, errors.Join(err, archive.Reset())
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

// compress writes the compressed NAR of path to w, in one pass over its bytes,
// and returns the digest of what it wrote.
func (p *packer) compress(ctx context.Context, w io.Writer, dumper *nar.Dumper, path closure.Path) (*digest, error) {
	file := newDigest(untilDone{ctx, w})
	if p.compression == "none" { // the NAR is the file, and one hash serves for both
		return file, p.dump(file, dumper, path)
	}
	compressor, err := p.codec.NewWriter(ctx, file, path.NarSize)
	if err != nil {
		return nil, err
	}
	err = p.dump(newDigest(compressor), dumper, path)
	// NB: the compressor is closed in any case, which frees it; but an error
	// that came before says more.
	return file, cmp.Or(err, compressor.Close())
}

// dump writes the NAR of path to w and compares it with the one that Nix
// registered: a store path that changed since then must not be published.
func (p *packer) dump(w *digest, dumper *nar.Dumper, path closure.Path) error {
	if err := dumper.Dump(io.MultiWriter(w, p.progress), string(path.StorePath)); err != nil {
		return err
	}
	if w.size != path.NarSize {
		return fmt.Errorf("the store path has changed: its NAR has %d bytes, Nix registered %d", w.size, path.NarSize)
	}
	if hash := w.sum().String(); hash != path.NarHash.String() {
		return fmt.Errorf("the store path has changed: its NAR has the hash %s, Nix registered %s", hash, path.NarHash)
	}
	return nil
}
