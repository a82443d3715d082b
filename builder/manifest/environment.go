package manifest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mkbinarycache/builder/storepath"
)

// isEnvironment reports whether builtin:buildenv can make an environment of the store
// path. Like nix-env, builtin:buildenv merges a package with its
// propagated-user-env-packages. A store path that is a symlink out of the store is not
// accepted: the symlink may lead elsewhere on the target.
func isEnvironment(path storepath.Path) bool {
	dir, err := filepath.EvalSymlinks(string(path))
	packages := []string{dir}
	for i := 0; i < len(packages); i++ {
		propagated, readErr := os.ReadFile(packages[i] + "/nix-support/propagated-user-env-packages")
		if readErr != nil && !errors.Is(readErr, fs.ErrNotExist) {
			return false
		}
		for name := range strings.FieldsSeq(string(propagated)) {
			if !slices.Contains(packages, name) {
				packages = append(packages, name)
			}
		}
	}
	return err == nil && strings.HasPrefix(dir, filepath.Dir(string(path))+"/") && canMerge(packages)
}

// canMerge reports whether builtin:buildenv can merge the directories: all exist, each
// symlink in them is dangling or can be followed, and no directory has a file with the
// name of a subdirectory of another.
func canMerge(dirs []string) bool {
	isFile, subdirs := map[string]bool{}, map[string][]string{}
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return false
		}
		for _, entry := range entries {
			name := entry.Name()
			info, err := os.Stat(filepath.Join(dir, name))
			switch {
			case err == nil && info.IsDir():
				subdirs[name] = append(subdirs[name], filepath.Join(dir, name))
			case err == nil:
				isFile[name] = true
			case !errors.Is(err, fs.ErrNotExist): // Nix skips dangling symlinks
				return false
			}
		}
	}
	for name, same := range subdirs {
		if isFile[name] || len(same) > 1 && !canMerge(same) {
			return false
		}
	}
	return true
}
