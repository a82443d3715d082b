package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mkbinarycache/builder/cache"
)

// fail runs the builder to its failure, and checks that it exits with status 1,
// prints one message that holds all of want, and leaves nothing half-written.
func (p *process) fail(t *testing.T, want ...string) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.waitForFailure(t, want...)
	p.checkLeftovers(t)
}

var oneError = regexp.MustCompile(`^ERR .+\n(INF hint: .+\n)?$`)

func (p *process) waitForFailure(t *testing.T, want ...string) {
	t.Helper()
	// Far more than it takes: only a builder that hangs is killed.
	timer := time.AfterFunc(time.Minute, func() { p.Process.Kill() })
	defer timer.Stop()
	_ = p.Wait()
	if status := p.ProcessState.ExitCode(); status != 1 {
		t.Errorf("exit status %d (%v), want 1", status, p.ProcessState)
	}
	message := p.stderr.String()
	if !oneError.MatchString(message) {
		t.Errorf("got %q, want one line of error, and maybe one with a hint", message)
	}
	for _, s := range want {
		if !strings.Contains(message, s) {
			t.Errorf("got %q, want %q in it", message, s)
		}
	}
}

// checkLeftovers looks for what a failed build must not leave.
func (p *process) checkLeftovers(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(p.out); err != nil {
		return
	}
	for name, contents := range files(t, p.out) {
		switch {
		case strings.HasSuffix(name, ".draft"):
			t.Errorf("left behind: %s", name)
		case name == "nix-cache-info":
			t.Errorf("the failed cache has its nix-cache-info")
		case strings.HasSuffix(name, ".narinfo"):
			checkArchive(t, p.out, contents)
		}
	}
}

// checkArchive makes sure that the archive of a narinfo is whole.
func checkArchive(t *testing.T, out, narinfo string) {
	t.Helper()
	field := func(name string) string {
		_, rest, _ := strings.Cut(narinfo, name+": ")
		value, _, _ := strings.Cut(rest, "\n")
		return value
	}
	archive, err := os.ReadFile(filepath.Join(out, field("URL")))
	if err != nil {
		t.Fatal(err)
	}
	d := cache.NewDigest()
	_, _ = d.Write(archive)
	if d.Sum().String() != field("FileHash") || fmt.Sprint(d.Size()) != field("FileSize") {
		t.Errorf("%s is not whole", field("URL"))
	}
}

// endless is the size of a NAR that no test waits for.
const endless = 1 << 42

// waitForDraft waits until the builder has written that many bytes of the
// archive of a path.
func (p *process) waitForDraft(t *testing.T, bytes int64) {
	t.Helper()
	waitUntil(t, "the builder begins", func() bool {
		found, _ := filepath.Glob(p.out + "/nar/*.draft")
		return slices.ContainsFunc(found, func(draft string) bool {
			info, err := os.Stat(draft)
			return err == nil && info.Size() >= bytes
		})
	})
}

// waitUntil tries again and again, for far longer than it may take.
func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 6000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain until %s", what)
}

