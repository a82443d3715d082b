package closure

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// graphAttr is the name that the graph has in exportReferencesGraph, and so in
// .attrs.json.
const graphAttr = "closure"

// Attrs is what the builder uses of a derivation's attributes.
type Attrs struct {
	// Out is the output path to write the cache to, or "" when the derivation
	// has no output named out.
	Out string
	// Compression is the name of a codec, or "" when the derivation names none.
	Compression string
	// Closure holds the store paths in the order of the graph. Every reference
	// of a path is in it too.
	Closure []Path
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
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, fmt.Errorf("malformed attributes: %w", err)
	}
	var attrs Attrs
	var outputs map[string]string
	if err := optional(raw, "outputs", &outputs); err != nil {
		return nil, err
	}
	attrs.Out = outputs["out"]
	if err := optional(raw, "compression", &attrs.Compression); err != nil {
		return nil, err
	}
	graph, ok := raw[graphAttr]
	if !ok {
		return nil, fmt.Errorf("no attribute %q: the derivation must have exportReferencesGraph.%s = [ … ]", graphAttr, graphAttr)
	}
	var err error
	attrs.Closure, err = parseGraph(graph, storeDir)
	return &attrs, err
}

// optional decodes the attribute name into v, and leaves v alone when there is
// no such attribute or it is null.
func optional(raw map[string]json.RawMessage, name string, v any) error {
	value, ok := raw[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(value, v); err != nil {
		return fmt.Errorf("malformed attribute %q: %w", name, err)
	}
	return nil
}
