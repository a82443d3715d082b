package attrs

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/nix-community/go-nix/pkg/nixhash"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// rawPathInfo is the entry of a store path in a graph of exportReferencesGraph.
type rawPathInfo struct {
	Path       string   `json:"path"`
	NarHash    string   `json:"narHash"`
	NarSize    int64    `json:"narSize"`
	References []string `json:"references"`
	CA         string   `json:"ca"`
}

// ErrUnregistered means that the Nix database has no hash or no size of a store path,
// such as one that an old version of Nix imported.
var ErrUnregistered = errors.New("not registered in the Nix database")

// caPattern matches content addresses: text:HASH, fixed:HASH and fixed:r:HASH. It is
// deliberately loose about the method (such as r) and the hash, which Nix may extend, and
// strict about characters that could break a line of a narinfo.
var caPattern = regexp.MustCompile(`^(text|fixed):[0-9A-Za-z:+/=_-]+$`)

func parseGraph(data []byte, storeDir string) ([]closure.PathInfo, error) {
	var raw []rawPathInfo
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("malformed: %w", err)
	}
	if raw == nil {
		return nil, errors.New("malformed: expected a list, got null")
	}
	paths := make([]closure.PathInfo, len(raw))
	for i, r := range raw {
		var err error
		if paths[i], err = r.parse(storeDir); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return paths, checkUnique(paths)
}

func (r rawPathInfo) parse(storeDir string) (info closure.PathInfo, err error) {
	if info.StorePath, err = storepath.Parse(r.Path, storeDir); err != nil {
		return info, err
	}
	if info.NarHash, err = parseNarHash(r.NarHash); err != nil {
		return info, fmt.Errorf("%s: %w", r.Path, err)
	}
	if r.NarSize < 0 {
		return info, fmt.Errorf("%s: malformed narSize %d: must be positive", r.Path, r.NarSize)
	}
	if r.NarSize == 0 {
		return info, fmt.Errorf("%s: NAR size %w", r.Path, ErrUnregistered)
	}
	if r.CA != "" && !caPattern.MatchString(r.CA) {
		return info, fmt.Errorf("%s: malformed ca %q", r.Path, r.CA)
	}
	info.NarSize, info.CA = r.NarSize, r.CA
	if info.References, err = storepath.ParseAll(r.References, storeDir); err != nil {
		return info, fmt.Errorf("%s: reference: %w", r.Path, err)
	}
	slices.Sort(info.References)
	return info, nil
}

// parseNarHash parses a SHA-256 in any form that Nix accepts. It returns the form that
// Nix has always written into the graph and writes into narinfos: "sha256:" and 52
// characters of Nix's base 32.
func parseNarHash(s string) (*nixhash.HashWithEncoding, error) {
	parsed, err := nixhash.ParseAny(s, nil)
	if err != nil {
		return nil, fmt.Errorf("malformed narHash %q: %w", s, err)
	}
	digest := parsed.Digest()
	if parsed.Algo() != nixhash.SHA256 || len(digest) != sha256.Size {
		return nil, fmt.Errorf("malformed narHash %q: must be SHA-256", s)
	}
	// NB: Nix writes a hash of zeros if its database has no hash of a store path.
	if [sha256.Size]byte(digest) == [sha256.Size]byte{} {
		return nil, fmt.Errorf("NAR hash %w", ErrUnregistered)
	}
	return nixhash.NewHashWithEncoding(nixhash.SHA256, digest, nixhash.NixBase32, true)
}

// checkUnique checks that no two store paths in the graph have the same hash part,
// because a cache has one narinfo per hash part.
//
// NB: checkUnique does not check that all references are in the graph. In a graph that
// Nix wrote, they are, but some users remove the store paths that the target has from the
// graph.
func checkUnique(paths []closure.PathInfo) error {
	byHash := make(map[string]storepath.Path, len(paths))
	for _, p := range paths {
		if other, ok := byHash[p.StorePath.Hash()]; ok {
			return fmt.Errorf("%s: duplicate store path hash in the graph, also used by %s", p.StorePath, other)
		}
		byHash[p.StorePath.Hash()] = p.StorePath
	}
	return nil
}
