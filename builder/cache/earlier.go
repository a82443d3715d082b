package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/narinfo/signature"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Earlier is a binary cache that was made before, by whatever tool, and whose
// archives may be reused.
type Earlier struct {
	path string
}

// Open opens the cache at path, which has to be for the same store directory.
func Open(path, storeDir string) (*Earlier, error) {
	info, err := os.ReadFile(filepath.Join(path, infoFile))
	if err != nil {
		return nil, fmt.Errorf("%q is no binary cache: %w", path, err)
	}
	if line := "StoreDir: " + storeDir; !slices.Contains(strings.Split(string(info), "\n"), line) {
		return nil, fmt.Errorf("%q is no binary cache for the store %s: its %s has no line %q", path, storeDir, infoFile, line)
	}
	return &Earlier{path}, nil
}

// find returns the narinfo of the store path whose name starts with hash, or nil
// if there is none.
func (e *Earlier) find(hash string) (*narinfo.NarInfo, error) {
	name := filepath.Join(e.path, hash+narinfoSuffix)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	info, err := parseNarInfo(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return info, nil
}

// NB: go-nix's parser takes a buffer of a megabyte for each narinfo. With
// thousands of small store paths that takes longer than to compress them.
func parseNarInfo(text string) (*narinfo.NarInfo, error) {
	info := &narinfo.NarInfo{}
	for line := range strings.Lines(text) {
		name, value, isField := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !isField {
			return nil, fmt.Errorf("malformed line %q", line)
		}
		if err := setField(info, name, value); err != nil {
			return nil, fmt.Errorf("malformed line %q: %w", line, err)
		}
	}
	if info.StorePath == "" || info.URL == "" || info.NarHash == nil {
		return nil, errors.New("no StorePath, no URL or no NarHash")
	}
	return info, nil
}

// setField leaves out what nobody asks for.
func setField(info *narinfo.NarInfo, name, value string) (err error) {
	switch name {
	case "StorePath":
		info.StorePath = value
	case "URL":
		info.URL = value
	case "Compression":
		info.Compression = value
	case "FileHash":
		info.FileHash, err = nixhash.ParseAny(value, nil)
	case "FileSize":
		info.FileSize, err = strconv.ParseUint(value, 10, 64)
	case "NarHash":
		info.NarHash, err = nixhash.ParseAny(value, nil)
	case "NarSize":
		info.NarSize, err = strconv.ParseUint(value, 10, 64)
	case "References":
		info.References = slices.Sorted(strings.FieldsSeq(value))
	case "Sig":
		var sig signature.Signature
		sig, err = signature.ParseSignature(value)
		info.Signatures = append(info.Signatures, sig)
	}
	return err
}
