package main

import (
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/size"
)

// limitCores returns the requested number of cores, or as many as memory, in bytes,
// suffices for, but at least one. It logs the result if that is lower than requested.
func limitCores(requested int, c codec.Codec, memory int64, log zerolog.Logger) int {
	perCore := pack.MemoryPerWorker(c)
	cores := int(max(1, min(int64(requested), memory/max(1, perCore))))
	if cores < requested {
		log.Info().Msgf("cores        %d of %d (limited by memory: %s per core, %s available)", cores, requested, size.Format(perCore), size.Format(memory))
	}
	return cores
}

// availableMemory returns the bytes of memory that this process may use: the lowest of
// MemAvailable and the limits of its control groups, versions 1 and 2.
//
// The memory limits of control groups are in /sys, which Nix's sandbox does not have, so
// only MemAvailable counts there. Systems other than Linux have none of the files that
// availableMemory reads; there, the result is the largest int64.
func availableMemory(root fs.FS) int64 {
	available := int64(math.MaxInt64)
	if kibibytes, ok := readNumber(root, "proc/meminfo", "MemAvailable:"); ok {
		available = kibibytes << 10
	}
	groups, _ := fs.ReadFile(root, "proc/self/cgroup")
	for line := range strings.Lines(string(groups)) {
		for _, file := range limitFiles(strings.TrimSpace(line)) {
			if limit, ok := readNumber(root, file, ""); ok {
				available = min(available, limit)
			}
		}
	}
	return available
}

// limitFiles returns the files with the memory limits of a control group and of those
// above it, for a line ID:CONTROLLERS:PATH of /proc/self/cgroup (cgroups(7)).
//
// NB: the root control group is one of those above. On a host it has no limit, but in a
// container the root is the container's own group, even if PATH is a path of the host.
func limitFiles(line string) (files []string) {
	id, rest, _ := strings.Cut(line, ":")
	controllers, group, _ := strings.Cut(rest, ":")
	dir, name := "sys/fs/cgroup", "memory.max"
	if id != "0" || controllers != "" { // version 1
		if !slices.Contains(strings.Split(controllers, ","), "memory") {
			return nil
		}
		dir, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
	}
	for group = path.Join("/", group); ; group = path.Dir(group) {
		files = append(files, path.Join(dir, group, name))
		if group == "/" {
			return files
		}
	}
}

// readNumber returns the number after the label in a file, and whether the file has such
// a number.
func readNumber(root fs.FS, file, label string) (int64, bool) {
	contents, err := fs.ReadFile(root, file)
	_, after, found := strings.Cut(string(contents), label)
	fields := strings.Fields(after)
	if err != nil || !found || len(fields) == 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	return n, err == nil
}
