package attrs

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/nix-community/go-nix/pkg/nixhash"

	"mkbinarycache/builder/storepath"
)

// PathInfo is what the graph tells of a store path.
type PathInfo struct {
	StorePath  storepath.Path
	NarHash    *nixhash.HashWithEncoding // SHA-256, in Nix's base 32
	NarSize    int64                     // bytes
	References []storepath.Path          // sorted; a path may refer to itself
	CA         string                    // content address, or ""
}

// node is a PathInfo as Nix writes it.
type node struct {
	Path       string   `json:"path"`
	NarHash    string   `json:"narHash"`
	NarSize    int64    `json:"narSize"`
	References []string `json:"references"`
	CA         string   `json:"ca"`
}

// ErrUnregistered is in the error about a store path of which Nix's database has
// no hash or no size, as it has of what was imported long ago.
var ErrUnregistered = errors.New("is not registered with Nix")

// contentAddress matches text:HASH, fixed:HASH and fixed:r:HASH. It is
// deliberately loose in the method and the hash, which Nix may extend, and
// strict in what could break a line of a narinfo.
var contentAddress = regexp.MustCompile(`^(text|fixed):[0-9A-Za-z:+/=_-]+$`)

func parseGraph(data json.RawMessage, storeDir string) ([]PathInfo, error) {
	var nodes []node
	if err := json.Unmarshal(data, &nodes); err != nil {
		return nil, fmt.Errorf("malformed: %w", err)
	}
	if nodes == nil {
		return nil, errors.New("malformed: null is no list")
	}
	paths := make([]PathInfo, len(nodes))
	for i, n := range nodes {
		var err error
		if paths[i], err = n.parse(storeDir); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return paths, checkUnique(paths)
}

func (n node) parse(storeDir string) (PathInfo, error) {
	storePath, err := storepath.Parse(n.Path, storeDir)
	if err != nil {
		return PathInfo{}, err
	}
	hash, err := parseNarHash(n.NarHash)
	if err != nil {
		return PathInfo{}, fmt.Errorf("%s: %w", storePath, err)
	}
	if n.NarSize < 0 {
		return PathInfo{}, fmt.Errorf("%s: malformed narSize %d: it must be above 0", storePath, n.NarSize)
	}
	if n.NarSize == 0 {
		return PathInfo{}, fmt.Errorf("%s: the size of its NAR %w", storePath, ErrUnregistered)
	}
	if n.CA != "" && !contentAddress.MatchString(n.CA) {
		return PathInfo{}, fmt.Errorf("%s: malformed ca %q", storePath, n.CA)
	}
	references, err := storepath.ParseAll(n.References, storeDir)
	if err != nil {
		return PathInfo{}, fmt.Errorf("%s: reference: %w", storePath, err)
	}
	slices.Sort(references)
	return PathInfo{storePath, hash, n.NarSize, references, n.CA}, nil
}

// parseNarHash accepts a SHA-256 in any form that Nix knows, and returns it in
// the one that Nix has always written into the graph, and writes into narinfos:
// "sha256:" and 52 characters of its base 32.
func parseNarHash(s string) (*nixhash.HashWithEncoding, error) {
	parsed, err := nixhash.ParseAny(s, nil)
	if err != nil {
		return nil, fmt.Errorf("malformed narHash %q: %w", s, err)
	}
	digest := parsed.Digest()
	if parsed.Algo() != nixhash.SHA256 || len(digest) != sha256.Size {
		return nil, fmt.Errorf("malformed narHash %q: it must be a SHA-256", s)
	}
	// NB: zeros are what Nix has where it has no hash.
	if [sha256.Size]byte(digest) == [sha256.Size]byte{} {
		return nil, fmt.Errorf("the hash of its NAR %w", ErrUnregistered)
	}
	return nixhash.NewHashWithEncoding(nixhash.SHA256, digest, nixhash.NixBase32, true)
}

// checkUnique makes sure that each path stands in the graph once: a cache has one
// narinfo for it.
//
// NB: not that all references are in the graph too. Nix writes it so, but some
// filter it before the builder runs, to leave out what the target has.
func checkUnique(paths []PathInfo) error {
	byHash := make(map[string]storepath.Path, len(paths))
	for _, p := range paths {
		if other, ok := byHash[p.StorePath.Hash()]; ok {
			return fmt.Errorf("%s: its hash is in the graph twice, also as %s", p.StorePath, other)
		}
		byHash[p.StorePath.Hash()] = p.StorePath
	}
	return nil
}
