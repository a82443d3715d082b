package nar

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// dirEntry is an entry of a directory.
type dirEntry struct {
	name     string // in the NAR
	diskName string // in the directory: name, maybe with a suffix of the case hack
	mode     uint32 // file type bits of st_mode; 0 if the directory does not record them
}

// caseHackSuffix is the suffix that Nix appends, with a number, to names that would
// collide on a case-insensitive file system.
const caseHackSuffix = "~nix~case~hack~"

// useCaseHack is the default of Nix's setting use-case-hack.
const useCaseHack = runtime.GOOS == "darwin"

// readDir returns the entries of the directory f.dirFD in the order of the NAR.
func (f fileRef) readDir(scratch []byte) ([]dirEntry, error) {
	entries, err := f.readEntries(scratch)
	if err != nil {
		return nil, f.error("readdir", err)
	}
	for i := range entries {
		if entries[i].mode == 0 {
			f.name = entries[i].diskName
			if entries[i].mode, err = f.mode(); err != nil {
				return nil, err
			}
		}
	}
	if useCaseHack {
		undoCaseHack(entries)
	}
	slices.SortFunc(entries, func(a, b dirEntry) int { return strings.Compare(a.name, b.name) })
	return entries, f.checkCollisions(entries)
}

func undoCaseHack(entries []dirEntry) {
	for i := range entries {
		entries[i].name, _, _ = strings.Cut(entries[i].name, caseHackSuffix)
	}
}

// checkCollisions checks that no two file names are equal after the suffix of the case
// hack is removed.
func (f fileRef) checkCollisions(entries []dirEntry) error {
	for i := 1; i < len(entries); i++ {
		if a, b := entries[i-1], entries[i]; a.name == b.name {
			return fmt.Errorf("%s: file names %q and %q are equal without the case-hack suffix", f.dir, a.diskName, b.diskName)
		}
	}
	return nil
}
