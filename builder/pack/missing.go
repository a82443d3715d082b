package pack

import (
	"fmt"
	"maps"
	"slices"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/storepath"
)

// missingNamed is how many missing store paths are named; with them, one can tell
// what went wrong with thousands.
const missingNamed = 10

// warnOfMissing returns warnings of the store paths that are not in the cache, though
// something in it refers to them, and that nobody excluded: Nix cannot take from the
// cache what refers to them, but where the target has them.
//
// Nix writes no such graph. Somebody filtered it, or it is of a damaged database.
func warnOfMissing(held []attrs.PathInfo, exclude []storepath.Path) (warnings []error) {
	users := usersOfMissing(held, exclude)
	paths := slices.Sorted(maps.Keys(users))
	for _, path := range paths[:min(missingNamed, len(paths))] {
		warnings = append(warnings, missing(path, users[path]))
	}
	if more := len(paths) - missingNamed; more > 0 {
		warnings = append(warnings, fmt.Errorf("so it is with %d more of the store paths that are referred to", more))
	}
	return warnings
}

// usersOfMissing returns what refers to each missing store path.
func usersOfMissing(held []attrs.PathInfo, exclude []storepath.Path) map[storepath.Path][]storepath.Path {
	known := make(map[storepath.Path]bool, len(held)+len(exclude))
	for _, path := range held {
		known[path.StorePath] = true
	}
	for _, path := range exclude {
		known[path] = true
	}
	users := map[storepath.Path][]storepath.Path{}
	for _, path := range held {
		for _, reference := range path.References {
			if !known[reference] {
				users[reference] = append(users[reference], path.StorePath)
			}
		}
	}
	return users
}

func missing(path storepath.Path, users []storepath.Path) error {
	first, who := slices.Min(users), "refers"
	switch others := len(users) - 1; others {
	case 0:
	case 1:
		who = "and another refer"
	default:
		who = fmt.Sprintf("and %d others refer", others)
	}
	return fmt.Errorf("%s is neither in the cache nor excluded, but %s %s to it", path, first, who)
}
