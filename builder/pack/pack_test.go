package pack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/nar"
	"mkbinarycache/builder/storepath"
)

// newStore returns store paths in a new directory: files of these sizes, with the hashes
// and sizes of their NARs.
func newStore(t *testing.T, sizes ...int) (paths []closure.PathInfo) {
	t.Helper()
	dir := t.TempDir()
	for i, size := range sizes {
		path := storepath.Path(fmt.Sprintf("%s/%032d-file", dir, i))
		if err := os.WriteFile(string(path), []byte(strings.Repeat("text\n", size/5)), 0o644); err != nil {
			t.Fatal(err)
		}
		digest := cache.NewDigest()
		if err := nar.NewDumper().Dump(digest, string(path)); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, closure.PathInfo{StorePath: path, NarHash: digest.Sum(), NarSize: digest.Size(), References: []storepath.Path{path}})
	}
	return paths
}

// runPack packs paths into a new cache with options, and returns the directory of the
// cache.
func runPack(t *testing.T, ctx context.Context, paths []closure.PathInfo, options Options) (string, *Result, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "cache")
	dir, err := cache.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	options.Cores, options.Progress = 2, &Progress{}
	result, err := Run(ctx, dir, NewPlan(paths, nil, nil), options)
	if err == nil {
		if published := options.Progress.Paths.Load(); published != int64(len(paths)) {
			t.Errorf("progress: %d of %d paths", published, len(paths))
		}
		err = dir.Finish(cache.Info{StoreDir: filepath.Dir(string(paths[0].StorePath))})
	}
	return out, result, err
}

// newOptions returns options with that compression, NAR listings and the debug info
// index.
func newOptions(t *testing.T, compression string) Options {
	t.Helper()
	c, err := codec.New(compression, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Options{Compression: compression, Codec: c, WriteListings: true, IndexDebugInfo: true}
}

// Run lists the narinfos with the largest NAR first, and a second cache reuses the NAR
// files of the first.
func TestRun(t *testing.T) {
	for compression, suffix := range map[string]string{"none": ".nar", "zstd": ".nar.zst"} {
		paths := newStore(t, 100, 40<<20, 10_000)
		options := newOptions(t, compression)
		options.Derivers = map[storepath.Path]storepath.Path{paths[0].StorePath: paths[0].StorePath + ".drv"}
		out, result, err := runPack(t, t.Context(), paths, options)
		if err != nil {
			t.Fatal(err)
		}
		if len(result.NarInfos) != 3 || result.NarInfos[0].NarSize != uint64(paths[1].NarSize) || result.NarInfos[2].Deriver == "" {
			t.Fatalf("%s: got %v", compression, result.NarInfos)
		}
		for _, info := range result.NarInfos {
			file, err := os.Stat(filepath.Join(out, info.URL))
			if err != nil || uint64(file.Size()) != info.FileSize || !strings.HasSuffix(info.URL, suffix) {
				t.Errorf("%s: %d bytes expected: %v", info.URL, info.FileSize, err)
			}
		}
		previous, err := cache.OpenPrevious(out, filepath.Dir(string(paths[0].StorePath)))
		if err != nil {
			t.Fatal(err)
		}
		options.PreviousCaches = []*cache.Previous{previous}
		for _, options.WriteListings = range []bool{true, false} {
			options.IndexDebugInfo = options.WriteListings
			if _, result, err := runPack(t, t.Context(), paths, options); err != nil || result.Reused != 3 {
				t.Errorf("%s: %d of 3 NAR files reused: %v", compression, result.Reused, err)
			}
		}
	}
}

// A modified store path or a signal makes Run fail, without temporary files left behind.
func TestRunFails(t *testing.T) {
	stopped := errors.New("stopped by signal: terminated")
	for _, compression := range []string{"none", "zstd"} {
		paths := newStore(t, 100, 40<<20)
		if err := os.Truncate(string(paths[1].StorePath), 39<<20); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		for _, want := range []error{ErrModified, stopped} {
			out, result, err := runPack(t, ctx, paths, newOptions(t, compression))
			if !errors.Is(err, want) {
				t.Errorf("%s: got error %v, want %v", compression, err, want)
			}
			if files, _ := filepath.Glob(out + "/nar/*"); len(files) != len(result.NarInfos) {
				t.Errorf("%s: %d NAR files are published, the directory has %q", compression, len(result.NarInfos), files)
			}
			cancel(stopped)
		}
	}
}
