package pack

import (
	"cmp"
	"slices"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/storepath"
)

// Plan is what a cache is to hold.
type Plan struct {
	// Paths are the store paths, the largest NAR first.
	Paths []attrs.PathInfo
	// Bytes is the size of all their NARs.
	Bytes int64
	// Excluded is how many store paths of the closure are left out.
	Excluded int
	// Warnings tell of references that lead nowhere. A shard has none: it lacks most
	// of the closure by design.
	Warnings []error
}

// NewPlan plans a cache of the closure without what is excluded: all of it, or a
// shard.
func NewPlan(closure []attrs.PathInfo, exclude []storepath.Path, shard *attrs.Shard) Plan {
	held := without(closure, exclude)
	plan := Plan{Paths: held, Excluded: len(closure) - len(held)}
	slices.SortFunc(plan.Paths, largestFirst)
	if shard != nil {
		plan.Paths = share(plan.Paths, *shard)
	} else {
		plan.Warnings = warnOfMissing(plan.Paths, exclude)
	}
	for _, path := range plan.Paths {
		plan.Bytes += path.NarSize
	}
	return plan
}

func without(paths []attrs.PathInfo, excluded []storepath.Path) []attrs.PathInfo {
	out := make(map[storepath.Path]bool, len(excluded))
	for _, path := range excluded {
		out[path] = true
	}
	return slices.DeleteFunc(slices.Clone(paths), func(path attrs.PathInfo) bool { return out[path.StorePath] })
}

// share returns what one shard is to hold when each path, the largest first, goes
// to the shard that has least to do so far: any shard knows what the others do.
func share(paths []attrs.PathInfo, shard attrs.Shard) (mine []attrs.PathInfo) {
	// Of the shards that get anything, in bytes.
	sizes := make([]int64, min(shard.Count, len(paths)))
	for _, path := range paths {
		least := slices.Index(sizes, slices.Min(sizes))
		sizes[least] += path.NarSize
		if least == shard.Index {
			mine = append(mine, path)
		}
	}
	return mine
}

func largestFirst(a, b attrs.PathInfo) int {
	return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
}
