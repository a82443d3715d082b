package drv

import (
	"slices"

	"mkbinarycache/builder/storepath"
)

// Derivers reads the .drv files drvs and, recursively, their inputs. It returns the
// deriver of each output.
//
// An output may have several derivers: the same file may be fetched in different
// ways, and its dependents do not depend on which. Nix records the one that was
// built, but builders cannot query it. Derivers chooses the one with the fewest
// steps from drvs, and of these the first by name. So the order of drvs does not
// matter.
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
