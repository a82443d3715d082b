package pack

import (
	"fmt"
	"testing"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/storepath"
)

// graph is a closure of the paths, whose names say nothing and whose sizes are
// given.
func graph(sizes map[storepath.Path]int64) (paths []attrs.PathInfo) {
	for name, size := range sizes {
		paths = append(paths, attrs.PathInfo{StorePath: name, NarSize: size})
	}
	return paths
}

func names(paths []attrs.PathInfo) (names []storepath.Path) {
	for _, path := range paths {
		names = append(names, path.StorePath)
	}
	return names
}

func TestPlan(t *testing.T) {
	all := graph(map[storepath.Path]int64{"a": 1, "b": 4, "c": 3, "d": 3, "e": 2})
	excluded := graph(map[storepath.Path]int64{"e": 2, "of another closure": 9})
	if got := fmt.Sprint(names(NewPlan(all, excluded, nil).Paths)); got != "[b c d a]" {
		t.Errorf("got %s, want what is not excluded, largest first", got)
	}
	if len(all) != 5 {
		t.Errorf("the closure was changed to %v", names(all))
	}
}

// The shares have everything once, and are of about the same size.
func TestShare(t *testing.T) {
	sizes := map[storepath.Path]int64{}
	for i := range int64(1000) {
		sizes[storepath.Path(fmt.Sprint(i))] = 112 + i*i%7919*1000
	}
	all := graph(sizes)
	for _, count := range []int{1, 2, 3, 8, 32} {
		held := map[storepath.Path]bool{}
		var total, largest int64
		for index := range count {
			var size int64
			for _, path := range NewPlan(all, nil, &attrs.Shard{Index: index, Count: count}).Paths {
				if held[path.StorePath] {
					t.Errorf("%d shards: %s is in two", count, path.StorePath)
				}
				held[path.StorePath] = true
				size += path.NarSize
			}
			total, largest = total+size, max(largest, size)
		}
		if len(held) != len(sizes) {
			t.Errorf("%d shards have %d paths, want %d", count, len(held), len(sizes))
		}
		if mean := total / int64(count); largest*10 > mean*11 {
			t.Errorf("%d shards: the largest has %d bytes, more than 1.1 times the mean of %d", count, largest, mean)
		}
	}
}

// More shards than paths, or nothing to share, leave shards empty.
func TestShareOfLittle(t *testing.T) {
	all := graph(map[storepath.Path]int64{"a": 9, "b": 1, "c": 1})
	for index, want := range []string{"[a]", "[b]", "[c]", "[]"} {
		if got := fmt.Sprint(names(NewPlan(all, nil, &attrs.Shard{Index: index, Count: 4}).Paths)); got != want {
			t.Errorf("shard %d has %s, want %s", index, got, want)
		}
	}
}
