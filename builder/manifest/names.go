package manifest

import (
	"regexp"
	"strings"
)

const drvSuffix = ".drv"

// plain is what a store path's name may be, too; nothing of it needs an escape.
var plain = regexp.MustCompile(`^[0-9a-zA-Z+._?=-]+$`)

// pathName is what stands behind the hash of the store path.
func (r Root) pathName() string {
	_, name, _ := strings.Cut(r.Path.Base(), "-")
	return name
}

// name is the one that evaluation has, or the store path's.
func (r Root) name() string {
	if r.Name != "" {
		return r.Name
	}
	return r.pathName()
}

func (r Root) isDerivation() bool { return strings.HasSuffix(string(r.Path), drvSuffix) }

// candidates are the names that the root may have in default.nix, the best first.
func (r Root) candidates() [3]string {
	return [...]string{r.packageName(), r.pathName(), r.Path.Base()}
}

// packageName is what people ask for, such as hello or hello-dev.
func (r Root) packageName() string {
	if r.isDerivation() {
		return withoutVersion(strings.TrimSuffix(r.pathName(), drvSuffix)) + "-drv"
	}
	name := r.PName
	if !plain.MatchString(name) {
		name = withoutVersion(r.Name)
	}
	if !plain.MatchString(name) {
		return withoutVersion(r.pathName()) // which tells the output
	}
	if r.DefaultOutput || !plain.MatchString(r.Output) {
		return name
	}
	return name + "-" + r.Output
}

// withoutVersion cuts off what Nix takes for the version: from the first dash on that
// no letter follows, as in DrvName of libstore/names.cc.
func withoutVersion(name string) string {
	for i := 1; i < len(name)-1; i++ {
		if next := name[i+1] | 0x20; name[i] == '-' && (next < 'a' || next > 'z') {
			return name[:i]
		}
	}
	return name
}

// attributes are the names of the roots in default.nix: the best that no two share.
func attributes(roots []Root) []string {
	names, levels := make([]string, len(roots)), make([]int, len(roots))
	for shared := true; shared; {
		count := map[string]int{}
		for i, root := range roots {
			names[i] = root.candidates()[levels[i]]
			count[names[i]]++
		}
		shared = false
		for i, root := range roots {
			if count[names[i]] > 1 && levels[i]+1 < len(root.candidates()) {
				levels[i]++
				shared = true
			}
		}
	}
	return names
}
