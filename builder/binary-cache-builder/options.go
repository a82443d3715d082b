package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/drv"
	"mkbinarycache/builder/pack"
)

// readOptions converts the attributes to options of package pack. It opens all files that
// the attributes name, so that a bad attribute is found before the cache is created.
func readOptions(env *environment, log zerolog.Logger) (options pack.Options, err error) {
	options = pack.Options{
		Compression:    cmp.Or(env.attrs.Compression, "zstd"),
		WriteListings:  env.attrs.WriteNarListing,
		IndexDebugInfo: env.attrs.IndexDebugInfo,
		Progress:       &pack.Progress{},
	}
	if env.attrs.Manifest && env.attrs.Roots == nil {
		return options, errors.New("manifest = true requires the attribute \"roots\"")
	}
	if options.Codec, err = codec.New(options.Compression, env.attrs.CompressionLevel); err != nil {
		return options, withHint(err, exec.ErrNotFound, compressorHint)
	}
	if options.PreviousCaches, err = openPreviousCaches(env.attrs.Reuse, env.storeDir); err != nil {
		return options, err
	}
	if options.Derivers, err = drv.Derivers(env.attrs.Derivers, env.storeDir); err != nil {
		return options, err
	}
	if options.Key, err = readKey(env); err != nil {
		return options, err
	}
	memory := availableMemory(os.DirFS("/"))
	options.Cores = limitCores(env.cores, options.Codec, memory, log)
	if env.attrs.DeltaFrom != nil {
		options.PatchMemory = memory - int64(options.Cores)*pack.MemoryPerWorker(options.Codec)
		options.Patcher, err = newPatcher(options.Compression, env.attrs.CompressionLevel)
	}
	return options, err
}

func openPreviousCaches(paths []string, storeDir string) (caches []*cache.Previous, err error) {
	for _, path := range paths {
		previous, err := cache.OpenPrevious(path, storeDir)
		if err != nil {
			return nil, withFileHint(fmt.Errorf("reuse: %w", err), path)
		}
		caches = append(caches, previous)
	}
	return caches, nil
}

func readKey(env *environment) (*cache.Key, error) {
	file := env.attrs.SecretKeyFile
	if file == "" {
		return nil, nil
	}
	if strings.HasPrefix(file, env.storeDir+"/") {
		env.warnings = append(env.warnings, fmt.Errorf("secret key %s is in the Nix store, which is world-readable", file))
	}
	key, err := cache.ReadKey(file)
	return key, withFileHint(err, file)
}

// newPatcher returns a patcher. The patcher compresses at the compression level of the
// cache if the cache uses zstd, or else at zstd's default level.
func newPatcher(compression string, level *int) (*codec.Patcher, error) {
	if compression != "zstd" {
		level = nil
	}
	patcher, err := codec.NewPatcher(level)
	return patcher, withHint(err, exec.ErrNotFound, compressorHint)
}

// publicKey returns the public key for trusted-public-keys, or "" if the cache is not
// signed.
func publicKey(options pack.Options) string {
	if options.Key == nil {
		return ""
	}
	return options.Key.Public()
}
