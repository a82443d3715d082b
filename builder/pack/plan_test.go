package pack

import (
	"fmt"
	"slices"
	"testing"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// graph returns a closure of store paths with these NAR sizes.
func graph(sizes map[storepath.Path]int64) (paths []closure.PathInfo) {
	for name, size := range sizes {
		paths = append(paths, closure.PathInfo{StorePath: name, NarSize: size})
	}
	return paths
}

func names(paths []closure.PathInfo) (names []storepath.Path) {
	for _, path := range paths {
		names = append(names, path.StorePath)
	}
	return names
}

func TestPlan(t *testing.T) {
	all := graph(map[storepath.Path]int64{"a": 1, "b": 4, "c": 3, "d": 3, "e": 2})
	excluded := []storepath.Path{"e", "of another closure"}
	if got := fmt.Sprint(names(NewPlan(all, excluded, nil).Paths)); got != "[b c d a]" {
		t.Errorf("got %s, want what is not excluded, largest first", got)
	}
	if len(all) != 5 {
		t.Errorf("the closure was changed to %v", names(all))
	}
}

// Each store path is in exactly one shard, and the shards have about the same size.
func TestShare(t *testing.T) {
	sizes := map[storepath.Path]int64{}
	for i := range int64(1000) {
		sizes[storepath.Path(fmt.Sprint(i))] = 112 + i*i%7919*1000
	}
	all := graph(sizes)
	for _, count := range []int{1, 2, 3, 8, 32} {
		seen := map[storepath.Path]bool{}
		var total, largest int64
		for index := range count {
			var size int64
			for _, path := range NewPlan(all, nil, &closure.Shard{Index: index, Count: count}).Paths {
				if seen[path.StorePath] {
					t.Errorf("%d shards: %s is in two", count, path.StorePath)
				}
				seen[path.StorePath] = true
				size += path.NarSize
			}
			total, largest = total+size, max(largest, size)
		}
		if len(seen) != len(sizes) {
			t.Errorf("%d shards have %d paths, want %d", count, len(seen), len(sizes))
		}
		if mean := total / int64(count); largest*10 > mean*11 {
			t.Errorf("%d shards: the largest has %d bytes, more than 1.1 times the mean of %d", count, largest, mean)
		}
	}
}

// If there are more shards than store paths, the last shards are empty.
func TestShareOfLittle(t *testing.T) {
	all := graph(map[storepath.Path]int64{"a": 9, "b": 1, "c": 1})
	for index, want := range []string{"[a]", "[b]", "[c]", "[]"} {
		if got := fmt.Sprint(names(NewPlan(all, nil, &closure.Shard{Index: index, Count: 4}).Paths)); got != want {
			t.Errorf("shard %d has %s, want %s", index, got, want)
		}
	}
}

// The warning of a missing reference names a referrer. Excluded paths and self-references
// are not missing, and the plan of a shard has no warnings of missing references.
func TestMissingReferences(t *testing.T) {
	path := func(name storepath.Path, references ...storepath.Path) closure.PathInfo {
		return closure.PathInfo{StorePath: name, NarSize: 1, References: references}
	}
	paths := []closure.PathInfo{
		path("c", "b", "c", "y", "z"),
		path("a", "z", "excluded"),
		path("b", "z", "x"),
		path("d", "x", "a"),
		path("excluded", "not looked at"),
	}
	exclude := []storepath.Path{"excluded", "another"}
	want := `[x is missing: neither in the cache nor excluded, but referenced by b (referrers: 2) ` +
		`y is missing: neither in the cache nor excluded, but referenced by c (referrers: 1) ` +
		`z is missing: neither in the cache nor excluded, but referenced by a (referrers: 3)]`
	if got := fmt.Sprint(NewPlan(paths, exclude, nil).Warnings); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	slices.Reverse(paths)
	if got := fmt.Sprint(NewPlan(paths, exclude, nil).Warnings); got != want {
		t.Errorf("in another order: got %s, want %s", got, want)
	}
	if got := NewPlan(paths, exclude, &closure.Shard{Count: 2}).Warnings; len(got) > 0 {
		t.Errorf("a shard warns of %v", got)
	}
}

// Thousands of missing references cause only 11 warnings.
func TestManyMissingReferences(t *testing.T) {
	referrer := closure.PathInfo{StorePath: "referrer", NarSize: 1}
	for i := range 5000 {
		referrer.References = append(referrer.References, storepath.Path(fmt.Sprintf("%04d", i)))
	}
	got := NewPlan([]closure.PathInfo{referrer}, nil, nil).Warnings
	if last := "4990 more referenced store paths are missing"; len(got) != 11 || got[10].Error() != last {
		t.Errorf("got %q, want ten and %q", got, last)
	}
}