// What the store may hold that the graph does not tell. Beside it is always a
// path that takes for ever: the builder has to stop working on it.
func TestStoreFaults(t *testing.T) {
	tests := []struct {
		name   string
		change func(path string) error
		want   string
	}{
		{"contents", func(path string) error { return os.WriteFile(path+"/file", []byte("other..."), 0o644) },
			": the store path has changed: its NAR has the hash sha256:"},
		{"size", func(path string) error { return os.Truncate(path+"/file", 3) },
			": the store path has changed: its NAR has the hash sha256:"},
		{"mode", func(path string) error { return os.Chmod(path+"/file", 0o755) },
			" bytes, Nix registered 288\n"},
		{"file added", func(path string) error { return os.WriteFile(path+"/more", nil, 0o644) },
			" bytes, Nix registered 288\n"},
		{"file removed", func(path string) error { return os.Remove(path + "/file") },
			" bytes, Nix registered 288\n"},
		{"missing", func(path string) error { return os.RemoveAll(path) },
			"no such file or directory"},
		{"fifo", func(path string) error { return unix.Mkfifo(path+"/fifo", 0o644) },
			"/fifo: a fifo cannot be archived"},
		{"fifo that speaks", func(path string) error { return unix.Mkfifo(path+"/a\n@nix {}\r\x1b[1m\u009b\u2028\xff", 0o644) },
			`/a\n@nix {}\r\x1b[1m\u009b\u2028` + "\uFFFD: a fifo cannot be archived\n"},
		{"socket", func(path string) error { return unix.Mknod(path+"/s", unix.S_IFSOCK|0o644, 0) },
			"/s: a socket cannot be archived"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := newFakeStore(t)
			path := store.next()
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path+"/file", []byte("contents"), 0o644); err != nil {
				t.Fatal(err)
			}
			store.register(t)
			store.addSparse(t, endless)
			if err := test.change(path); err != nil {
				t.Fatal(err)
			}
			store.command(t).fail(t, path, test.want)
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	store := newFakeStore(t)
	path := store.add(t, 1000)
	store.addSparse(t, endless)
	p := store.command(t)
	if os.Geteuid() == 0 { // who may read everything, so somebody else has to run it
		const nobody = 65534
		p.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		if err := os.Chown(filepath.Dir(p.out), nobody, nobody); err != nil {
			t.Fatal(err)
		}
		openTheWay(t, p.Path)
		openTheWay(t, p.out)
		openTheWay(t, path)
	}
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	p.fail(t, path, "permission denied")
}

// openTheWay lets everybody get to a file.
func openTheWay(t *testing.T, file string) {
	t.Helper()
	for dir := filepath.Dir(file); strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFileShrinks(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compression"] = "none" // so that the draft grows as the file is read
	path := store.addSparse(t, endless)
	p := store.command(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.waitForDraft(t, 1)
	if err := os.Truncate(path, 1000); err != nil {
		t.Fatal(err)
	}
	p.waitForFailure(t, path, "bytes early: it was cut short while being read")
	p.checkLeftovers(t)
}

// A file that grows is still archived as it was registered.
func TestFileGrows(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compression"] = "none"
	path := store.next()
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<30); err != nil {
		t.Fatal(err)
	}
	store.register(t)
	p := store.command(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.waitForDraft(t, 1)
	if err := os.Truncate(path, 1<<31); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("%v: %s", err, p.stderr.String())
	}
}

func TestSignals(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		for _, compression := range []string{"none", "zstd", "xz"} {
			t.Run(fmt.Sprint(signal, " ", compression), func(t *testing.T) {
				store := newFakeStore(t)
				store.settings["compression"] = compression
				store.addSparse(t, endless)
				store.add(t, 1<<26) // one that is not compressed by all cores
				p := store.command(t)
				if err := p.Start(); err != nil {
					t.Fatal(err)
				}
				p.waitForDraft(t, 0)
				if err := p.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				p.waitForFailure(t, "stopped by signal: "+signal.String())
				p.checkLeftovers(t)
			})
		}
	}
}

// A path whose archive is reused is read all the same where its files are listed:
// that stops, too.
func TestSignalWhileReusedPathIsListed(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1000)
	earlier, _ := store.mustBuild(t)
	path := store.addSparse(t, endless)
	n := store.graph[1]
	narinfo := glob(t, earlier+"/*.narinfo")
	must(t, os.Rename(narinfo, earlier+"/"+storeHash(n)+".narinfo"))
	narinfo = glob(t, earlier+"/*.narinfo")
	edit(t, narinfo, store.graph[0].Path, path)
	edit(t, narinfo, store.graph[0].NarHash, n.NarHash)
	edit(t, narinfo, fmt.Sprint("NarSize: ", store.graph[0].NarSize), fmt.Sprint("NarSize: ", n.NarSize))
	store.settings["reuse"] = []string{earlier}
	store.settings["writeNarListing"] = true

	p := store.command(t)
	p.Env = append(p.Env, "NIX_LOG_FD=2") // which tells when it lists
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.waitForDraft(t, 1)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.waitForFailure(t, "stopped by signal: terminated")
	p.checkLeftovers(t)
}

