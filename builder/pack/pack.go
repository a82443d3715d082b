package pack

import (
	"cmp"
	"context"
	"sync/atomic"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/storepath"
)

// Options are how to pack.
type Options struct {
	// Compression is the name that narinfos have for the codec.
	Compression string
	Codec       codec.Codec
	// Cores is the number of workers.
	Cores int
	// Earlier are the caches whose archives may be reused.
	Earlier []*cache.Earlier
	// Derivers tells which .drv file made a store path, where that is known.
	Derivers map[storepath.Path]storepath.Path
	// Key is the key to sign with, or nil.
	Key *cache.Key
	// WriteListings asks for the listing of each archive, IndexDebugInfo for the
	// index of debug info.
	WriteListings, IndexDebugInfo bool
	// Progress is told what is done, as it is done.
	Progress *Progress
}

// Progress counts what is done.
type Progress struct {
	Paths, Bytes atomic.Int64 // store paths, bytes of NARs
}

// Result is what has been packed.
type Result struct {
	// NarInfos are those of the cache, the largest NAR first.
	NarInfos []*narinfo.NarInfo
	// Reused is how many of them have their archive from an earlier cache.
	Reused int
	// Warnings tell what is wrong but no reason to fail.
	Warnings []error
}

// packer is what store paths have in common on their way.
type packer struct {
	Options
	dir  *cache.Dir
	crew *crew
}

// needsListing tells whether anything asks for the files of store paths.
func (p *packer) needsListing() bool { return p.WriteListings || p.IndexDebugInfo }

// Run packs all of the plan into dir. The result is there also when an error is: as
// far as it came. Where ctx ends, the error is its cause.
func Run(ctx context.Context, dir *cache.Dir, plan Plan, options Options) (*Result, error) {
	paths := make([]*path, len(plan.Paths))
	items := make([]item, len(plan.Paths))
	packer := &packer{options, dir, newCrew(options.Codec, options.Cores)}
	for i, info := range plan.Paths {
		paths[i] = &path{PathInfo: info, packer: packer}
		items[i] = item{info.NarSize, paths[i].pack}
	}
	err := packer.crew.run(ctx, items)
	if err != nil {
		discard(paths)
	}
	result := resultOf(paths)
	result.Warnings = append(result.Warnings, plan.Warnings...)
	// A signal is the cause of whatever else went wrong after it.
	return result, cmp.Or(context.Cause(ctx), err)
}

// discard removes the files of what was begun and not published.
func discard(paths []*path) {
	for _, p := range paths {
		if p.archive != nil {
			p.archive.Discard()
		}
	}
}

func resultOf(paths []*path) *Result {
	result := &Result{}
	for _, p := range paths {
		result.Warnings = append(result.Warnings, p.warnings...)
		if !p.done {
			continue
		}
		result.NarInfos = append(result.NarInfos, p.info)
		if p.reused {
			result.Reused++
		}
	}
	return result
}
