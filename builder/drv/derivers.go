package drv

import (
	"slices"

	"mkbinarycache/builder/storepath"
)

// Derivers reads .drv files, and those that they take something from, and
// so on. It returns for each output the .drv file that it is made by.
//
// An output may be made by several: the same file may be fetched in different
// ways, and what is made from it does not depend on which. Nix records the one
// that happened to be built, and tells no builder. Here it is the one that takes
// the fewest steps from drvs, and the first by name of those; so the order of
// drvs has no influence.
func Derivers(drvs []storepath.Path, storeDir string) (map[storepath.Path]storepath.Path, error) {
	derivers := map[storepath.Path]storepath.Path{}
	seen := map[storepath.Path]bool{}
	for len(drvs) > 0 {
		var inputs []storepath.Path
		for _, path := range slices.Sorted(slices.Values(drvs)) {
			if seen[path] {
				continue
			}
			seen[path] = true
			drv, err := readDerivation(path, storeDir)
			if err != nil {
				return nil, err
			}
			for _, output := range drv.outputs {
				if derivers[output] == "" {
					derivers[output] = path
				}
			}
			inputs = append(inputs, drv.inputs...)
		}
		drvs = inputs
	}
	return derivers, nil
}
