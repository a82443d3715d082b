package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/nar"
)

func TestSameBytesForAnyNumberOfCores(t *testing.T) {
	const large = 100 << 20 // more than one worker compresses
	const overhead = 112    // of a file's NAR
	store := newFakeStore(t)
	for _, size := range []int{0, 1, 1000, 1 << 20, 16<<20 - overhead - 8, 16<<20 - overhead, 16<<20 + 1, large} {
		store.add(t, size)
	}
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
			t.Errorf("on %q cores the cache is %s, on other numbers %s", cores, got, want)
		} else {
			want = got
		}
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
