package attrs

import (
	"fmt"
	"strings"

	"mkbinarycache/builder/storepath"
)

// Root is a store path that the cache is made for. All but the path is what
// evaluation knows of it, and empty where that is nothing.
type Root struct {
	Path                 storepath.Path
	Name, PName, Version string
	Output               string
	DefaultOutput        bool // whether the output is what the derivation stands for
}

// lists are the attributes with paths, as the derivation has them.
type lists struct {
	outputs  map[string]string
	exclude  []pathNode
	roots    []rootNode
	derivers []string
}

func (l *lists) settings() []setting {
	return []setting{{"outputs", &l.outputs}, {excludeAttr, &l.exclude}, {rootsAttr, &l.roots}, {deriversAttr, &l.derivers}}
}

// take parses the paths of the lists.
func (a *Attrs) take(l lists, storeDir string) (err error) {
	a.Out = l.outputs["out"]
	if a.Exclude, err = parseExclude(l.exclude, storeDir); err != nil {
		return err
	}
	if a.Roots, err = parseRoots(l.roots, storeDir); err != nil {
		return err
	}
	a.Derivers, err = parseDerivers(l.derivers, storeDir)
	return err
}

// rootNode is a Root as the derivation has it.
type rootNode struct {
	Path            string `json:"path"`
	Name            string `json:"name"`
	PName           string `json:"pname"`
	Version         string `json:"version"`
	OutputName      string `json:"outputName"`
	IsDefaultOutput bool   `json:"isDefaultOutput"`
}

// parseRoots parses the list of roots. Where there is none, nil stays nil.
func parseRoots(nodes []rootNode, storeDir string) (roots []Root, err error) {
	if nodes != nil {
		roots = make([]Root, len(nodes))
	}
	for i, n := range nodes {
		path, err := storepath.Parse(n.Path, storeDir)
		if err != nil {
			return nil, fmt.Errorf("malformed attribute %q: %w", rootsAttr, err)
		}
		roots[i] = Root{path, n.Name, n.PName, n.Version, n.OutputName, n.IsDefaultOutput}
	}
	return roots, nil
}

// pathNode is what is read of a store path in a graph of which the names are enough.
type pathNode struct {
	Path string `json:"path"`
}

func parseExclude(nodes []pathNode, storeDir string) ([]storepath.Path, error) {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Path)
	}
	paths, err := storepath.ParseAll(names, storeDir)
	if err != nil {
		return nil, fmt.Errorf("graph %q: %w", excludeAttr, err)
	}
	return paths, nil
}

// parseDerivers parses a list of .drv files.
func parseDerivers(paths []string, storeDir string) ([]storepath.Path, error) {
	derivers, err := storepath.ParseAll(paths, storeDir)
	if err != nil {
		return nil, fmt.Errorf("malformed attribute %q: %w", deriversAttr, err)
	}
	for _, path := range derivers {
		if !strings.HasSuffix(string(path), ".drv") {
			return nil, fmt.Errorf("malformed attribute %q: %q is no .drv file", deriversAttr, path)
		}
	}
	return derivers, nil
}
