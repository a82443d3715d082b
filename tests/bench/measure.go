package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// sample is what one run took.
type sample struct {
	Wall, CPU time.Duration // CPU is of all its processes, user and system
	Memory    int64         // bytes, the largest of its processes at its largest
	Bytes     int64         // the size of the files it made
}

func (s sample) String() string {
	return fmt.Sprintf("%7.3f s wall %7.3f s CPU %4d MB memory %6.1f MB output",
		s.Wall.Seconds(), s.CPU.Seconds(), s.Memory/1e6, float64(s.Bytes)/1e6)
}

// measure runs a contender once, in a directory of its own: its output, its
// messages, and a home without what Nix remembered of earlier runs.
func (b *bench) measure(ctx context.Context, e entry) (sample, error) {
	dir, err := os.MkdirTemp(b.dir, e.name+"-")
	if err != nil {
		return sample{}, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "out")
	if e.leaves == tree {
		if err := os.Mkdir(out, 0o755); err != nil {
			return sample{}, err
		}
	}
	cmd := e.command(b, e.closure, out)
	cmd.Env = append(append(b.env, "HOME="+dir, "XDG_CACHE_HOME="+dir), cmd.Env...)
	if err := b.clocked(ctx, cmd, dir); err != nil {
		return sample{}, err
	}
	return e.complete(dir)
}

// complete returns what the run took. It fails if the run did not leave all that
// it should, so that no failed run counts as a fast one.
func (e entry) complete(dir string) (s sample, err error) {
	if e.leaves == report {
		return readSample(filepath.Join(dir, "stdout"))
	}
	out := filepath.Join(dir, "out")
	check := checkCache
	if e.leaves == tree {
		check = checkTree
	}
	if err := check(out, e.closure); err != nil {
		return s, err
	}
	if s, err = readSample(filepath.Join(dir, "clock")); err != nil {
		return s, err
	}
	s.Bytes, err = treeSize(out)
	return s, err
}

func readSample(file string) (s sample, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(data, &s)
}
