package closure

import (
	"fmt"
	"slices"
	"strings"
)

// parseDerivers parses a list of .drv files.
func parseDerivers(paths []string, storeDir string) ([]StorePath, error) {
	derivers, err := parseStorePaths(paths, storeDir)
	if err != nil {
		return nil, fmt.Errorf("malformed attribute %q: %w", deriversAttr, err)
	}
	for _, path := range derivers {
		if !strings.HasSuffix(string(path), ".drv") {
			return nil, fmt.Errorf("malformed attribute %q: %q is no .drv file", deriversAttr, path)
		}
	}
	return derivers, nil
}

// ReadDerivers reads .drv files, and those that they take something from, and
// so on. It returns for each output the .drv file that it is made by.
//
// An output may be made by several: the same file may be fetched in different
// ways, and what is made from it does not depend on which. Nix records the one
// that happened to be built, and tells no builder. Here it is the one that takes
// the fewest steps from drvs, and the first by name of those; so the order of
// drvs has no influence.
func ReadDerivers(drvs []StorePath, storeDir string) (map[StorePath]StorePath, error) {
	derivers := map[StorePath]StorePath{}
	seen := map[StorePath]bool{}
	for len(drvs) > 0 {
		var inputs []StorePath
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
