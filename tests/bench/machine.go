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

// machine describes the machine and the versions of the programs.
type machine struct {
	properties     []property
	newest, nix    string // versions of Nix
	nixVersionTime time.Duration
}

type property struct{ name, value string }

// describe returns the properties of the machine. It warns if the file system of b.dir is
// slow.
func (b *bench) describe(ctx context.Context) (*machine, error) {
	create, err := createTime(b.dir)
	if err != nil {
		return nil, err
	}
	if create > 200*time.Microsecond {
		log.Printf("warning: creating a file in %s takes %v; use -dir for a faster directory", b.dir, create)
	}
	m := &machine{
		newest: version(b.commandOutput(ctx, "tests/nix-version", newestSuite, "nix", "--version")),
		nix:    version(b.commandOutput(ctx, "nix", "--version")),
	}
	start := time.Now()
	b.commandOutput(ctx, "tests/nix-version", newestSuite, "true")
	m.nixVersionTime = time.Since(start)
	m.properties = []property{
		{"date", time.Now().UTC().Format(time.DateOnly)},
		{"commit", b.commit(ctx)},
		{"CPU", fmt.Sprintf("%s, %d cores", procField("/proc/cpuinfo", "model name"), b.cores)},
		{"memory", fmt.Sprintf("%.0f GB", float64(memory("MemTotal"))/1e9)},
		{"kernel", b.commandOutput(ctx, "uname", "-sr")},
		{"output", fmt.Sprintf("%s, %d µs to create a file", b.commandOutput(ctx, "stat", "-fc", "%T", b.dir), create.Microseconds())},
		{"Nix", m.newest + " from Debian " + newestSuite + ", " + m.nix + " installed"},
		{"Go", strings.TrimPrefix(runtime.Version(), "go") + ", klauspost/compress " + moduleVersion("github.com/klauspost/compress")},
		{"zstd, xz", version(b.commandOutput(ctx, "zstd", "--version")) + ", " + version(b.commandOutput(ctx, "xz", "--version"))},
	}
	return m, ctx.Err()
}

// commandOutput returns the output of a command, or a text with its error.
func (b *bench) commandOutput(ctx context.Context, argv ...string) string {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = b.env
	out, err := cmd.Output()
	if err != nil {
		return fmt.Sprintf("unknown (%v)", err)
	}
	return strings.TrimSpace(string(out))
}

func (b *bench) commit(ctx context.Context) string {
	commit := b.commandOutput(ctx, "git", "rev-parse", "--short", "HEAD")
	if b.commandOutput(ctx, "git", "status", "--porcelain", "--", "builder", "go.mod", "tests/bench") != "" {
		commit += " with changes"
	}
	return commit
}

var versionPattern = regexp.MustCompile(`\d+(\.\d+)+`)

// version returns the first version number in a text, or the whole text if it has none.
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

// createTime returns the average time to create a file, of 1000 in a new directory.
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

// memory returns a value of /proc/meminfo in bytes.
func memory(name string) int64 {
	kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(procField("/proc/meminfo", name), " kB"), 10, 64)
	return kilobytes << 10
}
