package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
	"mkbinarycache/builder/storepath"
)

// packer puts store paths into a cache.
type packer struct {
	log         zerolog.Logger
	warnings    warnings // of log
	progress    *progress
	dir         *cache.Dir
	codec       codec.Codec
	compression string // the codec's name
	cores       int
	key         *cache.Key // to sign with, or nil
	earlier     []*cache.Earlier
	derivers    map[storepath.Path]storepath.Path // of store paths that have a known one

	writeListings, indexDebugInfo bool

	mutex  sync.Mutex
	packed []*narinfo.NarInfo // in no order
	reused int                // how many of them have their archive from an earlier cache
}

// packAll packs the paths in their order, which has to be largest first. The
// NARs that the codec compresses with all cores go one after another, so that
// only one of them takes memory; beside them a worker for each core packs the
// others, and so uses the cores whenever a large one leaves them idle.
func (p *packer) packAll(ctx context.Context, paths []attrs.PathInfo) error {
	large := 0
	for large < len(paths) && p.codec.Parallel(paths[large].NarSize) {
		large++
	}
	group, ctx := errgroup.WithContext(ctx)
	p.start(ctx, group, 1, paths[:large])
	p.start(ctx, group, p.cores, paths[large:])
	return group.Wait()
}

// start starts workers that share the paths among themselves.
func (p *packer) start(ctx context.Context, group *errgroup.Group, workers int, paths []attrs.PathInfo) {
	queue := make(chan attrs.PathInfo, len(paths))
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
func (p *packer) pack(ctx context.Context, dumper *nar.Dumper, path attrs.PathInfo) error {
	archive, err := p.dir.NewArchive(path.StorePath.Hash(), p.codec.Suffix())
	if err != nil {
		return err
	}
	defer archive.Discard()
	written, err := p.fill(ctx, archive, dumper, path)
	if err != nil {
		return err
	}
	info, err := p.narInfo(path, written.file)
	if err != nil {
		return err
	}
	if err := p.publish(archive, info, written.listing); err != nil {
		return err
	}
	p.note(info, written.reused)
	return nil
}

func (p *packer) publish(archive *cache.Archive, info *narinfo.NarInfo, listing *nar.Listing) error {
	if p.writeListings {
		text, err := listing.JSON()
		if err != nil {
			return err
		}
		if err := archive.WriteListing(text); err != nil {
			return err
		}
	}
	if err := archive.Publish(info); err != nil {
		return err
	}
	if p.indexDebugInfo {
		p.dir.IndexDebugInfo(info, listing.RegularFiles(cache.BuildIDDir))
	}
	return nil
}

func (p *packer) narInfo(path attrs.PathInfo, file *digest) (*narinfo.NarInfo, error) {
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
	if deriver, ok := p.derivers[path.StorePath]; ok {
		info.Deriver = deriver.Base()
	}
	if p.key == nil {
		return info, nil
	}
	return info, p.key.Sign(info)
}

// note remembers what was packed.
func (p *packer) note(info *narinfo.NarInfo, reused bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.packed = append(p.packed, info)
	if reused {
		p.reused++
	}
	p.progress.pathDone()
}
