package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// memoryDir returns a temporary directory, in memory if /dev/shm has 1 GiB of free space,
// since hundreds of thousands of files are slow on a disk. By default, /dev/shm of a
// container has only 64 MiB.
func memoryDir(t *testing.T) string {
	t.Helper()
	const memory, enough = "/dev/shm", 1 << 30
	var fs unix.Statfs_t
	if err := unix.Statfs(memory, &fs); err != nil || uint64(fs.Bavail)*uint64(fs.Bsize) < enough {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "mkBinaryCache")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// peakMemory waits for the process and returns its peak memory in megabytes.
//
// NB: the peak that wait4(2) reports is too high: it includes the memory of the test
// process, from which the builder was forked.
func (p *process) peakMemory() (peak int) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
		_, rest, found := strings.Cut(string(status), "VmHWM:")
		if err != nil || !found { // a process that has ended has no memory
			return peak
		}
		kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if n, err := strconv.Atoi(kilobytes); err == nil {
			peak = max(peak, n/1000)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A build with many store paths, a huge file, a very long path or a huge directory takes
// at most 250 MB of memory.
func TestScale(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	const megabytes = 250
	tests := []struct {
		name string
		fill func(t *testing.T, s *fakeStore) error
	}{
		{"20,000 store paths", func(t *testing.T, s *fakeStore) error {
			for range 20_000 {
				s.add(t, 100)
			}
			return nil
		}},
		{"a file of 8 GiB", func(t *testing.T, s *fakeStore) error {
			s.addZeros(t, 8<<30)
			return nil
		}},
		{"a path of 4,000 bytes", func(t *testing.T, s *fakeStore) error {
			defer s.register(t)
			deep := s.next()
			for len(deep) < 3990 {
				deep += "/d"
			}
			return os.MkdirAll(deep+"/"+strings.Repeat("e", 4000-len(deep)-1), 0o755)
		}},
		{"a directory with 200,000 entries", func(t *testing.T, s *fakeStore) error {
			defer s.register(t)
			if err := os.Mkdir(s.next(), 0o755); err != nil {
				return err
			}
			for i := range 200_000 {
				if err := os.WriteFile(fmt.Sprint(s.next(), "/", i), nil, 0o644); err != nil {
					return err
				}
			}
			return nil
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := &fakeStore{dir: memoryDir(t)}
			must(t, test.fill(t, store))
			store.env = map[string]string{"out": memoryDir(t)}
			p := store.start(t)
			peak := p.peakMemory()
			if err := p.Wait(); err != nil {
				t.Fatalf("%v: %s", err, p.stderr.String())
			}
			if peak == 0 || peak > megabytes {
				t.Errorf("it took %d MB of memory, more than %d", peak, megabytes)
			}
		})
	}
}
