package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/drv"
	"mkbinarycache/builder/pack"
)

// readOptions reads and opens what the attributes name, all but the cache to be
// made, so that nothing is begun where something is wrong.
func readOptions(env *environment, log zerolog.Logger) (options pack.Options, err error) {
	options = pack.Options{
		Compression:    cmp.Or(env.attrs.Compression, "zstd"),
		WriteListings:  env.attrs.WriteNarListing,
		IndexDebugInfo: env.attrs.IndexDebugInfo,
		Progress:       &pack.Progress{},
	}
	if env.attrs.Manifest && env.attrs.Roots == nil {
		return options, errors.New("manifest: the derivation has no attribute \"roots\", which tells what the cache is made for")
	}
	if options.Codec, err = codec.New(options.Compression, env.attrs.CompressionLevel); err != nil {
		return options, withHint(err, exec.ErrNotFound, "it has to be among the nativeBuildInputs")
	}
	if options.PreviousCaches, err = openCaches(env.attrs.Reuse, env.storeDir); err != nil {
		return options, err
	}
	if options.Derivers, err = drv.Derivers(env.attrs.Derivers, env.storeDir); err != nil {
		return options, err
	}
	if options.Key, err = readKey(env, log); err != nil {
		return options, err
	}
	options.Cores = coresFor(env.cores, options.Codec, availableMemory(os.ReadFile), log)
	return options, nil
}

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

func readKey(env *environment, log zerolog.Logger) (*cache.Key, error) {
	file := env.attrs.SecretKeyFile
	if file == "" {
		return nil, nil
	}
	if strings.HasPrefix(file, env.storeDir+"/") {
		log.Warn().Msgf("the secret key %s is in the store, where everybody can read it", file)
	}
	key, err := cache.ReadKey(file)
	return key, withHint(err, fs.ErrNotExist, showHint)
}

// publicKey is what others need to verify the signatures, or "" where there are none.
func publicKey(options pack.Options) string {
	if options.Key == nil {
		return ""
	}
	return options.Key.Public()
}
