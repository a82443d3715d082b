package main

import (
	"cmp"
	"context"
	"runtime"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/manifest"
	"mkbinarycache/builder/pack"
)

// run builds the cache that the environment asks for.
func run(ctx context.Context, getenv func(string) string, log zerolog.Logger) error {
	env, err := readEnvironment(getenv)
	if err != nil {
		return err
	}
	var warned warnings
	log = log.Hook(&warned)
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
		// A signal is the cause of whatever else went wrong after it.
		return cmp.Or(context.Cause(ctx), withHint(err, pack.ErrModified, repairHint))
	}
	report(log, plan, result, options.Cores, time.Since(start))
	warned.report(log)
	return nil
}

// build makes the cache. It returns what it has packed, also where it fails.
func build(ctx context.Context, env *environment, plan pack.Plan, options pack.Options) (*pack.Result, error) {
	dir, err := cache.Create(env.out)
	if err != nil {
		return &pack.Result{}, err
	}
	if env.attrs.SHA256Sums {
		dir.SumFiles()
	}
	stop := progress{plan, options.Progress}.show(env.nixLog)
	defer stop()
	result, err := pack.Run(ctx, dir, plan, options)
	if err != nil {
		return result, err
	}
	return result, finish(ctx, dir, env, plan, options, result)
}

// finish writes what the cache has beside its store paths, and last what makes it one.
func finish(ctx context.Context, dir *cache.Dir, env *environment, plan pack.Plan, options pack.Options, result *pack.Result) (err error) {
	var named *manifest.Manifest
	if env.attrs.Manifest {
		if named, err = writeManifest(dir, env, plan, options, result); err != nil {
			return err
		}
	}
	if env.attrs.Index {
		if err := writePage(dir, env, options, result, named); err != nil {
			return err
		}
	}
	if err := context.Cause(ctx); err != nil { // a cache that is complete is not one that was stopped
		return err
	}
	return dir.Finish(cache.Info{
		StoreDir:      env.storeDir,
		WantMassQuery: env.attrs.WantMassQuery,
		Priority:      env.attrs.Priority,
	})
}
