package pack

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// Plan lists the store paths that a cache includes.
type Plan struct {
	// Paths has the included store paths, largest NAR first.
	Paths []closure.PathInfo
	// NarSize is the total size of the NARs of Paths in bytes.
	NarSize int64
	// Excluded is the number of excluded store paths of the closure.
	Excluded int
	// Bases has the base of each patch to make, by the store path to patch. The target
	// has the bases.
	Bases map[storepath.Path]closure.PathInfo
	// Warnings report missing references. The plan of a shard, one of N parts of a
	// closure, has none: a shard lacks most of the closure by design.
	Warnings []error
}

// NewPlan plans a cache of the closure without the excluded paths. If shard is not nil,
// the plan includes only the paths of that shard.
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

func excludePaths(paths []closure.PathInfo, exclude []storepath.Path) []closure.PathInfo {
	isExcluded := set(exclude)
	return slices.DeleteFunc(slices.Clone(paths), func(path closure.PathInfo) bool { return isExcluded[path.StorePath] })
}

// assignShard returns the paths of one shard. Each path, largest first, is assigned to
// the shard with the smallest total NAR size so far. The builders of all shards compute
// the same assignment.
func assignShard(paths []closure.PathInfo, shard closure.Shard) (assigned []closure.PathInfo) {
	// The total NAR size in bytes of each shard that gets a path.
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

func set(paths []storepath.Path) map[storepath.Path]bool {
	set := make(map[storepath.Path]bool, len(paths))
	for _, path := range paths {
		set[path] = true
	}
	return set
}

func largestFirst(a, b closure.PathInfo) int {
	return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
}

// maxReported limits the number of warnings that name a missing reference: a few such
// warnings show the cause of thousands.
const maxReported = 10

// missingReferenceWarnings reports store paths that an included path references, but
// that are neither included nor excluded. Nix can substitute their referrers only if
// the target has the missing paths.
//
// Nix writes no graph with missing references. Either a caller filtered the graph, or the
// Nix database is damaged.
func missingReferenceWarnings(included []closure.PathInfo, exclude []storepath.Path) (warnings []error) {
	referrers := findMissingReferences(included, exclude)
	missing := slices.Sorted(maps.Keys(referrers))
	for _, path := range missing[:min(maxReported, len(missing))] {
		warnings = append(warnings, fmt.Errorf("%s is missing: neither in the cache nor excluded, but referenced by %s (referrers: %d)",
			path, slices.Min(referrers[path]), len(referrers[path])))
	}
	if more := len(missing) - maxReported; more > 0 {
		warnings = append(warnings, fmt.Errorf("%d more referenced store paths are missing", more))
	}
	return warnings
}

// findMissingReferences returns the referrers of each missing store path.
func findMissingReferences(included []closure.PathInfo, exclude []storepath.Path) map[storepath.Path][]storepath.Path {
	known := set(exclude)
	for _, path := range included {
		known[path.StorePath] = true
	}
	referrers := map[storepath.Path][]storepath.Path{}
	for _, path := range included {
		for _, reference := range path.References {
			if !known[reference] {
				referrers[reference] = append(referrers[reference], path.StorePath)
			}
		}
	}
	return referrers
}
