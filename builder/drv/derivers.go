package drv

import (
	"slices"

	"mkbinarycache/builder/storepath"
)

// Derivers reads the .drv files drvs and, recursively, their inputs. It returns the
// deriver of each output of these files.
//
// An output may have several derivers: derivations that fetch the same file in different
// ways have the same output, and derivations that differ only in such inputs have the
// same output, too. Nix records the deriver that was built, but a builder cannot query
// the Nix database. Derivers chooses the deriver that is the fewest input steps away from
// drvs, and of several such derivers the one whose path sorts first. So the result does
// not depend on the order of drvs.
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
