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
		size := graph.closureSize(root.Path)
		m.Entries[i] = Entry{
			Attribute: names[i],
			Path:      root.Path,
			Name:      cmp.Or(root.Name, pathName(root.Path)),
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

// graph has the references between the store paths in the cache, by index in infos:
// a cache may have thousands of roots, each with a closure of thousands.
type graph struct {
	infos      []*narinfo.NarInfo
	indexOf    map[string]int // by base name
	references [][]int        // within the cache
	visited    []bool         // by the current traversal
}

func newGraph(infos []*narinfo.NarInfo) *graph {
	g := &graph{infos: infos, indexOf: make(map[string]int, len(infos)), references: make([][]int, len(infos)), visited: make([]bool, len(infos))}
	for i, info := range infos {
		g.indexOf[storepath.Path(info.StorePath).Base()] = i
	}
	for i, info := range infos {
		for _, reference := range info.References {
			if next, ok := g.indexOf[reference]; ok {
				g.references[i] = append(g.references[i], next)
			}
		}
	}
	return g
}

// closureSize returns the size of the path's closure within the cache, zero if the
// path is not in it.
func (g *graph) closureSize(path storepath.Path) (size Size) {
	start, ok := g.indexOf[path.Base()]
	if !ok {
		return size
	}
	clear(g.visited)
	g.visited[start] = true
	for stack := []int{start}; len(stack) > 0; {
		node := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		size.add(g.infos[node])
		for _, next := range g.references[node] {
			if !g.visited[next] {
				g.visited[next] = true
				stack = append(stack, next)
			}
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
