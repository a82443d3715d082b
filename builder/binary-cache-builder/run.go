package main

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/manifest"
	"mkbinarycache/builder/pack"
)

// run builds the cache that the environment describes.
func run(ctx context.Context, getenv func(string) string, log zerolog.Logger) error {
	env, err := readEnvironment(getenv)
	if err != nil {
		return err
	}
	var warnings warningCounter
	log = log.Hook(&warnings)
	options, err := readOptions(env, log)
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(options.Cores)
	plan := pack.NewPlan(env.attrs.Closure, env.attrs.Exclude, env.attrs.Shard)
	start := time.Now()
	result, err := build(ctx, env, plan, options)
	for _, warning := range result.Warnings {
		log.Warn().Msg(warning.Error())
	}
	if err != nil {
		// After a signal, every other error is a consequence of it.
		return cmp.Or(context.Cause(ctx), withHint(withMemoryHint(err), pack.ErrModified, repairHint))
	}
	logSummary(log, plan, result, options.Cores, time.Since(start))
	warnings.logCount(log)
	return nil
}

// build writes the cache. If it fails, the result has the store paths packed so far.
func build(ctx context.Context, env *environment, plan pack.Plan, options pack.Options) (*pack.Result, error) {
	dir, err := cache.Create(env.out)
	if err != nil {
		return &pack.Result{}, err
	}
	if env.attrs.SHA256Sums {
		dir.EnableSHA256Sums()
	}
	stop := progress{plan, options.Progress}.show(env.nixLog)
	defer stop()
	result, err := pack.Run(ctx, dir, plan, options)
	if err != nil {
		return result, err
	}
	return result, writeMetadata(ctx, dir, env, options, result)
}

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

// writeManifest writes the files that name the roots.
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
