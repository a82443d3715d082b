package main

import (
	"io"
	"path"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/index"
	"mkbinarycache/builder/manifest"
	"mkbinarycache/builder/pack"
)

// writePage writes the page that shows what is in the cache.
func writePage(dir *cache.Dir, env *environment, options pack.Options, result *pack.Result, named *manifest.Manifest) error {
	page := index.Page{Name: env.attrs.Name, StoreDir: env.storeDir, Compression: options.Compression, PublicKey: publicKey(options)}
	for _, info := range result.NarInfos {
		page.Paths = append(page.Paths, index.Path{
			Name:       path.Base(info.StorePath),
			URL:        info.URL,
			NarSize:    int64(info.NarSize),
			FileSize:   int64(info.FileSize),
			References: info.References,
		})
	}
	if named != nil {
		page.Roots = rootsOf(named)
	}
	var err error
	if page.Files, err = dir.Files(); err != nil {
		return err
	}
	return dir.WriteIndexPage(func(w io.Writer) error { return index.Write(w, page) })
}

// rootsOf is what the page shows of the roots.
func rootsOf(named *manifest.Manifest) (roots []index.Root) {
	for _, entry := range named.Entries {
		roots = append(roots, index.Root{
			Attribute: entry.Attribute,
			Path:      entry.Path.Base(),
			Missing:   !entry.InCache,
			NarSize:   entry.Closure.NarSize,
			FileSize:  entry.Closure.FileSize,
		})
	}
	return roots
}
