package main

import (
	"io"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/indexpage"
	"mkbinarycache/builder/manifest"
	"mkbinarycache/builder/pack"
)

// writeIndexPage writes the index page of a cache, with the roots if there is a manifest.
func writeIndexPage(dir *cache.Dir, env *environment, options pack.Options, result *pack.Result, m *manifest.Manifest) error {
	files, err := dir.Files()
	if err != nil {
		return err
	}
	page := indexpage.Page{
		Name:        env.attrs.Name,
		StoreDir:    env.storeDir,
		Compression: options.Compression,
		PublicKey:   publicKey(options),
		NarInfos:    result.NarInfos,
		Files:       files,
	}
	if m != nil {
		for _, entry := range m.Entries {
			page.Roots = append(page.Roots, indexpage.Root{
				Attribute:  entry.Attribute,
				Path:       entry.Path,
				NotInCache: !entry.InCache,
				NarSize:    entry.Closure.NarSize,
				FileSize:   entry.Closure.FileSize,
			})
		}
	}
	return dir.WriteIndexPage(func(w io.Writer) error { return indexpage.Write(w, page) })
}
