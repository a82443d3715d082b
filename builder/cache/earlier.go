package cache

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixhash"
)

// Earlier is a binary cache that was made before, by whatever tool, and whose
// archives may be taken over.
type Earlier struct {
	path string
}

// Open opens the cache at path, which has to be for the same store directory.
func Open(path, storeDir string) (*Earlier, error) {
	info, err := os.ReadFile(filepath.Join(path, infoFile))
	if err != nil {
		return nil, fmt.Errorf("%q is no binary cache: %w", path, err)
	}
	if line := "StoreDir: " + storeDir + "\n"; !strings.Contains("\n"+string(info), "\n"+line) {
		return nil, fmt.Errorf("%q is no binary cache for the store %s: its %s has no line %q", path, storeDir, infoFile, line)
	}
	return &Earlier{path}, nil
}

// Find returns the narinfo of the store path whose name starts with hash, nil
// if the cache has none, and an error if it is not one that Nix would take.
func (e *Earlier) Find(hash string) (*narinfo.NarInfo, error) {
	file, err := os.Open(filepath.Join(e.path, hash+narinfoSuffix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := parseNarInfo(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.Name(), err)
	}
	return info, nil
}

func parseNarInfo(r io.Reader) (*narinfo.NarInfo, error) {
	info, err := narinfo.Parse(r)
	if err != nil {
		return nil, err
	}
	if info.FileHash == nil || info.NarHash == nil {
		return nil, errors.New("no FileHash or no NarHash")
	}
	if info.Compression == "none" && !bytes.Equal(info.FileHash.Digest(), info.NarHash.Digest()) {
		return nil, errors.New("no compression, but FileHash is not NarHash")
	}
	return info, nil
}

// OpenArchive opens the archive with that hash, under the name that this
// package gives it.
func (e *Earlier) OpenArchive(fileHash *nixhash.HashWithEncoding, suffix string) (*os.File, error) {
	return os.Open(filepath.Join(e.path, archiveURL(fileHash, suffix)))
}
