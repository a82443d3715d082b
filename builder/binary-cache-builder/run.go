package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/storepath"
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
	plan, targetZstd := newPlan(env.attrs)
	start := time.Now()
	result, err := build(ctx, env, plan, targetZstd, options)
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

// newPlan plans the cache. With deltaFrom, the plan includes targetTools, a zstd program
// to apply patches, only if the target has no zstd program. newPlan also returns the path
// of that program.
func newPlan(a *attrs.Attrs) (plan pack.Plan, targetZstd string) {
	exclude := onTarget(a.Exclude)
	if a.DeltaFrom == nil {
		plan = pack.NewPlan(a.Closure, exclude, a.Shard)
		if len(exclude) > 0 && plan.Excluded == 0 && a.Shard == nil {
			plan.Warnings = append(plan.Warnings, noEffect("exclude"))
		}
		return plan, ""
	}
	paths, bases := slices.Clone(a.Closure), targetBases(a)
	targetZstd, tools := findZstd(a, bases)
	for _, tool := range tools {
		if !slices.ContainsFunc(paths, func(path closure.PathInfo) bool { return path.StorePath == tool.StorePath }) {
			paths = append(paths, tool)
		}
	}
	plan = pack.NewPlan(paths, append(exclude, storePaths(bases)...), a.Shard)
	plan.AddPatches(bases, tools)
	if plan.Excluded == 0 && len(plan.Bases) == 0 {
		plan.Warnings = append(plan.Warnings, noEffect("deltaFrom"))
	}
	return plan, targetZstd
}

// noEffect returns the warning that exclude or deltaFrom changes nothing.
func noEffect(attribute string) error {
	return fmt.Errorf("%s has no effect: the cache would have the same store paths without it; "+
		"instead of a cache with discardReferences, whose closure is empty, name its rootPaths", attribute)
}

// findZstd returns the zstd program that the target has in bases, with no closure, or else
// the zstd program that the target can substitute from the cache, with its closure.
func findZstd(a *attrs.Attrs, bases []closure.PathInfo) (program string, closure []closure.PathInfo) {
	for _, base := range bases {
		program := string(base.StorePath) + "/bin/zstd"
		if _, err := os.Stat(program); err == nil {
			return program, nil
		}
	}
	return a.TargetZstd, a.TargetTools
}

// targetBases returns the store paths of deltaFrom that the target has.
func targetBases(a *attrs.Attrs) []closure.PathInfo {
	has := map[storepath.Path]bool{}
	for _, path := range onTarget(storePaths(a.DeltaFrom)) {
		has[path] = true
	}
	return slices.DeleteFunc(slices.Clone(a.DeltaFrom), func(base closure.PathInfo) bool { return !has[base.StorePath] })
}

// onTarget returns the store paths without those that are only in a cache with patches
// because its script apply needs them: the target may have deleted them.
func onTarget(paths []storepath.Path) []storepath.Path {
	tools := map[storepath.Path]bool{}
	for _, dir := range paths {
		for _, tool := range cache.Tools(string(dir), paths) {
			tools[tool] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(paths), func(path storepath.Path) bool { return tools[path] })
}

func storePaths(infos []closure.PathInfo) []storepath.Path {
	paths := make([]storepath.Path, len(infos))
	for i, info := range infos {
		paths[i] = info.StorePath
	}
	return paths
}

// build writes the cache of the plan. If it fails, the result still has the store paths
// that are already packed.
func build(ctx context.Context, env *environment, plan pack.Plan, targetZstd string, options pack.Options) (*pack.Result, error) {
	dir, err := cache.Create(env.out)
	if err != nil {
		return &pack.Result{}, err
	}
	if env.attrs.SHA256Sums {
		dir.EnableSHA256Sums()
	}
	if env.attrs.DeltaFrom != nil {
		if err := dir.EnablePatches(targetZstd, storePaths(env.attrs.Closure)); err != nil {
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
