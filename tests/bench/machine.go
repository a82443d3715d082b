package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// machine is what the figures depend on.
type machine struct {
	facts          []fact
	newest, nix    string // versions of Nix
	nixVersionTime time.Duration
}

type fact struct{ name, value string }

// describe looks at the machine, and warns where it spoils the figures.
func (b *bench) describe(ctx context.Context) (*machine, error) {
	create, err := createTime(b.dir)
	if err != nil {
		return nil, err
	}
	if create > 200*time.Microsecond {
		log.Printf("warning: to create a file in %s takes %v, which is slow: choose another directory with -dir", b.dir, create)
	}
	m := &machine{
		newest: version(b.say(ctx, "tests/nix-version", newest, "nix", "--version")),
		nix:    version(b.say(ctx, "nix", "--version")),
	}
	start := time.Now()
	b.say(ctx, "tests/nix-version", newest, "true")
	m.nixVersionTime = time.Since(start)
	m.facts = []fact{
		{"date", time.Now().UTC().Format(time.DateOnly)},
		{"commit", b.commit(ctx)},
		{"CPU", fmt.Sprintf("%s, %d cores", procField("/proc/cpuinfo", "model name"), b.cores)},
		{"memory", fmt.Sprintf("%.0f GB", float64(memory("MemTotal"))/1e9)},
		{"kernel", b.say(ctx, "uname", "-sr")},
		{"output", fmt.Sprintf("%s, where a new file takes %d µs", b.say(ctx, "findmnt", "-no", "FSTYPE", "-T", b.dir), create.Microseconds())},
		{"Nix", m.newest + " from Debian " + newest + ", " + m.nix + " installed"},
		{"Go", strings.TrimPrefix(runtime.Version(), "go") + ", klauspost/compress " + moduleVersion("github.com/klauspost/compress")},
		{"zstd, xz", version(b.say(ctx, "zstd", "--version")) + ", " + version(b.say(ctx, "xz", "--version"))},
	}
	return m, ctx.Err()
}

// say returns what a command prints, or that it failed.
func (b *bench) say(ctx context.Context, argv ...string) string {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = b.env
	out, err := cmd.Output()
	if err != nil {
		return fmt.Sprintf("unknown (%v)", err)
	}
	return strings.TrimSpace(string(out))
}

func (b *bench) commit(ctx context.Context) string {
	commit := b.say(ctx, "git", "rev-parse", "--short", "HEAD")
	if b.say(ctx, "git", "status", "--porcelain", "--", "builder", "go.mod", "tests/bench") != "" {
		commit += " with changes"
	}
	return commit
}

var versionPattern = regexp.MustCompile(`\d+(\.\d+)+`)

// version is the first version number in a text, or the text itself.
func version(text string) string {
	if v := versionPattern.FindString(text); v != "" {
		return v
	}
	return text
}

func moduleVersion(path string) string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == path {
			return module.Version
		}
	}
	return "unknown"
}

// createTime is what it takes to create one file of 1000, in a new directory.
func createTime(parent string) (time.Duration, error) {
	const files = 1000
	dir, err := os.MkdirTemp(parent, "create-")
	if err != nil {
		return 0, err
	}
	start := time.Now()
	for i := range files {
		file, err := os.Create(filepath.Join(dir, strconv.Itoa(i)))
		if err != nil {
			return 0, err
		}
		file.Close()
	}
	return time.Since(start) / files, nil
}

// procField returns the value of a line "name : value" of a file in /proc.
func procField(file, name string) string {
	data, _ := os.ReadFile(file)
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// memory returns a figure of /proc/meminfo in bytes.
func memory(name string) int64 {
	kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(procField("/proc/meminfo", name), " kB"), 10, 64)
	return kilobytes << 10
}

// fitsInMemory leaves half of the memory to everything else.
func fitsInMemory(bytes int64) bool { return bytes < memory("MemAvailable")/2 }