// A builder that waits for something else than its workers, here a key from a
// fifo that nobody writes to, stops at the second signal.
func TestSecondSignalKills(t *testing.T) {
	fifo := t.TempDir() + "/key"
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	store := newFakeStore(t)
	store.add(t, 1000)
	store.settings["secretKeyFile"] = fifo
	p := store.command(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	var writer *os.File
	waitUntil(t, "the builder reads the key", func() bool {
		var err error
		writer, err = os.OpenFile(fifo, os.O_WRONLY|unix.O_NONBLOCK, 0)
		return err == nil
	})
	defer writer.Close()
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	waitUntil(t, "signals end the builder", func() bool {
		_ = p.Process.Signal(syscall.SIGTERM)
		return len(ended) > 0
	})
	<-ended
	if status := p.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != syscall.SIGTERM {
		t.Errorf("%v: %s", p.ProcessState, p.stderr.String())
	}
}

func TestXZIsKilled(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compression"] = "xz"
	path := store.addSparse(t, endless)
	p := store.command(t)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	p.waitForDraft(t, 0)
	waitUntil(t, "there is an xz to kill", func() bool {
		return exec.Command("pkill", "-KILL", "-x", "-P", strconv.Itoa(p.Process.Pid), "xz").Run() == nil
	})
	p.waitForFailure(t, path, "xz: signal: killed")
	p.checkLeftovers(t)
}

func TestXZFails(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(bin+"/xz", []byte("#!/bin/sh\necho no more ideas >&2\nexit 3\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	store := newFakeStore(t)
	store.settings["compression"] = "xz"
	path := store.addSparse(t, endless)
	p := store.command(t)
	p.Env = append(p.Env, "PATH="+bin)
	p.fail(t, path, "xz: exit status 3: ", "no more ideas")
}

func TestXZIsMissing(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compression"] = "xz"
	store.add(t, 1000)
	p := store.command(t)
	p.Env = append(p.Env, "PATH="+t.TempDir())
	p.fail(t, `compression "xz" needs the xz tool`, "not found", "\nINF hint: it has to be among the nativeBuildInputs\n")
}

func TestOutputExists(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1000)
	p := store.command(t)
	if err := os.WriteFile(p.out, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p.Start()
	p.waitForFailure(t, p.out)

	p = store.command(t)
	if err := os.MkdirAll(p.out+"/nar", 0o755); err != nil {
		t.Fatal(err)
	}
	p.fail(t, p.out+"/nar: file exists")
}

// No space left, at every stage: a file system of so many files, and of so many
// pages, from none to enough.
func TestNoSpaceLeft(t *testing.T) {
	limits := map[string]func(n int) string{
		"files": func(n int) string { return fmt.Sprintf("nr_inodes=%d", n) },
		"pages": func(n int) string { return fmt.Sprintf("size=%dk,nr_inodes=100", 4*n) },
	}
	for kind, limit := range limits {
		t.Run(kind, func(t *testing.T) {
			n := 3
			for failsWithin(t, limit(n)) {
				n++
			}
			if n < 8 {
				t.Errorf("%s are enough", limit(n))
			}
		})
	}
}

// failsWithin tells whether a file system with that limit is too small for a
// cache.
func failsWithin(t *testing.T, limit string) bool {
	t.Helper()
	const script = `mount -t tmpfs -o "$LIMIT" tmpfs "${out%/*}" && cd "${out%/*}" && cp "$ATTRS" .attrs.json && "$@"; status=$?
		cp -r "$out" "$KEEP" 2>/dev/null; exit $status`
	store := newFakeStore(t)
	store.add(t, 20000)
	store.add(t, 30000)
	store.settings["compression"] = "none"
	p := store.command(t, "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh")
	attrs := t.TempDir() + "/attrs"
	if err := os.Link(filepath.Dir(p.out)+"/.attrs.json", attrs); err != nil {
		t.Fatal(err)
	}
	p.out = t.TempDir() + "/out" // where it is to be seen afterwards
	p.Env = append(p.Env, "LIMIT="+limit, "ATTRS="+attrs, "KEEP="+p.out)
	if p.Run() == nil {
		return false
	}
	if message := p.stderr.String(); !strings.Contains(message, "no space left on device") {
		t.Fatalf("%s: got %q", limit, message)
	}
	p.checkLeftovers(t)
	return true
}

// Write errors after so many bytes: a limit of the size of a file.
func TestWriteErrors(t *testing.T) {
	for _, compression := range []string{"none", "zstd", "xz"} {
		for _, kilobytes := range []int{0, 1, 10} {
			t.Run(fmt.Sprint(compression, " ", kilobytes), func(t *testing.T) {
				store := newFakeStore(t)
				store.settings["compression"] = compression
				store.addSparse(t, endless)
				p := store.command(t, "bash", "-c", `ulimit -f "$0" && exec "$@"`, strconv.Itoa(kilobytes))
				p.fail(t, store.graph[0].Path, "file too large")
			})
		}
	}
}

// No file descriptors left, at every stage: from as many as the Go runtime
// needs for itself, to enough.
func TestNoFileDescriptorsLeft(t *testing.T) {
	failures := 0
	for n := 10; n < 40; n++ {
		store := newFakeStore(t)
		path := store.next()
		if err := os.MkdirAll(path+"/a/b/c/d/e/f/g/h", 0o755); err != nil {
			t.Fatal(err)
		}
		store.register(t)
		p := store.command(t, "bash", "-c", `ulimit -n "$0" && exec "$@"`, strconv.Itoa(n))
		if p.Run() == nil {
			continue
		}
		failures++
		if status := p.ProcessState.ExitCode(); status != 1 || !strings.Contains(p.stderr.String(), "too many open files") {
			t.Errorf("%d descriptors: exit status %d, %q", n, status, p.stderr.String())
		}
		p.checkLeftovers(t)
	}
	if failures < 5 {
		t.Errorf("failed %d times only", failures)
	}
}
