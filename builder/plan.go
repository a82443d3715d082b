package main

import (
	"cmp"
	"slices"

	"mkbinarycache/builder/closure"
)

// plan returns the store paths that the cache is to hold, largest first: all of
// paths, or a shard of them.
func plan(paths []closure.Path, shard *closure.Shard) []closure.Path {
	paths = slices.SortedFunc(slices.Values(paths), largestFirst)
	if shard != nil {
		paths = share(paths, *shard)
	}
	return paths
}

func without(paths, excluded []closure.Path) []closure.Path {
	out := make(map[closure.StorePath]bool, len(excluded))
	for _, path := range excluded {
		out[path.StorePath] = true
	}
	return slices.DeleteFunc(slices.Clone(paths), func(path closure.Path) bool { return out[path.StorePath] })
}

// share returns what one shard is to hold when each path, the largest first, goes
// to the shard that has least to do so far: any shard knows what the others do.
func share(paths []closure.Path, shard closure.Shard) (mine []closure.Path) {
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

func largestFirst(a, b closure.Path) int {
	return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
}
