package attrs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"mkbinarycache/builder/storepath"
)

// The names that the graphs have in exportReferencesGraph, and so in
// .attrs.json, and those of the lists of .drv files and of roots.
const (
	graphAttr    = "closure"
	excludeAttr  = "exclude"
	deriversAttr = "derivers"
	rootsAttr    = "roots"
)

// Attrs is what the builder uses of a derivation's attributes. But for the
// closure, an attribute that is missing or null leaves its field at zero.
type Attrs struct {
	// Name is the derivation's.
	Name string
	// Out is the output path to write the cache to, or "" when the derivation
	// has no output named out.
	Out string
	// Closure holds the store paths in the order of the graph.
	Closure []PathInfo
	// Exclude holds the store paths that are to be left out: of another graph, of
	// which nothing else matters.
	Exclude []storepath.Path
	// Compression is the name of a codec.
	Compression string
	// CompressionLevel is a level on the codec's own scale.
	CompressionLevel *int
	// Shard is the share of the closure that the cache is to hold, nil for all.
	Shard *Shard
	// Reuse names the directories of earlier caches.
	Reuse []string
	// SecretKeyFile names the file with the key to sign with.
	SecretKeyFile string
	// WriteNarListing, IndexDebugInfo, Index and SHA256Sums ask for more files.
	WriteNarListing bool
	IndexDebugInfo  bool
	Index           bool
	SHA256Sums      bool
	// Manifest asks for the files that name the roots.
	Manifest bool
	// Roots are what the cache is made for, nil where nobody tells.
	Roots []Root
	// Derivers holds the .drv files to look for derivers in.
	Derivers []storepath.Path
	// Priority and WantMassQuery are for nix-cache-info.
	Priority      *int32
	WantMassQuery bool
}

// settings are the attributes by their names, and where they go.
func (a *Attrs) settings() []setting {
	return []setting{
		{"name", &a.Name},
		{"compression", &a.Compression},
		{"compressionLevel", &a.CompressionLevel},
		{"shard", &a.Shard},
		{"reuse", &a.Reuse},
		{"secretKeyFile", &a.SecretKeyFile},
		{"writeNarListing", &a.WriteNarListing},
		{"indexDebugInfo", &a.IndexDebugInfo},
		{"index", &a.Index},
		{"sha256sums", &a.SHA256Sums},
		{"manifest", &a.Manifest},
		{"priority", &a.Priority},
		{"wantMassQuery", &a.WantMassQuery},
	}
}

// Shard tells one of several builders that share the work on a closure.
type Shard struct {
	Index int `json:"index"` // from 0
	Count int `json:"count"` // of all shards
}

func (s *Shard) check() error {
	if s != nil && (s.Index < 0 || s.Index >= s.Count) {
		return fmt.Errorf("malformed attribute \"shard\": the index %d is not from 0 to below the count %d", s.Index, s.Count)
	}
	return nil
}

type setting struct {
	name  string
	value any
}

// Find returns the first of the named files that exists. An empty name counts
// as a missing file: Nix 2.4 to 2.14 set NIX_ATTRS_JSON_FILE to a path that
// does not exist inside the sandbox, so there are several places to look.
func Find(names ...string) (string, error) {
	for _, name := range names {
		if name == "" {
			continue
		}
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return name, err
		}
	}
	return "", fmt.Errorf("no .attrs.json at any of %q: the derivation must have __structuredAttrs = true", names)
}

// ReadFile parses the .attrs.json at name. storeDir is the store directory,
// such as /nix/store, that every store path of the graph has to be in.
func ReadFile(name, storeDir string) (*Attrs, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	attrs, err := Parse(data, storeDir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return attrs, nil
}

// Parse is ReadFile for the contents of a file.
func Parse(data []byte, storeDir string) (*Attrs, error) {
	var raw attributes
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("malformed attributes: %w", err)
	}
	if _, ok := raw[graphAttr]; !ok {
		return nil, fmt.Errorf("no attribute %q: the derivation must have exportReferencesGraph.%s = [ … ]", graphAttr, graphAttr)
	}
	var attrs Attrs
	var lists lists
	for _, s := range slices.Concat(attrs.settings(), lists.settings()) {
		if err := raw.decode(s); err != nil {
			return nil, err
		}
	}
	if err := attrs.Shard.check(); err != nil {
		return nil, err
	}
	var err error
	if attrs.Closure, err = parseGraph(raw[graphAttr], storeDir); err != nil {
		return nil, fmt.Errorf("graph %q: %w", graphAttr, err)
	}
	return &attrs, attrs.take(lists, storeDir)
}

// attributes are those of .attrs.json. NB: a struct in its place would take the
// name of an attribute in any case.
type attributes map[string]json.RawMessage

// decode leaves the setting alone when there is no such attribute or it is null.
func (a attributes) decode(s setting) error {
	value, ok := a[s.name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(value, s.value); err != nil {
		return fmt.Errorf("malformed attribute %q: %w", s.name, err)
	}
	return nil
}
