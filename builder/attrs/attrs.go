package attrs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// Attrs holds the attributes of .attrs.json that the builder uses. A field is zero if its
// attribute is missing or null; only "closure" is required.
type Attrs struct {
	// Name is the name of the derivation.
	Name string
	// Out is the output path of the cache, or "" if the derivation has no output
	// "out".
	Out string
	// Closure holds the store paths of the graph "closure", in the order of the graph.
	Closure []closure.PathInfo
	// Exclude holds the store paths of the graph "exclude".
	Exclude []storepath.Path
	// DeltaFrom holds the store paths of the graph "deltaFrom", against which patches are
	// made. TargetTools holds the store paths of the graph "targetTools", the closure of
	// TargetZstd: the zstd program with which the target applies patches.
	DeltaFrom, TargetTools []closure.PathInfo
	TargetZstd             string
	// Compression is none, xz or zstd.
	Compression string
	// CompressionLevel is a level of Compression, or nil for the default level.
	CompressionLevel *int
	// Shard is the part of the closure to pack, or nil for the whole closure.
	Shard *closure.Shard
	// Reuse holds the directories of previous caches.
	Reuse []string
	// SecretKeyFile is the file with the signing key.
	SecretKeyFile string
	// WriteNarListing, IndexDebugInfo, Index, SHA256Sums and Manifest enable optional
	// files of the cache.
	WriteNarListing, IndexDebugInfo, Index, SHA256Sums, Manifest bool
	// Roots holds the roots of the cache, or is nil if the attribute "roots" is missing.
	Roots []closure.Root
	// Derivers holds the .drv files at which the search for derivers of store paths
	// starts.
	Derivers []storepath.Path
	// Priority and WantMassQuery are fields of nix-cache-info.
	Priority      *int32
	WantMassQuery bool
}

// FindFile returns the first of the named files that exists. An empty name counts as a
// missing file. It takes several names because Nix 2.4 to 2.14 set NIX_ATTRS_JSON_FILE to
// a path that does not exist inside the sandbox.
func FindFile(names ...string) (string, error) {
	for _, name := range names {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return name, err
		}
	}
	return "", fmt.Errorf("cannot find .attrs.json (tried %q); set __structuredAttrs = true", names)
}

// ReadFile parses the .attrs.json at name. storeDir is the store directory of all store
// paths in it, such as /nix/store.
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

// Parse parses the contents of an .attrs.json.
func Parse(data []byte, storeDir string) (*Attrs, error) {
	// NB: decoding into a struct would match attribute names case-insensitively.
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("malformed attributes: %w", err)
	}
	if _, ok := raw["closure"]; !ok {
		return nil, errors.New("missing attribute \"closure\"; set exportReferencesGraph.closure = [ … ]")
	}
	var (
		attrs   Attrs
		outputs map[string]string
		exclude []rawPathInfo
	)
	for _, field := range []struct {
		name  string
		value any
	}{
		{"name", &attrs.Name},
		{"outputs", &outputs},
		{"exclude", &exclude},
		{"targetZstd", &attrs.TargetZstd},
		{"compression", &attrs.Compression},
		{"compressionLevel", &attrs.CompressionLevel},
		{"shard", &attrs.Shard},
		{"reuse", &attrs.Reuse},
		{"secretKeyFile", &attrs.SecretKeyFile},
		{"writeNarListing", &attrs.WriteNarListing},
		{"indexDebugInfo", &attrs.IndexDebugInfo},
		{"index", &attrs.Index},
		{"sha256sums", &attrs.SHA256Sums},
		{"manifest", &attrs.Manifest},
		{"roots", &attrs.Roots},
		{"derivers", &attrs.Derivers},
		{"priority", &attrs.Priority},
		{"wantMassQuery", &attrs.WantMassQuery},
	} {
		if raw[field.name] == nil {
			continue
		}
		if err := json.Unmarshal(raw[field.name], field.value); err != nil {
			return nil, fmt.Errorf("malformed attribute %q: %w", field.name, err)
		}
	}
	attrs.Out = outputs["out"]
	for name, graph := range map[string]*[]closure.PathInfo{"closure": &attrs.Closure, "deltaFrom": &attrs.DeltaFrom, "targetTools": &attrs.TargetTools} {
		if raw[name] == nil {
			continue
		}
		var err error
		if *graph, err = parseGraph(raw[name], storeDir); err != nil {
			return nil, fmt.Errorf("graph %q: %w", name, err)
		}
	}
	for _, info := range exclude {
		path, err := storepath.Parse(info.Path, storeDir)
		if err != nil {
			return nil, fmt.Errorf("graph \"exclude\": %w", err)
		}
		attrs.Exclude = append(attrs.Exclude, path)
	}
	return &attrs, attrs.validate(storeDir)
}

// validate checks the shard, the zstd program, the roots and the derivers, which Parse
// only decodes.
func (a *Attrs) validate(storeDir string) error {
	if s := a.Shard; s != nil && (s.Index < 0 || s.Index >= s.Count) {
		return fmt.Errorf("malformed attribute \"shard\": index %d out of range, count is %d", s.Index, s.Count)
	}
	if zstd := a.TargetZstd; zstd != "" {
		if _, err := storepath.Parse(strings.TrimSuffix(zstd, "/bin/zstd"), storeDir); err != nil {
			return fmt.Errorf("malformed attribute \"targetZstd\": %w", err)
		}
	}
	if a.Shard != nil && a.DeltaFrom != nil {
		return errors.New("graph \"deltaFrom\" not allowed with attribute \"shard\"")
	}
	for _, root := range a.Roots {
		if _, err := storepath.Parse(string(root.Path), storeDir); err != nil {
			return fmt.Errorf("malformed attribute \"roots\": %w", err)
		}
	}
	for _, path := range a.Derivers {
		if _, err := storepath.Parse(string(path), storeDir); err != nil {
			return fmt.Errorf("malformed attribute \"derivers\": %w", err)
		}
		if !strings.HasSuffix(string(path), ".drv") {
			return fmt.Errorf("malformed attribute \"derivers\": %q is not a .drv file", path)
		}
	}
	return nil
}
