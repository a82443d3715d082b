package main

import (
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/codec"
	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/size"
)

// coresFor is how many of the cores that were asked for the memory is enough for. A
// line in the log says so where that is fewer.
func coresFor(asked int, c codec.Codec, memory int64, log zerolog.Logger) int {
	each := pack.MemoryPerWorker(c)
	cores := int(max(1, min(int64(asked), memory/max(1, each))))
	if cores < asked {
		log.Info().Msgf("cores        %d of %d: each takes up to %s of memory, and there are %s", cores, asked, size.Format(each), size.Format(memory))
	}
	return cores
}

// availableMemory is how many bytes of memory there are for this process: what the
// machine has available, or the limit of a control group (version 2), as far as
// these are to be seen. Systems other than Linux do not tell.
func availableMemory(readFile func(string) ([]byte, error)) int64 {
	available := int64(math.MaxInt64)
	if kibibytes, ok := number(readFile, "/proc/meminfo", "\nMemAvailable:"); ok {
		available = kibibytes << 10
	}
	groups, err := readFile("/proc/self/cgroup")
	group, isVersion2 := strings.CutPrefix(strings.TrimSpace(string(groups)), "0::")
	if err != nil || !isVersion2 {
		return available
	}
	for ; group != "/" && group != "."; group = path.Dir(group) {
		if limit, ok := number(readFile, path.Join("/sys/fs/cgroup", group, "memory.max"), ""); ok {
			available = min(available, limit)
		}
	}
	return available
}

// number returns the number that stands in a file behind a text.
func number(readFile func(string) ([]byte, error), file, text string) (int64, bool) {
	contents, err := readFile(file)
	_, after, found := strings.Cut("\n"+string(contents), text)
	if err != nil || !found {
		return 0, false
	}
	word, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	n, err := strconv.ParseInt(strings.TrimSpace(word), 10, 64)
	return n, err == nil
}
