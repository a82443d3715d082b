package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"slices"
)

// list is what the Nix expressions read: the packages by name.
type list map[string]entry

type entry struct {
	Version string   `json:"version"` // as a store path may have it
	SHA256  string   `json:"sha256"`
	File    string   `json:"file"` // name of the .deb in the store
	Path    string   `json:"path"` // and where that is
	Depends []string `json:"depends"`
}

func newList(packages []*pkg, depends map[string][]string, paths map[string]string) list {
	l := list{}
	for _, p := range packages {
		l[p.name] = entry{
			Version: p.storeVersion(),
			SHA256:  p.sha256,
			File:    p.storeName(),
			Path:    paths[p.name],
			Depends: depends[p.name],
		}
	}
	return l
}

func readList(file string) (list, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var l list
	return l, json.Unmarshal(data, &l)
}

func (l list) write(file string) error {
	data, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", append(data, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

func (l list) names() []string { return slices.Sorted(maps.Keys(l)) }

// complete tells whether these packages are listed, and the files of all that
// are listed are in the store.
func (l list) complete(names []string) bool {
	for _, name := range names {
		if _, ok := l[name]; !ok {
			return false
		}
	}
	args := []string{"--check-validity"}
	for _, e := range l {
		args = append(args, e.Path)
	}
	return exec.Command("nix-store", args...).Run() == nil
}
