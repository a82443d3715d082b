package manifest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/storepath"
)

// formatVersion is the version of the format of manifest.json. It increases with every
// change of the format that breaks programs which read the file.
const formatVersion = 1

// Header has the fields of manifest.json about the whole cache.
type Header struct {
	StoreDir    string `json:"storeDir"`
	Compression string `json:"compression"`
	PublicKey   string `json:"publicKey,omitempty"`
}

// Size is the size of a set of store paths in the cache: their number, and their total
// NAR size and file size in bytes.
type Size struct {
	Paths    int   `json:"paths"`
	NarSize  int64 `json:"narSize"`
	FileSize int64 `json:"fileSize"`
}

func (s *Size) add(info *narinfo.NarInfo) {
	s.Paths++
	s.NarSize += int64(info.NarSize)
	s.FileSize += int64(info.FileSize)
}

// Entry is a root in manifest.json.
type Entry struct {
	Attribute string         `json:"attribute"` // in default.nix
	Path      storepath.Path `json:"path"`
	Name      string         `json:"name"`
	PName     string         `json:"pname,omitempty"`
	Version   string         `json:"version,omitempty"`
	Output    string         `json:"output,omitempty"`
	InCache   bool           `json:"inCache"`
	Closure   Size           `json:"closure"` // of the paths in the cache
}

// Manifest has the contents of roots, manifest.json and default.nix.
type Manifest struct {
	Version int `json:"version"`
	Header
	Size    Size    `json:"size"`
	Entries []Entry `json:"roots"`
}

// New returns the manifest of a cache with these roots and narinfos.
func New(header Header, roots []closure.Root, infos []*narinfo.NarInfo) *Manifest {
	roots = dedupeRoots(roots)
	m := &Manifest{Version: formatVersion, Header: header, Entries: make([]Entry, len(roots))}
	for _, info := range infos {
		m.Size.add(info)
	}
	graph := newGraph(infos)
	names := attributeNames(roots)
	for i, root := range roots {
		size := graph[root.Path.Base()].closureSize()
		m.Entries[i] = Entry{
			Attribute: names[i],
			Path:      root.Path,
			Name:      cmp.Or(root.Name, root.Path.Name()),
			PName:     root.PName,
			Version:   root.Version,
			Output:    root.OutputName,
			InCache:   size.Paths > 0,
			Closure:   size,
		}
	}
	return m
}

// dedupeRoots returns the roots; of several roots with the same store path, it keeps only
// the first.
func dedupeRoots(roots []closure.Root) (unique []closure.Root) {
	seen := map[storepath.Path]bool{}
	for _, root := range roots {
		if !seen[root.Path] {
			unique = append(unique, root)
		}
		seen[root.Path] = true
	}
	return unique
}

// node is a store path in the cache. visitedBy is faster than a set of visited nodes: a
// cache may have thousands of roots, each with a closure of thousands of store paths.
type node struct {
	info       *narinfo.NarInfo
	references []*node // within the cache
	visitedBy  *node   // start of the last traversal
}

// newGraph returns a node for each narinfo, by the base name of the narinfo's store path.
func newGraph(infos []*narinfo.NarInfo) map[string]*node {
	graph := make(map[string]*node, len(infos))
	for _, info := range infos {
		graph[storepath.Path(info.StorePath).Base()] = &node{info: info}
	}
	for _, n := range graph {
		for _, reference := range n.info.References {
			if next := graph[reference]; next != nil {
				n.references = append(n.references, next)
			}
		}
	}
	return graph
}

// closureSize returns the size of those store paths of n's closure that are in the cache,
// or zero if n is nil. It must be called at most once for each n.
func (n *node) closureSize() (size Size) {
	for stack := []*node{n}; len(stack) > 0; {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if next != nil && next.visitedBy != n {
			next.visitedBy = n
			size.add(next.info)
			stack = append(stack, next.references...)
		}
	}
	return size
}

// RootList returns the text of the file "roots".
func (m *Manifest) RootList() string {
	var text strings.Builder
	for _, entry := range m.Entries {
		text.WriteString(string(entry.Path) + "\n")
	}
	return text.String()
}

// JSON returns the text of the file manifest.json.
func (m *Manifest) JSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the file is not HTML
	encoder.SetIndent("", "  ")
	err := encoder.Encode(m)
	return text.Bytes(), err
}
