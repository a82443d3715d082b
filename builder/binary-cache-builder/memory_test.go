package main

import (
	"io/fs"
	"math"
	"strings"
	"testing"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/pack"
)

// machine is the files that tell of the memory of a machine.
func machine(files map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		contents, ok := files[name]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(contents), nil
	}
}

func TestAvailableMemory(t *testing.T) {
	const meminfo = "MemTotal:       24674064 kB\nMemFree:        20 kB\nMemAvailable:   2048 kB\nBuffers:          304 kB\n"
	tests := map[string]struct {
		files map[string]string
		want  int64
	}{
		"nothing is told":                {nil, math.MaxInt64},
		"no control group":               {map[string]string{"/proc/meminfo": meminfo}, 2 << 20},
		"an old kernel":                  {map[string]string{"/proc/meminfo": "MemTotal: 1 kB\n"}, math.MaxInt64},
		"the root group":                 {map[string]string{"/proc/meminfo": meminfo, "/proc/self/cgroup": "0::/\n"}, 2 << 20},
		"version 1":                      {map[string]string{"/proc/meminfo": meminfo, "/proc/self/cgroup": "2:memory:/a\n1:cpu:/a\n"}, 2 << 20},
		"a group that is not to be seen": {map[string]string{"/proc/meminfo": meminfo, "/proc/self/cgroup": "0::/a/b\n"}, 2 << 20},
		"a group without a limit": {map[string]string{
			"/proc/meminfo": meminfo, "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "max\n",
		}, 2 << 20},
		"a group with a limit": {map[string]string{
			"/proc/meminfo": meminfo, "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "1000\n", "/sys/fs/cgroup/a/memory.max": "2000\n",
		}, 1000},
		"a group in one with a limit": {map[string]string{
			"/proc/meminfo": meminfo, "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "max\n", "/sys/fs/cgroup/a/memory.max": "2000\n",
		}, 2000},
		"a limit above what there is": {map[string]string{
			"/proc/meminfo": meminfo, "/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/memory.max": "9000000\n",
		}, 2 << 20},
	}
	for name, test := range tests {
		if got := availableMemory(machine(test.files)); got != test.want {
			t.Errorf("%s: got %d, want %d", name, got, test.want)
		}
	}
}

// Fewer cores work where the memory is not enough for all, but always one; and a
// line says so.
func TestCoresFor(t *testing.T) {
	level := 9
	xz, err := codec.New("xz", &level)
	if err != nil {
		t.Fatal(err)
	}
	each := pack.MemoryPerWorker(xz)
	for memory, want := range map[int64]int{0: 1, each: 1, 3*each - 1: 2, 64 * each: 64, math.MaxInt64: 64} {
		var log strings.Builder
		if got := coresFor(64, xz, memory, newLogger(&log)); got != want {
			t.Errorf("%d bytes: got %d cores, want %d", memory, got, want)
		}
		if line := "of 64: each takes up to 1.0 GiB of memory, and there are "; strings.Contains(log.String(), line) != (want < 64) {
			t.Errorf("%d bytes: the log is %q", memory, log.String())
		}
	}
	none, err := codec.New("none", nil)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	if got := coresFor(64, none, 1<<30, newLogger(&log)); got != 64 || log.Len() > 0 {
		t.Errorf("without compression: got %d cores, the log is %q", got, log.String())
	}
}
