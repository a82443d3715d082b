package pack

import (
	"cmp"
	"context"
	"io"
	"sync/atomic"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"golang.org/x/sync/semaphore"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/storepath"
)

// Options control how store paths are packed.
type Options struct {
	// Compression is the compression in narinfos: none, xz or zstd.
	Compression string
	// Codec compresses the NARs, or is nil for the compression "none".
	Codec codec.Codec
	// Cores is the number of workers.
	Cores int
	// PreviousCaches are the caches whose NAR files may be reused.
	PreviousCaches []*cache.Previous
	// Derivers maps a store path to its deriver, if known.
	Derivers map[storepath.Path]storepath.Path
	// Patcher makes the patches of a plan, as many at once as PatchMemory, in bytes,
	// suffices for, but at least one.
	Patcher     *codec.Patcher
	PatchMemory int64
	// Key signs the narinfos, unless it is nil.
	Key *cache.Key
	// WriteListings enables NAR listings, IndexDebugInfo the debug info index.
	WriteListings, IndexDebugInfo bool
	// Progress is updated while the cache is written.
	Progress *Progress
}

// Progress counts the store paths and NAR bytes packed so far.
type Progress struct {
	Paths    atomic.Int64 // published store paths
	NarBytes atomic.Int64 // read or reused bytes of NARs
}

// Result lists the store paths that were packed.
type Result struct {
	// NarInfos has the published narinfos, largest NAR first.
	NarInfos []*narinfo.NarInfo
	// Reused is the number of NAR files copied from previous caches.
	Reused int
	// Patches are the patches that replace NAR files, largest NAR first.
	Patches []*cache.Patch
	// Warnings are problems that do not fail the build.
	Warnings []error
}

// MemoryPerWorker returns the maximum number of bytes of memory that a worker needs: for
// a compressor, and for blocksPerWorker buffers, each with room for a block and its
// frame.
func MemoryPerWorker(c codec.Codec) int64 {
	if c == nil {
		return 0
	}
	return c.Memory() + blocksPerWorker*2*c.BlockSize()
}

// packer holds the data that a call of Run uses for all store paths.
type packer struct {
	Options
	dir       *cache.Dir
	scheduler *scheduler
	patcher   patcher
}

// needsListing reports whether an option needs the file trees of store paths.
func (p *packer) needsListing() bool { return p.WriteListings || p.IndexDebugInfo }

// Run packs all store paths of the plan into dir. If Run fails, the result has the store
// paths that were published before the failure. If ctx ends, the error is the cause of
// its end.
func Run(ctx context.Context, dir *cache.Dir, plan Plan, options Options) (*Result, error) {
	memory := max(1, options.PatchMemory)
	packer := &packer{options, dir, newScheduler(options.Codec, options.Cores), patcher{options.Patcher, memory, semaphore.NewWeighted(memory)}}
	packers := make([]*pathPacker, len(plan.Paths))
	jobs := make([]job, len(plan.Paths))
	for i, info := range plan.Paths {
		packers[i] = &pathPacker{PathInfo: info, packer: packer}
		if base, ok := plan.Bases[info.StorePath]; ok {
			packers[i].base = &base
		}
		jobs[i] = job{info.NarSize, packers[i].pack}
	}
	err := packer.scheduler.run(ctx, jobs)
	result := &Result{Patches: dir.Patches()}
	for _, p := range packers {
		result.add(p)
	}
	result.Warnings = append(result.Warnings, plan.Warnings...)
	// If a signal arrived, other errors may be a consequence of the signal.
	return result, cmp.Or(context.Cause(ctx), err)
}

// add adds the store path of p to the result, or removes the temporary files of the store
// path if it was not published.
func (r *Result) add(p *pathPacker) {
	r.Warnings = append(r.Warnings, p.warnings...)
	switch {
	case p.published:
		r.NarInfos = append(r.NarInfos, p.info)
		if p.reused {
			r.Reused++
		}
	case p.narFile != nil:
		p.narFile.Discard()
	}
}

// progressWriter counts the bytes written to w. Once ctx ends, Write fails with the cause
// of ctx.
type progressWriter struct {
	ctx      context.Context
	w        io.Writer
	progress *Progress
}

func (w *progressWriter) Write(b []byte) (int, error) {
	if err := context.Cause(w.ctx); err != nil {
		return 0, err
	}
	n, err := w.w.Write(b)
	w.progress.NarBytes.Add(int64(n))
	return n, err
}
