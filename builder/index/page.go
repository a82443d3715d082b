package index

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Page is what the page shows of a cache.
type Page struct {
	Name        string // of the cache's derivation, such as binary-cache; may be empty
	StoreDir    string // such as /nix/store
	PublicKey   string // name:base64; empty when the cache is not signed
	Compression string // none, xz or zstd
	Roots       []Root // what the cache was made for; empty where that is not known
	Paths       []Path
	Files       []string // all that the page is to link, relative to the cache
}

// Root is a store path that the cache was made for.
type Root struct {
	Attribute         string // in default.nix
	Path              string // HASH-NAME, the base name
	Missing           bool   // from the cache
	NarSize, FileSize int64  // of the closure, as far as the cache has it
}

// Hash is how the page links a root.
func (r Root) Hash() string { return split(r.Path).Hash }

// Word is the attribute as the shell and nix-build take it.
func (r Root) Word() string {
	if !inShell.MatchString(r.Attribute) {
		return "'\"" + r.Attribute + "\"'"
	}
	return r.Attribute
}

// inShell matches the names that need no quotes, neither for the shell nor for Nix,
// to which a dot separates two names.
var inShell = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`)

// Path is a store path in the cache.
type Path struct {
	Name       string   // HASH-NAME, the base name
	URL        string   // of the archive, relative to the cache
	NarSize    int64    // bytes
	FileSize   int64    // bytes, of the archive
	References []string // base names, which may be missing from the cache; may have Name
}

// row is a line of the table.
type row struct {
	reference
	URL               string
	Files             []string // beside the archive
	NarSize, FileSize int64
	References        []reference // without the path itself
	Self              bool        // refers to itself
	Referrers         int         // in the cache, without the path itself
}

// reference is a base name in its two parts.
type reference struct {
	Hash, Name string
	Missing    bool // from the cache
}

func split(base string) reference {
	hash, name, _ := strings.Cut(base, "-")
	return reference{Hash: hash, Name: name}
}

// rows returns the table, the largest NAR first, with files by hash.
func rows(paths []Path, files map[string][]string) []row {
	referrers := countReferrers(paths)
	sorted := slices.SortedFunc(slices.Values(paths), func(a, b Path) int {
		return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.Name, b.Name))
	})
	table := make([]row, len(sorted))
	for i, path := range sorted {
		table[i] = row{
			reference:  split(path.Name),
			URL:        path.URL,
			Files:      files[split(path.Name).Hash],
			NarSize:    path.NarSize,
			FileSize:   path.FileSize,
			References: references(path, referrers),
			Self:       slices.Contains(path.References, path.Name),
			Referrers:  referrers[path.Name],
		}
	}
	return table
}

// countReferrers returns, for the paths in the cache and for no others, how many
// of the others refer to each.
func countReferrers(paths []Path) map[string]int {
	referrers := make(map[string]int, len(paths))
	for _, path := range paths {
		referrers[path.Name] = 0
	}
	for _, path := range paths {
		for _, name := range path.References {
			if _, ok := referrers[name]; ok && name != path.Name {
				referrers[name]++
			}
		}
	}
	return referrers
}

// references returns what a path refers to beside itself, sorted by what people
// read: the name, not the hash.
func references(path Path, present map[string]int) []reference {
	refs := make([]reference, 0, len(path.References))
	for _, name := range path.References {
		if name == path.Name {
			continue
		}
		ref := split(name)
		_, ok := present[name]
		ref.Missing = !ok
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b reference) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Hash, b.Hash))
	})
	return refs
}
