package main

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"strconv"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/codec"
)

// run builds the cache that the environment asks for.
func run(ctx context.Context, getenv func(string) string, log zerolog.Logger) error {
	storeDir := getenv("NIX_STORE")
	if storeDir == "" {
		return errors.New("NIX_STORE is not set: binary-cache-builder is to be run by Nix, as a derivation's builder")
	}
	attrs, err := readAttrs(getenv, storeDir)
	if err != nil {
		return err
	}
	out := cmp.Or(getenv("out"), attrs.Out)
	if out == "" {
		return errors.New("the derivation has no output named out")
	}
	cores := coreCount(getenv("NIX_BUILD_CORES"))
	runtime.GOMAXPROCS(cores)
	compression := cmp.Or(attrs.Compression, "zstd")
	c, err := codec.New(compression, cores)
	if err != nil {
		return err
	}
	dir, err := cache.Create(out)
	if err != nil {
		return err
	}
	p := &packer{dir: dir, codec: c, compression: compression}
	if err := p.packAll(ctx, attrs.Closure, cores); err != nil {
		// A signal is the cause of whatever else went wrong after it.
		return cmp.Or(context.Cause(ctx), err)
	}
	if err := dir.Finish(storeDir); err != nil {
		return err
	}
	log.Info().Msgf("%d store paths, %d bytes of NARs in %d bytes of files", len(attrs.Closure), p.narSize.Load(), p.fileSize.Load())
	return nil
}

func readAttrs(getenv func(string) string, storeDir string) (*closure.Attrs, error) {
	const name = ".attrs.json"
	inBuildTop := ""
	if top := getenv("NIX_BUILD_TOP"); top != "" {
		inBuildTop = top + "/" + name
	}
	file, err := closure.Find(getenv("NIX_ATTRS_JSON_FILE"), inBuildTop, name)
	if err != nil {
		return nil, err
	}
	return closure.ReadFile(file, storeDir)
}

// coreCount is the number of cores to use where NIX_BUILD_CORES is value. Nix
// may write 0 for all cores. More cores than the machine has are of no use
// beyond hiding waits for the disk, and each costs the memory of a worker, so
// that an absurd number is cut down.
func coreCount(value string) int {
	available := runtime.GOMAXPROCS(0)
	n, err := strconv.Atoi(value)
	if err != nil || n <= 0 {
		return available
	}
	return min(n, 4*available)
}
