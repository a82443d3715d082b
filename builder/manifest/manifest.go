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

// formatVersion is the version of manifest.json. It changes with every change that
// breaks programs that read the file.
const formatVersion = 1

// Header has the properties of the cache as a whole.
type Header struct {
	StoreDir    string `json:"storeDir"`
	Compression string `json:"compression"`
	PublicKey   string `json:"publicKey,omitempty"`
}

// Size is the size of some store paths in the cache.
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

// Manifest has the contents of the three files.
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

// dedupeRoots returns the roots with the first of each store path only.
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

// node is a store path in the cache. A cache may have thousands of roots, each with a
// closure of thousands.
type node struct {
	info       *narinfo.NarInfo
	references []*node // within the cache
	visitedBy  *node   // start of the last traversal
}

// newGraph returns the nodes by base name.
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

// closureSize returns the size of the closure of n within the cache, zero for nil. It
// may be called once for each n.
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

// RootList returns the file roots.
func (m *Manifest) RootList() string {
	var text strings.Builder
	for _, entry := range m.Entries {
		text.WriteString(string(entry.Path) + "\n")
	}
	return text.String()
}

// JSON returns the file manifest.json.
func (m *Manifest) JSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the file is not HTML
	encoder.SetIndent("", "  ")
	err := encoder.Encode(m)
	return text.Bytes(), err
}
