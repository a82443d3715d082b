package main

import (
	"cmp"
	"context"
	"runtime"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/pack"
)

// run builds the cache that the environment describes.
func run(ctx context.Context, getenv func(string) string, log zerolog.Logger) error {
	env, err := readEnvironment(getenv)
	if err != nil {
		return err
	}
	options, err := readOptions(env, log)
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(options.Cores)
	plan := pack.NewPlan(env.attrs.Closure, env.attrs.Exclude, env.attrs.Shard)
	start := time.Now()
	result, err := build(ctx, env, plan, options)
	result.Warnings = append(env.warnings, result.Warnings...)
	for _, warning := range result.Warnings {
		log.Warn().Msg(warning.Error())
	}
	if err != nil {
		// After a signal, every other error is a consequence of it.
		return cmp.Or(context.Cause(ctx), withHint(withMemoryHint(err), pack.ErrModified, repairHint))
	}
	logSummary(log, plan, result, options.Cores, time.Since(start))
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
