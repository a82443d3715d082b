// Package storepath parses store paths: a file name in the store directory that
// consists of 32 characters in Nix's base 32, a dash and a name.
//
// Source: StorePath in Nix (libstore/path.cc).
//
// Not in this package: access to the files at a store path.
package storepath

import (
	"fmt"
	"path"
	"strings"

	"github.com/nix-community/go-nix/pkg/nixbase32"
)

// Path is a valid store path, such as
// /nix/store/1b9p07z77phvv2hf6gm9f28syp39f1ag-hello-2.12.1.
type Path string

const (
	hashLength    = 32  // characters of the hash part
	maxNameLength = 211 // of the name: 255 of a file name, less hash part, dash and Nix's suffixes
)

// Parse returns s if it is a store path in storeDir, and an error if it is anything else,
// such as a file below a store path.
func Parse(s, storeDir string) (Path, error) {
	base, ok := strings.CutPrefix(s, storeDir+"/")
	if !ok {
		return "", fmt.Errorf("malformed store path %q: not in store directory %q", s, storeDir)
	}
	if len(base) <= hashLength || base[hashLength] != '-' {
		return "", fmt.Errorf("malformed store path %q: must start with a %d-character hash and a dash", s, hashLength)
	}
	if err := nixbase32.ValidateString(base[:hashLength]); err != nil {
		return "", fmt.Errorf("malformed store path %q: %w", s, err)
	}
	if err := checkName(base[hashLength+1:]); err != nil {
		return "", fmt.Errorf("malformed store path %q: %w", s, err)
	}
	return Path(s), nil
}

// ParseAll calls Parse for each element of names, and returns the store paths.
func ParseAll(names []string, storeDir string) ([]Path, error) {
	paths := make([]Path, len(names))
	for i, name := range names {
		var err error
		if paths[i], err = Parse(name, storeDir); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

func checkName(name string) error {
	if name == "" || len(name) > maxNameLength {
		return fmt.Errorf("name has %d characters, must have 1 to %d", len(name), maxNameLength)
	}
	if first, _, _ := strings.Cut(name, "-"); first == "." || first == ".." {
		return fmt.Errorf("name must not start with %q", first)
	}
	if i := strings.IndexFunc(name, isIllegal); i >= 0 {
		return fmt.Errorf("illegal character %q in name", name[i])
	}
	return nil
}

func isIllegal(c rune) bool {
	alphanumeric := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	return !alphanumeric && !strings.ContainsRune("+-._?=", c)
}

// Base returns the file name: HASH-NAME.
func (p Path) Base() string { return path.Base(string(p)) }

// Name returns the part of the file name after the hash.
func (p Path) Name() string { return p.Base()[hashLength+1:] }

// SplitVersion splits the name of a package and its version at the first dash that no
// letter follows, as DrvName of Nix does (libstore/names.cc). The version may be empty.
func SplitVersion(name string) (pname, version string) {
	for i := 1; i < len(name)-1; i++ {
		if next := name[i+1] | 0x20; name[i] == '-' && (next < 'a' || next > 'z') {
			return name[:i], name[i+1:]
		}
	}
	return name, ""
}

// Hash returns the hash part, after which the narinfo is named.
func (p Path) Hash() string { return p.Base()[:hashLength] }
