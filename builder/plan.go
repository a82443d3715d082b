package main

import (
	"cmp"
	"slices"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/storepath"
)

// plan returns the store paths that the cache is to hold, largest first: all of
// paths, or a shard of them.
func plan(paths []attrs.PathInfo, shard *attrs.Shard) []attrs.PathInfo {
	paths = slices.SortedFunc(slices.Values(paths), largestFirst)
	if shard != nil {
		paths = share(paths, *shard)
	}
	return paths
}

func without(paths, excluded []attrs.PathInfo) []attrs.PathInfo {
	out := make(map[storepath.Path]bool, len(excluded))
	for _, path := range excluded {
		out[path.StorePath] = true
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
