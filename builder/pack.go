package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"golang.org/x/sync/errgroup"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
)

// packer puts store paths into a cache.
type packer struct {
	dir         *cache.Dir
	codec       codec.Codec
	compression string // the codec's name

	narSize, fileSize atomic.Int64 // bytes, summed over all paths
}

// packAll packs the paths, largest first. The NARs that the codec compresses
// with all cores go one after another, so that only one of them takes memory;
// beside them a worker for each core packs the others, and so uses the cores
// whenever a large one leaves them idle.
func (p *packer) packAll(ctx context.Context, paths []closure.Path, cores int) error {
	paths = slices.SortedFunc(slices.Values(paths), largestFirst)
	large := 0
	for large < len(paths) && p.codec.Parallel(paths[large].NarSize) {
		large++
	}
	group, ctx := errgroup.WithContext(ctx)
	p.start(ctx, group, 1, paths[:large])
	p.start(ctx, group, cores, paths[large:])
	return group.Wait()
}

func largestFirst(a, b closure.Path) int {
	return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
}

// start starts workers that share the paths among themselves.
func (p *packer) start(ctx context.Context, group *errgroup.Group, workers int, paths []closure.Path) {
	queue := make(chan closure.Path, len(paths))
	for _, path := range paths {
		queue <- path
	}
	close(queue)
	for range min(workers, len(paths)) {
		group.Go(func() error {
			dumper := nar.NewDumper()
			for path := range queue {
				if err := p.pack(ctx, dumper, path); err != nil {
					return fmt.Errorf("%s: %w", path.StorePath, err)
				}
			}
			return nil
		})
	}
}

// pack adds one store path to the cache.
func (p *packer) pack(ctx context.Context, dumper *nar.Dumper, path closure.Path) error {
	archive, err := p.dir.NewArchive(path.StorePath.Hash(), p.codec.Suffix())
	if err != nil {
		return err
	}
	defer archive.Discard()
	file, err := p.compress(ctx, archive, dumper, path)
	if err != nil {
		return err
	}
	if err := archive.Publish(p.narInfo(path, file)); err != nil {
		return err
	}
	p.narSize.Add(path.NarSize)
	p.fileSize.Add(file.size)
	return nil
}

// compress writes the compressed NAR of path to w, in one pass over its bytes,
// and returns the digest of what it wrote.
func (p *packer) compress(ctx context.Context, w io.Writer, dumper *nar.Dumper, path closure.Path) (*digest, error) {
	file := newDigest(untilDone{ctx, w})
	if p.compression == "none" { // the NAR is the file, and one hash serves for both
		return file, dump(file, dumper, path)
	}
	compressor, err := p.codec.NewWriter(ctx, file, path.NarSize)
	if err != nil {
		return nil, err
	}
	err = dump(newDigest(compressor), dumper, path)
	// NB: the compressor is closed in any case, which frees it; but an error
	// that came before says more.
	return file, cmp.Or(err, compressor.Close())
}

// dump writes the NAR of path to w and compares it with the one that Nix
// registered: a store path that changed since then must not be published.
func dump(w *digest, dumper *nar.Dumper, path closure.Path) error {
	if err := dumper.Dump(w, string(path.StorePath)); err != nil {
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

func (p *packer) narInfo(path closure.Path, file *digest) *narinfo.NarInfo {
	info := &narinfo.NarInfo{
		StorePath:   string(path.StorePath),
		Compression: p.compression,
		FileHash:    file.sum(),
		FileSize:    uint64(file.size),
		NarHash:     path.NarHash,
		NarSize:     uint64(path.NarSize),
		CA:          path.CA,
	}
	for _, reference := range path.References {
		info.References = append(info.References, reference.Base())
	}
	return info
}
