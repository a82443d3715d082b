package manifest

import (
	"bytes"
	"encoding/json"
	"strings"

	"mkbinarycache/builder/storepath"
)

// formatVersion is that of manifest.json. It changes where a program that reads the
// file would have to change.
const formatVersion = 1

// Cache is what the files tell of a cache.
type Cache struct {
	StoreDir    string `json:"storeDir"`
	Compression string `json:"compression"`
	PublicKey   string `json:"publicKey,omitempty"`
	Roots       []Root `json:"-"`
	Paths       []Path `json:"-"` // in the cache
}

// Root is a store path that the cache was made for. All but the path is empty where
// it is not known.
type Root struct {
	Path                 storepath.Path
	Name, PName, Version string
	Output               string
	DefaultOutput        bool // whether the output is what the package stands for
}

// Path is a store path in the cache.
type Path struct {
	Path              storepath.Path
	NarSize, FileSize int64
	References        []storepath.Path
}

// Size is that of some store paths in the cache.
type Size struct {
	Paths    int   `json:"paths"`
	NarSize  int64 `json:"narSize"`
	FileSize int64 `json:"fileSize"`
}

func (s *Size) add(path Path) {
	s.Paths++
	s.NarSize += path.NarSize
	s.FileSize += path.FileSize
}

// Entry is what is known of a root, in manifest.json.
type Entry struct {
	Attribute string         `json:"attribute"` // in default.nix
	Path      storepath.Path `json:"path"`
	Name      string         `json:"name"`
	PName     string         `json:"pname,omitempty"`
	Version   string         `json:"version,omitempty"`
	Output    string         `json:"output,omitempty"`
	InCache   bool           `json:"inCache"`
	Closure   Size           `json:"closure"` // as far as the cache has it
}

// Manifest is what the files have.
type Manifest struct {
	Version int `json:"version"`
	Cache
	Size    Size    `json:"size"`
	Entries []Entry `json:"roots"`
}

// New makes the manifest of a cache.
func New(cache Cache) *Manifest {
	roots := unique(cache.Roots)
	m := &Manifest{Version: formatVersion, Cache: cache, Entries: make([]Entry, len(roots))}
	for _, path := range cache.Paths {
		m.Size.add(path)
	}
	graph := newGraph(cache.Paths)
	names := attributes(roots)
	for i, root := range roots {
		m.Entries[i] = Entry{
			Attribute: names[i],
			Path:      root.Path,
			Name:      root.name(),
			PName:     root.PName,
			Version:   root.Version,
			Output:    root.Output,
			InCache:   graph.has(root.Path),
			Closure:   graph.closure(root.Path),
		}
	}
	return m
}

// unique returns the roots without those that come again.
func unique(roots []Root) (once []Root) {
	seen := map[storepath.Path]bool{}
	for _, root := range roots {
		if !seen[root.Path] {
			once = append(once, root)
		}
		seen[root.Path] = true
	}
	return once
}

// RootList is the file roots.
func (m *Manifest) RootList() string {
	var text strings.Builder
	for _, entry := range m.Entries {
		text.WriteString(string(entry.Path) + "\n")
	}
	return text.String()
}

// JSON is the file manifest.json.
func (m *Manifest) JSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // it is no part of a page
	encoder.SetIndent("", "  ")
	err := encoder.Encode(m)
	return text.Bytes(), err
}
