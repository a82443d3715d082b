package manifest

import (
	"regexp"
	"strings"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// validName matches names with only the characters of a store path's name, none of which
// needs an escape in a Nix string.
var validName = regexp.MustCompile(`^[0-9a-zA-Z+._?=-]+$`)

// candidates returns the possible attribute names of a root in default.nix, the best
// first.
func candidates(root closure.Root) [3]string {
	return [...]string{packageName(root), root.Path.Name(), root.Path.Base()}
}

// packageName returns a short attribute name of a root, such as hello or hello-dev.
func packageName(root closure.Root) string {
	if name, isDerivation := strings.CutSuffix(root.Path.Name(), ".drv"); isDerivation {
		return stripVersion(name) + "-drv"
	}
	name := root.PName
	if !validName.MatchString(name) {
		name = stripVersion(root.Name)
	}
	if !validName.MatchString(name) {
		return stripVersion(root.Path.Name())
	}
	if root.IsDefaultOutput || !validName.MatchString(root.OutputName) {
		return name
	}
	return name + "-" + root.OutputName
}

// stripVersion returns the name of a package without its version.
func stripVersion(name string) string {
	pname, _ := storepath.SplitVersion(name)
	return pname
}

// attributeNames returns the name of each root in default.nix: its first candidate that
// no other root has, and that nix-build -A does not take for the index of a list.
func attributeNames(roots []closure.Root) []string {
	names, levels := make([]string, len(roots)), make([]int, len(roots))
	for shared := true; shared; {
		count := map[string]int{}
		for i, root := range roots {
			names[i] = candidates(root)[levels[i]]
			count[names[i]]++
		}
		shared = false
		for i, root := range roots {
			if (count[names[i]] > 1 || strings.Trim(names[i], "+0123456789") == "") && levels[i]+1 < len(candidates(root)) {
				levels[i]++
				shared = true
			}
		}
	}
	return names
}
