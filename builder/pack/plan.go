package pack

import (
	"cmp"
	"slices"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// Plan lists the store paths that a cache includes.
type Plan struct {
	// Paths has the largest NAR first.
	Paths []closure.PathInfo
	// NarSize is the size of all NARs in bytes.
	NarSize int64
	// Excluded is the number of excluded store paths of the closure.
	Excluded int
	// Warnings report missing references. A shard has none: it lacks most of the
	// closure by design.
	Warnings []error
}

// NewPlan plans a cache of the closure without the excluded paths, or one shard of that.
func NewPlan(closure []closure.PathInfo, exclude []storepath.Path, shard *closure.Shard) Plan {
	included := excludePaths(closure, exclude)
	plan := Plan{Paths: included, Excluded: len(closure) - len(included)}
	slices.SortFunc(plan.Paths, largestFirst)
	if shard != nil {
		plan.Paths = assignShard(plan.Paths, *shard)
	} else {
		plan.Warnings = missingReferenceWarnings(plan.Paths, exclude)
	}
	for _, path := range plan.Paths {
		plan.NarSize += path.NarSize
	}
	return plan
}

func excludePaths(paths []closure.PathInfo, excluded []storepath.Path) []closure.PathInfo {
	isExcluded := make(map[storepath.Path]bool, len(excluded))
	for _, path := range excluded {
		isExcluded[path] = true
	}
	return slices.DeleteFunc(slices.Clone(paths), func(path closure.PathInfo) bool { return isExcluded[path.StorePath] })
}

// assignShard returns the paths of one shard. Each path, largest first, is assigned to
// the smallest shard so far, which every shard computes alike.
func assignShard(paths []closure.PathInfo, shard closure.Shard) (assigned []closure.PathInfo) {
	// In bytes; only of the shards that get a path.
	sizes := make([]int64, min(shard.Count, len(paths)))
	for _, path := range paths {
		least := slices.Index(sizes, slices.Min(sizes))
		sizes[least] += path.NarSize
		if least == shard.Index {
			assigned = append(assigned, path)
		}
	}
	return assigned
}

func largestFirst(a, b closure.PathInfo) int {
	return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
}
