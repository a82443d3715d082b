package main

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/pack"
)

func TestAvailableMemory(t *testing.T) {
	const (
		meminfo = "MemTotal:       24674064 kB\nMemFree:        20 kB\nMemAvailable:   2048 kB\nBuffers:          304 kB\n"
		v2      = "sys/fs/cgroup"
		v1      = "sys/fs/cgroup/memory"
		v1Lines = "9:cpu,cpuacct:/c\n4:cpuset,memory:/a/b\n1:name=systemd:/d\n"
	)
	tests := []struct {
		name    string
		meminfo string
		cgroup  string
		limits  map[string]string // by file
		want    int64
	}{
		{"no files", "", "", nil, math.MaxInt64},
		{"old kernel", "MemTotal: 1 kB\n", "", nil, math.MaxInt64},
		{"no control group", meminfo, "", nil, 2 << 20},
		{"malformed", meminfo, "x\n0:\n\n", nil, 2 << 20},
		{"Nix's sandbox, without /sys", meminfo, "0::/a/b\n", nil, 2 << 20},
		{"root group of a host", meminfo, "0::/\n", nil, 2 << 20},
		{"root group of a container", meminfo, "0::/\n", map[string]string{v2 + "/memory.max": "1000\n"}, 1000},
		{"path of the host in a container", meminfo, "0::/host/a\n", map[string]string{v2 + "/memory.max": "1000\n"}, 1000},
		{"no limit", meminfo, "0::/a/b\n", map[string]string{v2 + "/a/b/memory.max": "max\n", v2 + "/a/memory.max": "\n"}, 2 << 20},
		{"lower limit than the group above", meminfo, "0::/a/b\n", map[string]string{v2 + "/a/b/memory.max": "1000\n", v2 + "/a/memory.max": "2000\n"}, 1000},
		{"higher limit than the group above", meminfo, "0::/a/b\n", map[string]string{v2 + "/a/b/memory.max": "2000\n", v2 + "/a/memory.max": "1000\n"}, 1000},
		{"limit above only", meminfo, "0::/a\n", map[string]string{v2 + "/a/memory.max": "max\n", v2 + "/memory.max": "2000\n"}, 2000},
		{"limit above the available memory", meminfo, "0::/a\n", map[string]string{v2 + "/a/memory.max": "9000000\n"}, 2 << 20},
		{"limit without meminfo", "", "0::/a\n", map[string]string{v2 + "/a/memory.max": "9000000\n"}, 9000000},
		{"version 1", meminfo, v1Lines, map[string]string{v1 + "/a/b/memory.limit_in_bytes": "1000\n"}, 1000},
		{"version 1, limit above", meminfo, v1Lines, map[string]string{
			v1 + "/a/b/memory.limit_in_bytes": "9223372036854771712\n", v1 + "/a/memory.limit_in_bytes": "3000\n",
		}, 3000},
		{"version 1, container", meminfo, v1Lines, map[string]string{v1 + "/memory.limit_in_bytes": "1000\n"}, 1000},
		{"version 1, other controllers", meminfo, "9:cpu:/a\n8:memory2:/a\n", map[string]string{v1 + "/a/memory.limit_in_bytes": "1000\n"}, 2 << 20},
		{"hybrid, limit by version 1", meminfo, v1Lines + "0::/e\n", map[string]string{v1 + "/a/b/memory.limit_in_bytes": "1000\n"}, 1000},
		{"hybrid, limit by version 2", meminfo, v1Lines + "0::/e\n", map[string]string{v2 + "/e/memory.max": "1000\n"}, 1000},
	}
	for _, test := range tests {
		root := fstest.MapFS{}
		for file, text := range test.limits {
			root[file] = &fstest.MapFile{Data: []byte(text)}
		}
		if test.meminfo != "" {
			root["proc/meminfo"] = &fstest.MapFile{Data: []byte(test.meminfo)}
		}
		if test.cgroup != "" {
			root["proc/self/cgroup"] = &fstest.MapFile{Data: []byte(test.cgroup)}
		}
		if got := availableMemory(root); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

// If memory is short, limitCores returns fewer cores than requested, but at least one,
// and logs the result.
func TestLimitCores(t *testing.T) {
	level := 9
	xz, err := codec.New("xz", &level)
	must(t, err)
	none, err := codec.New("none", nil)
	must(t, err)
	perCore := pack.MemoryPerWorker(xz)
	for _, test := range []struct {
		codec  codec.Codec
		memory int64
		want   int
	}{
		{xz, 0, 1}, {xz, perCore, 1}, {xz, 3*perCore - 1, 2}, {xz, 64 * perCore, 64}, {xz, math.MaxInt64, 64},
		{none, 1 << 30, 64},
	} {
		var log strings.Builder
		if got := limitCores(64, test.codec, test.memory, newLogger(&log)); got != test.want {
			t.Errorf("%d bytes: got %d cores, want %d", test.memory, got, test.want)
		}
		if line := " of 64 (limited by memory: 1.4 GiB per core, "; strings.Contains(log.String(), line) != (test.want < 64) {
			t.Errorf("%d bytes: the log is %q", test.memory, log.String())
		}
	}
}
