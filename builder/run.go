package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/drv"
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
	p, err := newPacker(attrs, storeDir, cores, log)
	if err != nil {
		return err
	}
	if p.dir, err = cache.Create(out); err != nil {
		return err
	}
	start := time.Now()
	held := without(attrs.Closure, attrs.Exclude)
	paths := plan(held, attrs.Shard)
	p.progress = newProgress(paths)
	stop := p.progress.show(nixLog(getenv))
	defer stop()
	if err := p.packAll(ctx, paths); err != nil {
		// A signal is the cause of whatever else went wrong after it.
		return cmp.Or(context.Cause(ctx), err)
	}
	if attrs.Index {
		if err := p.writePage(attrs.Name, storeDir); err != nil {
			return err
		}
	}
	if err := p.dir.Finish(cache.Info{StoreDir: storeDir, WantMassQuery: attrs.WantMassQuery, Priority: attrs.Priority}); err != nil {
		return err
	}
	p.report(len(attrs.Closure)-len(held), time.Since(start))
	return nil
}

// newPacker reads and opens what the attributes name, all but the cache to be
// made, so that nothing is begun where something is wrong.
func newPacker(attrs *attrs.Attrs, storeDir string, cores int, log zerolog.Logger) (p *packer, err error) {
	p = &packer{
		compression:    cmp.Or(attrs.Compression, "zstd"),
		cores:          cores,
		writeListings:  attrs.WriteNarListing,
		indexDebugInfo: attrs.IndexDebugInfo,
	}
	p.log = log.Hook(&p.warnings)
	if p.codec, err = codec.New(p.compression, attrs.CompressionLevel, cores); err != nil {
		return nil, withHint(err, exec.ErrNotFound, "it has to be among the nativeBuildInputs")
	}
	if p.earlier, err = openCaches(attrs.Reuse, storeDir); err != nil {
		return nil, err
	}
	if p.derivers, err = drv.Derivers(attrs.Derivers, storeDir); err != nil {
		return nil, err
	}
	if attrs.SecretKeyFile == "" {
		return p, nil
	}
	if strings.HasPrefix(attrs.SecretKeyFile, storeDir+"/") {
		p.log.Warn().Msgf("the secret key %s is in the store, where everybody can read it", attrs.SecretKeyFile)
	}
	p.key, err = cache.ReadKey(attrs.SecretKeyFile)
	return p, withHint(err, fs.ErrNotExist, showHint)
}

// showHint is for files outside of the store.
const showHint = "a build sees files outside of the store only with --option extra-sandbox-paths FILE"

func openCaches(paths []string, storeDir string) (caches []*cache.Earlier, err error) {
	for _, path := range paths {
		earlier, err := cache.Open(path, storeDir)
		if err != nil {
			return nil, withHint(fmt.Errorf("reuse: %w", err), fs.ErrNotExist, showHint)
		}
		caches = append(caches, earlier)
	}
	return caches, nil
}

func readAttrs(getenv func(string) string, storeDir string) (*attrs.Attrs, error) {
	const name = ".attrs.json"
	inBuildTop := ""
	if top := getenv("NIX_BUILD_TOP"); top != "" {
		inBuildTop = top + "/" + name
	}
	file, err := attrs.Find(getenv("NIX_ATTRS_JSON_FILE"), inBuildTop, name)
	if err != nil {
		return nil, err
	}
	return attrs.ReadFile(file, storeDir)
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
