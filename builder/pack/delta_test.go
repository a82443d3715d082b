package pack

import (
	"cmp"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mkbinarycache/builder/cache"
	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/storepath"
)

// The base of a patch is the store path with the same package name and output and the
// nearest NAR size.
func TestAddPatches(t *testing.T) {
	path := func(name string) storepath.Path {
		return storepath.Path("/nix/store/1b9p07z77phvv2hf6gm9f28syp39f1ag-" + name)
	}
	sizes := func(named map[string]int64) []closure.PathInfo {
		paths := map[storepath.Path]int64{}
		for name, size := range named {
			paths[path(name)] = size
		}
		return graph(paths)
	}
	bases := sizes(map[string]int64{
		"glibc-2.40-66": 90_000, "glibc-2.40-66-dev": 10_000, "glibc-2.40-66-bin": 9000,
		"linux-6.6": 50_000, "linux-5.15": 90_000, "linux-4.19": 90_002,
		"etc": 5000, "nixos-system-one-25.05.20250601": 5000, "python3.12-yaml-6.0": 5000, "zstd-1.5.5-bin": 5000,
		"python3.12-six-1.16": 5000, "gtk+-1.2": 5000, "gtk+3-3.24": 90_000,
		"firmware-1": codec.MaxPatchNarSize, "film-1": 5000, "note-1": 5000,
	})
	want := map[string]string{
		"glibc-2.40-67": "glibc-2.40-66", "glibc-2.40-67-dev": "glibc-2.40-66-dev", "glibc-2.40-67-bin": "glibc-2.40-66-bin", "glibc-2.40-67-doc": "",
		"linux-6.12": "linux-4.19", // its size is as near as that of 5.15, and its path comes first
		"etc":        "etc", "nixos-system-one-25.11.20251201": "nixos-system-one-25.05.20250601", "python3.12-yaml-6.1": "python3.12-yaml-6.0",
		"python3.13-six-1.17": "python3.12-six-1.16",
		"gtk+-2.24":           "gtk+-1.2",                                                     // the same name comes before the nearest size
		"zstd-1.5.7-bin":      "", "firmware-2": "", "film-2": "", "note-2": "", "curl-8": "", // a tool, too large, too small, new
	}
	plan := Plan{}
	for name := range want {
		size := map[string]int64{"film-2": codec.MaxPatchNarSize, "note-2": minPatchNarSize - 1}[name]
		plan.Paths = append(plan.Paths, closure.PathInfo{StorePath: path(name), NarSize: cmp.Or(size, 90_001)})
	}
	plan.AddPatches(bases, sizes(map[string]int64{"zstd-1.5.7-bin": 1}))
	for name, base := range want {
		if got := plan.Bases[path(name)].StorePath; got != path(base) && (got != "" || base != "") {
			t.Errorf("%s: got the base %q, want %q", name, got, base)
		}
	}
}

// Run makes patches also if memory is short, if the cache is not compressed, and if the
// NAR file is reused. If the base of a patch was modified, Run fails.
func TestRunPatches(t *testing.T) {
	paths := newStore(t, 40<<20, 10_000)
	base := newStore(t, 39<<20)[0]
	patcher, err := codec.NewPatcher(nil)
	if err != nil {
		t.Fatal(err)
	}
	run := func(options Options) (string, *Result, error) {
		out := filepath.Join(t.TempDir(), "cache")
		dir, err := cache.Create(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := dir.EnablePatches("", nil); err != nil {
			t.Fatal(err)
		}
		plan := NewPlan(paths, nil, nil)
		plan.Bases = map[storepath.Path]closure.PathInfo{}
		for _, path := range paths {
			plan.Bases[path.StorePath] = base
		}
		options.Cores, options.Progress, options.Patcher = 2, &Progress{}, patcher
		result, err := Run(t.Context(), dir, plan, options)
		return out, result, err
	}
	whole, _, err := runPack(t, t.Context(), paths, newOptions(t, "zstd"))
	if err != nil {
		t.Fatal(err)
	}
	previous, err := cache.OpenPrevious(whole, filepath.Dir(string(paths[0].StorePath)))
	if err != nil {
		t.Fatal(err)
	}
	reuse := newOptions(t, "zstd")
	reuse.PreviousCaches = []*cache.Previous{previous}
	little, none := newOptions(t, "zstd"), newOptions(t, "none")
	little.PatchMemory, none.PatchMemory = -1, 1<<40
	for name, options := range map[string]Options{"little memory": little, "none": none, "reuse": reuse} {
		out, result, err := run(options)
		if err != nil || len(result.Patches) != 2 || len(result.NarInfos) != 2 {
			t.Fatalf("%s: got %+v, %v, want 2 patches", name, result, err)
		}
		if left, _ := filepath.Glob(out + "/nar/*"); len(left) > 0 {
			t.Errorf("%s: %q is left next to the patches", name, left)
		}
		for _, info := range result.NarInfos {
			if info.Compression != "none" || info.FileSize != info.NarSize {
				t.Errorf("%s: got %v", name, info)
			}
		}
	}
	if err := os.Truncate(string(base.StorePath), 9); err != nil {
		t.Fatal(err)
	}
	out, _, err := run(newOptions(t, "zstd"))
	if !errors.Is(err, ErrModified) || !strings.Contains(err.Error(), ": base of the patch, "+string(base.StorePath)+": store path was modified") {
		t.Errorf("modified base: got error %v", err)
	}
	if left, _ := filepath.Glob(out + "/*/*"); len(left) > 0 {
		t.Errorf("modified base: left %q", left)
	}
}
