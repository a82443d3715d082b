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

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

// The number of cores decides which worker compresses which block, and must not change
// the bytes of a cache. At zstd level 11, the zstd program compresses instead of the Go
// encoder.
func TestSameBytesForAnyNumberOfCores(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	small := []int{0, 1, 1000, 1 << 20, 16<<20 + 1, 100 << 20}
	for _, test := range []struct {
		compression string
		level       int
		sizes       []int
	}{{"zstd", 3, small}, {"zstd", 11, nil}, {"xz", 0, small}} {
		store := newFakeStore(t)
		store.settings["compression"], store.settings["compressionLevel"] = test.compression, test.level
		for _, size := range test.sizes {
			store.add(t, size)
		}
		store.addZeros(t, 200<<20)
		want := ""
		for _, cores := range []string{"1", "2", "3", "8"} {
			out, err := store.build(t, context.Background(), cores)
			must(t, err)
			d := cache.NewDigest()
			must(t, nar.NewDumper().Dump(d, out))
			if got := d.Sum().String(); want != "" && got != want {
				t.Errorf("%v on %q cores: the cache is %s, on other numbers %s", store.settings, cores, got, want)
			}
			want = d.Sum().String()
		}
	}
}

// Go libraries can read a NAR file of several zstd frames: klauspost's decoder and
// go-nix's NAR reader.
func TestGoReaders(t *testing.T) {
	const size = 40 << 20
	store := newFakeStore(t)
	store.add(t, size)
	out, _ := store.mustBuild(t)
	file, err := os.Open(glob(t, out+"/nar/*.nar.zst"))
	must(t, err)
	defer file.Close()
	decoder, err := zstd.NewReader(file)
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

// A build that is stopped by a signal leaves no files, with and without a previous cache.
func TestStopped(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1000)
	previous, _ := store.mustBuild(t)
	stopped := errors.New("stopped by signal: terminated")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(stopped)
	for _, reuse := range [][]string{nil, {previous}} {
		store.settings["reuse"] = reuse
		out, err := store.build(t, ctx, "2")
		if left := files(t, out); !errors.Is(err, stopped) || len(left) > 0 || store.log.Len() > 0 {
			t.Errorf("reuse %q: got error %v, want %v; left behind %q; the log is %q", reuse, err, stopped, left, store.log.String())
		}
	}
}

// A manifest of an empty list of roots is written: only a missing attribute "roots" is an
// error.
func TestManifestOfNoRoots(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 10)
	store.settings["manifest"], store.settings["roots"] = true, []string{}
	if _, cache := store.mustBuild(t); !strings.Contains(cache["manifest.json"], `"roots": []`) {
		t.Errorf("got %q", cache)
	}
}

func TestTooDeepIsReportedOnce(t *testing.T) {
	for name, settings := range map[string]map[string]any{
		"no compression": {"compression": "none"},
		"listing":        {"writeNarListing": true},
	} {
		t.Run(name, func(t *testing.T) {
			store := newFakeStore(t)
			store.settings = settings
			for _, levels := range []int{nar.MaxDepth, nar.MaxDepth + 1} {
				must(t, os.MkdirAll(store.next()+strings.Repeat("/d", levels), 0o755))
				store.register(t)
			}
			previous, _ := store.mustBuild(t)
			store.checkTooDeep(t)
			if settings["writeNarListing"] != nil { // then the builder also reads reused store paths
				store.settings["reuse"] = []string{previous}
				store.mustBuild(t)
				store.checkTooDeep(t)
			}
		})
	}
}

// checkTooDeep checks that the log has one warning: that the second store path is nested
// too deep.
func (s *fakeStore) checkTooDeep(t *testing.T) {
	t.Helper()
	path := s.graph[1].Path
	want := "WRN " + path + ": Nix 2.34.7 and newer refuse to unpack this path: " + path + strings.Repeat("/d", 64) + " is nested more than 63 levels deep\n"
	if log := s.log.String(); !strings.Contains(log, want) || strings.Count(log, "WRN") != 1 || !strings.Contains(log, "warnings     1\n") {
		t.Errorf("the log is %q, want %q", log, want)
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

func TestMalformedEnvironment(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1)
	for want, change := range map[string]map[string]string{
		"NIX_STORE is not set; ":             {"NIX_STORE": ""},
		"cannot find .attrs.json (tried [":   {"NIX_BUILD_TOP": "/not/there"},
		`the derivation has no output "out"`: {"out": ""},
	} {
		store.env = change
		if _, err := store.build(t, context.Background(), "1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got error %v, want %q", change, err, want)
		}
	}
}

// BenchmarkRun builds a cache of many tiny store paths, and a cache of one large store
// path, which all cores compress.
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

// The builder warns if exclude or deltaFrom has no store path of the closure, and no
// other version of one.
func TestNoEffect(t *testing.T) {
	for _, attribute := range []string{"exclude", "deltaFrom"} {
		store := newFakeStore(t)
		store.add(t, 100)
		store.add(t, 100)
		store.settings[attribute] = []node{store.graph[1]}
		store.mustBuild(t)
		warning := "WRN " + attribute + " has no effect"
		if log := store.log.String(); strings.Contains(log, warning) {
			t.Errorf("%s of a store path: the log is %q", attribute, log)
		}
		store.graph = store.graph[:1]
		store.mustBuild(t)
		if log := store.log.String(); !strings.Contains(log, warning) {
			t.Errorf("%s of another store path: the log is %q", attribute, log)
		}
	}
}
