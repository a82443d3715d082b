package pack

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sync/semaphore"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
	"mkbinarycache/builder/storepath"
)

// minPatchNarSize is the smallest NAR size in bytes for which patches are made. The NAR
// file of a smaller NAR has about the size of a line in the list of patches.
const minPatchNarSize = 4 << 10

// AddPatches plans a patch for each store path of the plan if the list from has another
// version of it: a store path with the same package name and output, of the nearest NAR
// size. If from has no store path with the same package name, digits in package names are
// ignored: python3.13-six is then another version of python3.12-six. The store paths of
// tools, with which the target applies patches, get no patches.
func (p *Plan) AddPatches(from, tools []closure.PathInfo) {
	sameName, withoutDigits := map[string][]closure.PathInfo{}, map[string][]closure.PathInfo{}
	for _, base := range from {
		if base.NarSize < codec.MaxPatchNarSize {
			key := nameAndOutput(base.StorePath)
			sameName[key] = append(sameName[key], base)
			key = removeDigits(key)
			withoutDigits[key] = append(withoutDigits[key], base)
		}
	}
	p.Bases = map[storepath.Path]closure.PathInfo{}
	for _, path := range p.Paths {
		if path.NarSize < minPatchNarSize || path.NarSize >= codec.MaxPatchNarSize {
			continue
		}
		key := nameAndOutput(path.StorePath)
		candidates := sameName[key]
		if len(candidates) == 0 {
			candidates = withoutDigits[removeDigits(key)]
		}
		for _, base := range candidates {
			best, ok := p.Bases[path.StorePath]
			if d := distance(base, path) - distance(best, path); !ok || d < 0 || d == 0 && base.StorePath < best.StorePath {
				p.Bases[path.StorePath] = base
			}
		}
	}
	for _, tool := range tools {
		delete(p.Bases, tool.StorePath)
	}
}

func removeDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, s)
}

func distance(a, b closure.PathInfo) int64 {
	return max(a.NarSize-b.NarSize, b.NarSize-a.NarSize)
}

// nameAndOutput returns the name of a store path without its version: glibc-dev for
// glibc-2.40-66-dev. The part of a version after its last dash is an output name if this
// part consists of letters.
func nameAndOutput(path storepath.Path) string {
	name, version := storepath.SplitVersion(path.Name())
	i := strings.LastIndexByte(version, '-')
	if output := version[i+1:]; i >= 0 && strings.Trim(output, "abcdefghijklmnopqrstuvwxyz") == "" {
		name += "-" + output
	}
	return name
}

// patcher makes patches concurrently, as many at once as its memory suffices for.
type patcher struct {
	*codec.Patcher
	memory    int64 // bytes
	available *semaphore.Weighted
}

// patchWriter makes a patch from the bytes written to it, the NAR of the store path to
// patch.
type patchWriter struct {
	io.WriteCloser
	release func()
}

// newPatchWriter writes the NAR of the base to a temporary file and starts to make a
// patch against that NAR.
func (p *pathPacker) newPatchWriter(ctx context.Context, dumper *nar.Dumper) (_ *patchWriter, err error) {
	patcher := p.packer.patcher
	memory := min(patcher.memory, codec.PatchMemory(p.base.NarSize, p.NarSize))
	if err := patcher.available.Acquire(ctx, memory); err != nil {
		return nil, context.Cause(ctx)
	}
	file, err := os.CreateTemp("", "base")
	if err != nil {
		patcher.available.Release(memory)
		return nil, err
	}
	w := &patchWriter{release: func() {
		file.Close()
		os.Remove(file.Name())
		patcher.available.Release(memory)
	}}
	defer func() {
		if err != nil {
			w.release()
		}
	}()
	digest := cache.NewDigest()
	if err := dumper.Dump(&progressWriter{ctx, io.MultiWriter(file, digest), &Progress{}}, string(p.base.StorePath)); err != nil {
		return nil, err
	}
	if err := verify(digest, *p.base); err != nil {
		return nil, fmt.Errorf("base of the patch, %s: %w", p.base.StorePath, err)
	}
	patch, err := p.narFile.NewPatch(*p.base)
	if err != nil {
		return nil, err
	}
	w.WriteCloser, err = patcher.NewWriter(ctx, patch, file.Name(), p.NarSize)
	return w, err
}
