package pack

import (
	"fmt"
	"slices"
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
	excluded := []storepath.Path{"e", "of another closure"}
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

// What refers to it is named, and neither what is excluded nor the path itself is
// missing; nor is anything in a shard.
func TestMissing(t *testing.T) {
	refer := func(path storepath.Path, references ...storepath.Path) attrs.PathInfo {
		return attrs.PathInfo{StorePath: path, NarSize: 1, References: references}
	}
	closure := []attrs.PathInfo{
		refer("c", "b", "c", "y", "z"),
		refer("a", "z", "excluded"),
		refer("b", "z", "x"),
		refer("d", "x", "a"),
		refer("excluded", "not looked at"),
	}
	exclude := []storepath.Path{"excluded", "another"}
	want := `[x is neither in the cache nor excluded, but b and another refer to it y is neither in the cache nor excluded, but c refers to it ` +
		`z is neither in the cache nor excluded, but a and 2 others refer to it]`
	if got := fmt.Sprint(NewPlan(closure, exclude, nil).Warnings); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	slices.Reverse(closure)
	if got := fmt.Sprint(NewPlan(closure, exclude, nil).Warnings); got != want {
		t.Errorf("in another order: got %s, want %s", got, want)
	}
	if got := NewPlan(closure, exclude, &attrs.Shard{Count: 2}).Warnings; len(got) > 0 {
		t.Errorf("a shard warns of %v", got)
	}
}

// Thousands of them do not fill the log.
func TestManyMissing(t *testing.T) {
	user := attrs.PathInfo{StorePath: "user", NarSize: 1}
	for i := range 5000 {
		user.References = append(user.References, storepath.Path(fmt.Sprintf("%04d", i)))
	}
	got := NewPlan([]attrs.PathInfo{user}, nil, nil).Warnings
	if last := "so it is with 4990 more of the store paths that are referred to"; len(got) != 11 || got[10].Error() != last {
		t.Errorf("got %q, want ten and %q", got, last)
	}
}
