package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/indexpage"
	"mkbinarycache/builder/manifest"
	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/storepath"
)

// writeMetadata writes the metadata files, nix-cache-info last: without it the
// directory is not a cache.
func writeMetadata(ctx context.Context, dir *cache.Dir, env *environment, options pack.Options, result *pack.Result) (err error) {
	var m *manifest.Manifest
	if env.attrs.Manifest {
		if m, err = writeManifest(dir, env, options, result); err != nil {
			return err
		}
	}
	if env.attrs.Index {
		if err := writeIndexPage(dir, env, options, result, m); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil { // a stopped build must not leave a complete cache
		return err
	}
	return dir.Finish(cache.Info{
		StoreDir:      env.storeDir,
		WantMassQuery: env.attrs.WantMassQuery,
		Priority:      env.attrs.Priority,
	})
}

// writeManifest writes the files that list the roots of the cache.
func writeManifest(dir *cache.Dir, env *environment, options pack.Options, result *pack.Result) (*manifest.Manifest, error) {
	header := manifest.Header{StoreDir: env.storeDir, Compression: options.Compression, PublicKey: publicKey(options)}
	m := manifest.New(header, env.attrs.Roots, result.NarInfos)
	text, err := m.JSON()
	if err != nil {
		return nil, err
	}
	return m, errors.Join(
		dir.WriteFile("roots", []byte(m.RootList())),
		dir.WriteFile("manifest.json", text),
		dir.WriteFile("default.nix", []byte(m.DefaultNix())),
	)
}

// writeIndexPage writes the index page of a cache, with the roots if the cache has a
// manifest.
func writeIndexPage(dir *cache.Dir, env *environment, options pack.Options, result *pack.Result, m *manifest.Manifest) error {
	files, err := dir.Files()
	if err != nil {
		return err
	}
	infos, patches := withPatches(result)
	page := indexpage.Page{
		Name:        env.attrs.Name,
		StoreDir:    env.storeDir,
		Compression: options.Compression,
		PublicKey:   publicKey(options),
		NarInfos:    infos,
		Patches:     patches,
		Files:       files,
	}
	if m != nil {
		for _, entry := range manifest.New(m.Header, env.attrs.Roots, infos).Entries {
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

// withPatches returns the narinfos for the index page, and the patches by the store path
// that they patch. In the narinfo of a patched store path, URL and FileSize are those of
// its patch.
func withPatches(result *pack.Result) ([]*narinfo.NarInfo, map[storepath.Path]indexpage.Patch) {
	patches := map[storepath.Path]indexpage.Patch{}
	patched := map[*narinfo.NarInfo]*narinfo.NarInfo{}
	for _, patch := range result.Patches {
		info := *patch.NarInfo
		info.URL, info.FileSize = patch.URL, uint64(patch.FileSize())
		patched[patch.NarInfo] = &info
		patches[storepath.Path(info.StorePath)] = indexpage.Patch{Base: patch.Base.StorePath, NarFileSize: patch.NarFileSize}
	}
	infos := slices.Clone(result.NarInfos)
	for i, info := range infos {
		infos[i] = cmp.Or(patched[info], info)
	}
	return infos, patches
}
