package main

import (
	"io"
	"path"

	"mkbinarycache/builder/index"
)

// writePage writes the page that shows what is in the cache.
func (p *packer) writePage(name, storeDir string) error {
	page := index.Page{Name: name, StoreDir: storeDir, Compression: p.compression}
	if p.key != nil {
		page.PublicKey = p.key.Public()
	}
	for _, info := range p.packed {
		page.Paths = append(page.Paths, index.Path{
			Name:       path.Base(info.StorePath),
			URL:        info.URL,
			NarSize:    int64(info.NarSize),
			FileSize:   int64(info.FileSize),
			References: info.References,
		})
	}
	return p.dir.WritePage(func(w io.Writer) error { return index.Write(w, page) })
}
