package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/pack"
)

// run builds the cache that the environment variables and .attrs.json describe.
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
	plan := newPlan(env.attrs)
	start := time.Now()
	result, err := build(ctx, env, plan, options)
	result.Warnings = append(env.warnings, result.Warnings...)
	for _, warning := range result.Warnings {
		log.Warn().Msg(warning.Error())
	}
	if err != nil {
		// After a signal, every other error is a consequence of the signal.
		return cmp.Or(context.Cause(ctx), withHint(withMemoryHint(err), pack.ErrModified, repairHint))
	}
	logSummary(log, plan, result, options.Cores, time.Since(start))
	return nil
}

// newPlan plans the cache. The plan includes targetTools, a zstd program to apply
// patches, only if the target has no zstd program.
func newPlan(a *attrs.Attrs) pack.Plan {
	if a.DeltaFrom == nil {
		plan := pack.NewPlan(a.Closure, a.Exclude, a.Shard)
		if len(a.Exclude) > 0 && plan.Excluded == 0 && a.Shard == nil {
			plan.Warnings = append(plan.Warnings, noEffect("exclude"))
		}
		return plan
	}
	paths, exclude := slices.Clone(a.Closure), slices.Clone(a.Exclude)
	zstd, tools := targetZstd(a)
	for _, tool := range tools {
		if !slices.ContainsFunc(paths, func(path closure.PathInfo) bool { return path.StorePath == tool.StorePath }) {
			paths = append(paths, tool)
		}
	}
	for _, base := range a.DeltaFrom {
		if len(tools) == 0 || !strings.HasPrefix(zstd, string(base.StorePath)+"/") {
			exclude = append(exclude, base.StorePath)
		}
	}
	plan := pack.NewPlan(paths, exclude, a.Shard)
	plan.AddPatches(a.DeltaFrom, tools)
	if plan.Excluded == 0 && len(plan.Bases) == 0 {
		plan.Warnings = append(plan.Warnings, noEffect("deltaFrom"))
	}
	return plan
}

// noEffect returns the warning that exclude or deltaFrom changes nothing.
func noEffect(attribute string) error {
	return fmt.Errorf("%s has no effect: the cache would have the same store paths without it; "+
		"instead of a cache with discardReferences, whose closure is empty, name its rootPaths", attribute)
}

// targetZstd returns the zstd program that the target has, with no closure, or else the
// zstd program that the target can substitute from the cache, with its closure.
//
// NB: the closure of a cache with patches has the zstd program of that cache, which the
// target need not keep.
func targetZstd(a *attrs.Attrs) (program string, closure []closure.PathInfo) {
	i := slices.IndexFunc(a.DeltaFrom, hasFile("bin/zstd"))
	if i < 0 || slices.ContainsFunc(a.DeltaFrom, hasFile("patches/zstd")) {
		return a.TargetZstd, a.TargetTools
	}
	return string(a.DeltaFrom[i].StorePath) + "/bin/zstd", nil
}

func hasFile(name string) func(closure.PathInfo) bool {
	return func(path closure.PathInfo) bool {
		_, err := os.Stat(filepath.Join(string(path.StorePath), name))
		return err == nil
	}
}

// build writes the cache of the plan. If it fails, the result still has the store paths
// that are already packed.
func build(ctx context.Context, env *environment, plan pack.Plan, options pack.Options) (*pack.Result, error) {
	dir, err := cache.Create(env.out)
	if err != nil {
		return &pack.Result{}, err
	}
	if env.attrs.SHA256Sums {
		dir.EnableSHA256Sums()
	}
	if env.attrs.DeltaFrom != nil {
		zstd, _ := targetZstd(env.attrs)
		if err := dir.EnablePatches(zstd); err != nil {
			return &pack.Result{}, err
		}
	}
	stop := progress{plan, options.Progress}.show(env.nixLog)
	defer stop()
	result, err := pack.Run(ctx, dir, plan, options)
	if err != nil {
		return result, err
	}
	return result, writeMetadata(ctx, dir, env, options, result)
}
