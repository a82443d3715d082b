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

// Previous is an existing binary cache, built by any tool. Its NAR files can be
// reused.
type Previous struct {
	path string
}

// OpenPrevious opens the binary cache at path, whose store directory must be storeDir.
func OpenPrevious(path, storeDir string) (*Previous, error) {
	info, err := os.ReadFile(filepath.Join(path, infoFile))
	if err != nil {
		return nil, fmt.Errorf("cannot open binary cache %q: %w", path, err)
	}
	if line := "StoreDir: " + storeDir; !slices.Contains(strings.Split(string(info), "\n"), line) {
		return nil, fmt.Errorf("%q is not a binary cache for store directory %s: no line %q in %s", path, storeDir, line, infoFile)
	}
	return &Previous{path}, nil
}

// find returns the narinfo of the store path with that hash part, or nil if the previous
// cache has none.
func (p *Previous) find(hash string) (*narinfo.NarInfo, error) {
	name := filepath.Join(p.path, hash+narinfoSuffix)
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

// parseNarInfo parses a narinfo.
//
// NB: go-nix's parser allocates a megabyte for each narinfo. For thousands of small store
// paths, this takes longer than compressing them.
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
		return nil, errors.New("incomplete narinfo: StorePath, URL and NarHash are required")
	}
	return info, nil
}

// setField sets a field of info. It ignores the fields that are not needed to reuse NAR
// files.
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
