package main

import (
	"errors"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/manifest"
	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/storepath"
)

// writeManifest writes the files that name the roots, and returns what they have.
func writeManifest(dir *cache.Dir, env *environment, plan pack.Plan, options pack.Options, result *pack.Result) (*manifest.Manifest, error) {
	m := manifest.New(manifestOf(env, plan, options, result))
	text, err := m.JSON()
	if err != nil {
		return nil, err
	}
	return m, errors.Join(
		dir.WriteFile("roots", []byte(m.RootList())),
		dir.WriteFile("manifest.json", text),
		dir.WriteFile("default.nix", []byte(m.Nix())),
	)
}

// manifestOf collects what the manifest is made from.
func manifestOf(env *environment, plan pack.Plan, options pack.Options, result *pack.Result) manifest.Cache {
	made := manifest.Cache{StoreDir: env.storeDir, Compression: options.Compression, PublicKey: publicKey(options)}
	for _, root := range env.attrs.Roots {
		made.Roots = append(made.Roots, manifest.Root(root))
	}
	fileSizes := make(map[storepath.Path]int64, len(result.NarInfos))
	for _, info := range result.NarInfos {
		fileSizes[storepath.Path(info.StorePath)] = int64(info.FileSize)
	}
	for _, path := range plan.Paths {
		made.Paths = append(made.Paths, manifest.Path{
			Path:       path.StorePath,
			NarSize:    path.NarSize,
			FileSize:   fileSizes[path.StorePath],
			References: path.References,
		})
	}
	return made
}
