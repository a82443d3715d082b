package pack

import (
	"fmt"
	"maps"
	"slices"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// maxReported limits the warnings of missing references: a few show what went wrong
// with thousands.
const maxReported = 10

// missingReferenceWarnings reports store paths that an included path references, but
// that are neither included nor excluded. Nix can substitute their referrers only if
// the target has the missing paths.
//
// Nix writes no such graph. Either a caller filtered it, or the database is damaged.
func missingReferenceWarnings(included []closure.PathInfo, exclude []storepath.Path) (warnings []error) {
	referrers := findMissingReferences(included, exclude)
	missing := slices.Sorted(maps.Keys(referrers))
	for _, path := range missing[:min(maxReported, len(missing))] {
		warnings = append(warnings, missingReferenceError(path, referrers[path]))
	}
	if more := len(missing) - maxReported; more > 0 {
		warnings = append(warnings, fmt.Errorf("%d more referenced store paths are missing", more))
	}
	return warnings
}

// findMissingReferences returns the referrers of each missing store path.
func findMissingReferences(included []closure.PathInfo, exclude []storepath.Path) map[storepath.Path][]storepath.Path {
	known := make(map[storepath.Path]bool, len(included)+len(exclude))
	for _, path := range included {
		known[path.StorePath] = true
	}
	for _, path := range exclude {
		known[path] = true
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

func missingReferenceError(path storepath.Path, referrers []storepath.Path) error {
	first, others := slices.Min(referrers), ""
	switch n := len(referrers) - 1; n {
	case 0:
	case 1:
		others = " and 1 other path"
	default:
		others = fmt.Sprintf(" and %d other paths", n)
	}
	return fmt.Errorf("%s is missing: referenced by %s%s, but neither in the cache nor excluded", path, first, others)
}
