package nar

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// entry is a file of a directory.
type entry struct {
	name string // in the archive
	file string // in the directory: name, unless the case hack is in use
	mode uint32 // its type, as in the mode of stat(2); 0 when the directory does not tell
}

// caseHackSuffix is what Nix appends, with a number, to names that would
// collide on a file system that ignores case.
const caseHackSuffix = "~nix~case~hack~"

// useCaseHack is the default of Nix's setting of that name.
const useCaseHack = runtime.GOOS == "darwin"

// list returns the entries of the directory that p.at has open, in the order in
// which the archive has them.
func (p place) list(scratch []byte) ([]entry, error) {
	entries, err := p.readEntries(scratch)
	if err != nil {
		return nil, p.error("readdir", err)
	}
	for i := range entries {
		if entries[i].mode == 0 {
			p.name = entries[i].file
			if entries[i].mode, err = p.mode(); err != nil {
				return nil, err
			}
		}
	}
	if useCaseHack {
		undoCaseHack(entries)
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return entries, p.checkCollisions(entries)
}

func undoCaseHack(entries []entry) {
	for i := range entries {
		entries[i].name, _, _ = strings.Cut(entries[i].name, caseHackSuffix)
	}
}

// checkCollisions looks for names that became the same without the suffix.
func (p place) checkCollisions(entries []entry) error {
	for i := 1; i < len(entries); i++ {
		if a, b := entries[i-1], entries[i]; a.name == b.name {
			return fmt.Errorf("%s: the files %q and %q collide without the case hack's suffix", p.dir, a.file, b.file)
		}
	}
	return nil
}
