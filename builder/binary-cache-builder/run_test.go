package main

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	gonar "github.com/nix-community/go-nix/pkg/nar"
	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// Who compresses which block depends on the number of cores, and must not show.
func TestSameBytesForAnyNumberOfCores(t *testing.T) {
	for compression, level := range map[string]int{"zstd": 3, "xz": 0} {
		store := newFakeStore(t)
		store.settings["compression"], store.settings["compressionLevel"] = compression, level
		for _, size := range []int{0, 1, 1000, 1 << 20, 16<<20 + 1, 100 << 20} {
			store.add(t, size)
		}
		store.addZeros(t, 200<<20)
		checkSameBytes(t, store)
	}
}

// The same for the zstd tool, which takes longer.
func TestSameBytesOfTheTool(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compressionLevel"] = 11
	store.addZeros(t, 200<<20)
	checkSameBytes(t, store)
}

func checkSameBytes(t *testing.T, store *fakeStore) {
	t.Helper()
	want := ""
	for _, cores := range []string{"1", "2", "3", "8"} {
		out, err := store.build(t, context.Background(), cores)
		if err != nil {
			t.Fatal(err)
		}
		d := cache.NewDigest()
		if err := nar.NewDumper().Dump(d, out); err != nil {
			t.Fatal(err)
		}
		if got := d.Sum().String(); want != "" && got != want {
			t.Errorf("%v on %q cores: the cache is %s, on other numbers %s", store.settings, cores, got, want)
		} else {
			want = got
		}
	}
}

// Readers in Go take archives of several frames: klauspost's decoder, and go-nix's
// reader of NARs.
func TestGoReads(t *testing.T) {
	const size = 40 << 20
	store := newFakeStore(t)
	store.add(t, size)
	out, _ := store.mustBuild(t)
	archive, err := os.Open(glob(t, out+"/nar/*.nar.zst"))
	must(t, err)
	defer archive.Close()
	decoder, err := zstd.NewReader(archive)
	must(t, err)
	defer decoder.Close()
	reader, err := gonar.NewReader(decoder)
	must(t, err)
	header, err := reader.Next()
	must(t, err)
	if n, err := io.Copy(io.Discard, reader); n != size || header.Size != size || err != nil {
		t.Errorf("got %d bytes of a file of %d, %v", n, header.Size, err)
	}
	if _, err := reader.Next(); err != io.EOF {
		t.Errorf("after it: got error %v", err)
	}
}

func TestStopped(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1000)
	ctx, cancel := context.WithCancelCause(context.Background())
	stopped := errors.New("stopped by signal: terminated")
	cancel(stopped)
	out, err := store.build(t, ctx, "2")
	if !errors.Is(err, stopped) {
		t.Errorf("got error %v, want %v", err, stopped)
	}
	if left := files(t, out); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestStoppedWhileReusing(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1000)
	earlier, _ := store.mustBuild(t)
	store.log.Reset()
	store.settings["reuse"] = []string{earlier}
	stopped := errors.New("stopped by signal: terminated")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(stopped)
	if _, err := store.build(t, ctx, "2"); !errors.Is(err, stopped) || store.log.Len() > 0 {
		t.Errorf("got error %v, want %v; the log is %q", err, stopped, store.log.String())
	}
}

// A manifest of a raw derivation needs to be told the roots; that there are none is
// another matter.
func TestManifestWithoutRoots(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 10)
	store.settings["manifest"] = true
	out, err := store.build(t, context.Background(), "1")
	if err == nil || !strings.Contains(err.Error(), `manifest: the derivation has no attribute "roots"`) {
		t.Errorf("got error %v", err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a cache was begun")
	}
	store.settings["roots"] = []string{}
	if _, cache := store.mustBuild(t); !strings.Contains(cache["manifest.json"], `"roots": []`) {
		t.Errorf("got %q", cache)
	}
}

func TestCoreCount(t *testing.T) {
	available := runtime.GOMAXPROCS(0)
	for value, want := range map[string]int{
		"1": 1, "2": 2,
		"": available, "0": available, "-1": available, "all": available, "1.5": available, "99999999999999999999": available,
		"1000000": 4 * available,
	} {
		if got := coreCount(value); got != want {
			t.Errorf("%q: got %d, want %d", value, got, want)
		}
	}
}

func TestNotRunByNix(t *testing.T) {
	err := run(context.Background(), func(string) string { return "" }, zerolog.Nop())
	if err == nil || !strings.Contains(err.Error(), "NIX_STORE is not set") {
		t.Errorf("got error %v", err)
	}
}

// A cache of many tiny store paths, and of one that all cores compress.
func BenchmarkRun(b *testing.B) {
	for name, sizes := range map[string][]int{
		"tiny":  slices.Repeat([]int{10}, 1000),
		"large": {200 << 20},
	} {
		b.Run(name, func(b *testing.B) {
			store := newFakeStore(b)
			for _, size := range sizes {
				store.add(b, size)
			}
			for b.Loop() {
				if _, err := store.build(b, b.Context(), ""); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
