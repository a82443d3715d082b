package nar

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
)

// entry is a file of a directory. In the archive it is called name, which
// differs from the name of the file only where the case hack is in use.
type entry struct {
	name string
	file fs.DirEntry
}

// caseHackSuffix is what Nix appends, with a number, to names that would
// collide on a file system that ignores case.
const caseHackSuffix = "~nix~case~hack~"

// useCaseHack is the default of Nix's setting of that name.
const useCaseHack = runtime.GOOS == "darwin"

// list returns the entries of the directory at path, in the order in which the
// archive has them.
func list(path string) ([]entry, error) {
	files, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(files))
	for i, file := range files {
		entries[i] = entry{file.Name(), file}
	}
	if useCaseHack {
		return undoCaseHack(path, entries)
	}
	return entries, nil
}

func undoCaseHack(path string, entries []entry) ([]entry, error) {
	for i := range entries {
		entries[i].name, _, _ = strings.Cut(entries[i].name, caseHackSuffix)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	for i := 1; i < len(entries); i++ {
		if a, b := entries[i-1], entries[i]; a.name == b.name {
			return nil, fmt.Errorf("%s: the files %q and %q collide without the case hack's suffix", path, a.file.Name(), b.file.Name())
		}
	}
	return entries, nil
}
