package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

// checkCache fails if the binary cache in dir lacks a store path of the closure.
func checkCache(dir string, c *closure) error {
	for _, p := range c.graph.Paths {
		if err := checkPath(dir, p); err != nil {
			return fmt.Errorf("the cache is not complete: %s: %w", p.Path, err)
		}
	}
	return nil
}

func checkPath(dir string, p storePath) error {
	file, err := os.Open(filepath.Join(dir, path.Base(p.Path)[:32]+".narinfo"))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := narinfo.Parse(file)
	if err != nil {
		return err
	}
	archive, err := os.Stat(filepath.Join(dir, info.URL))
	if err != nil {
		return err
	}
	if got, want := archive.Size(), int64(info.FileSize); got != want {
		return fmt.Errorf("%s has %d bytes, its narinfo says %d", info.URL, got, want)
	}
	if info.StorePath != p.Path || int64(info.NarSize) != p.NarSize {
		return fmt.Errorf("the narinfo is of %s, with %d bytes", info.StorePath, info.NarSize)
	}
	return nil
}

// checkTree fails if dir lacks a copy of a store path of the closure.
func checkTree(dir string, c *closure) error {
	for _, p := range c.graph.Paths {
		if _, err := os.Lstat(filepath.Join(dir, path.Base(p.Path))); err != nil {
			return fmt.Errorf("the copy is not complete: %w", err)
		}
	}
	return nil
}

// treeSize is the sum of the sizes of all files in dir.
func treeSize(dir string) (int64, error) {
	var size int64
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}
