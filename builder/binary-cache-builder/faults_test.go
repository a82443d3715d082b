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

var oneError = regexp.MustCompile(`^ERR .+\n(INF hint: .+\n)?$`)

// mustFail waits for the builder and checks that it exits with status 1, prints one error
// (maybe with a hint) that contains each string of want, and leaves no temporary or
// partially written files.
func (p *process) mustFail(t *testing.T, want ...string) {
	t.Helper()
	// The timer kills only a builder that hangs.
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
	p.checkLeftovers(t)
}

const tempSuffix = ".tmp"

func (p *process) checkLeftovers(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(p.out); err != nil {
		return
	}
	for name, contents := range files(t, p.out) {
		switch {
		case strings.HasSuffix(name, tempSuffix):
			t.Errorf("left behind: %s", name)
		case name == "nix-cache-info":
			t.Errorf("the failed cache has its nix-cache-info")
		case strings.HasSuffix(name, ".narinfo"):
			checkNarFile(t, p.out, contents)
		}
	}
}

// checkNarFile checks that the NAR file of a narinfo is complete.
func checkNarFile(t *testing.T, out, narinfo string) {
	t.Helper()
	field := func(name string) string {
		_, rest, _ := strings.Cut(narinfo, name+": ")
		value, _, _ := strings.Cut(rest, "\n")
		return value
	}
	contents, err := os.ReadFile(filepath.Join(out, field("URL")))
	must(t, err)
	d := cache.NewDigest()
	_, _ = d.Write(contents)
	if d.Sum().String() != field("FileHash") || fmt.Sprint(d.Size()) != field("FileSize") {
		t.Errorf("%s is not complete", field("URL"))
	}
}

// waitForTempFile waits until a temporary NAR file has at least the given number of
// bytes.
func (p *process) waitForTempFile(t *testing.T, bytes int64) {
	t.Helper()
	waitUntil(t, "the builder begins", func() bool {
		found, _ := filepath.Glob(p.out + "/nar/*" + tempSuffix)
		return slices.ContainsFunc(found, func(file string) bool {
			info, err := os.Stat(file)
			return err == nil && info.Size() >= bytes
		})
	})
}

// waitUntil waits until done returns true, for at most a minute.
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

// Each fault makes the build fail with the right error. The fault is in the first store
// path, a directory with the file "file", or in an attribute. The second store path is
// too large to be packed during the test: the builder must stop packing it.
func TestFaults(t *testing.T) {
	const (
		modified = ": store path was modified: NAR hash mismatch: registered sha256:"
		size     = ": store path was modified: NAR size mismatch: registered 288, got "
		repair   = "\nINF hint: run \"nix-store --verify --check-contents --repair\" to "
		sandbox  = "\nINF hint: make the file visible in the sandbox: --option extra-sandbox-paths FILE\n"
		memory   = "\nINF hint: use fewer cores (--cores) or a lower compressionLevel: "
	)
	type inject = func(t *testing.T, s *fakeStore, path string)
	xz := func(script string) inject {
		return func(t *testing.T, s *fakeStore, _ string) {
			s.settings["compression"], s.env["PATH"] = "xz", t.TempDir()
			if script != "" {
				shell, err := exec.LookPath("sh") // a sandbox need not have /bin/sh
				must(t, err)
				must(t, os.WriteFile(s.env["PATH"]+"/xz", []byte("#!"+shell+"\n"+script), 0o755))
			}
		}
	}
	set := func(name string, value any) inject {
		return func(_ *testing.T, s *fakeStore, _ string) { s.settings[name] = value }
	}
	tests := []struct {
		name   string
		inject inject
		want   []string
	}{
		{"contents", func(t *testing.T, _ *fakeStore, path string) {
			must(t, os.WriteFile(path+"/file", []byte("other..."), 0o644))
		}, []string{"0-path" + modified, repair}},
		{"length", func(t *testing.T, _ *fakeStore, path string) { must(t, os.Truncate(path+"/file", 3)) },
			[]string{"0-path" + modified, repair}},
		{"mode", func(t *testing.T, _ *fakeStore, path string) { must(t, os.Chmod(path+"/file", 0o755)) },
			[]string{"0-path: ", size, repair}},
		{"file added", func(t *testing.T, _ *fakeStore, path string) { must(t, os.WriteFile(path+"/more", nil, 0o644)) },
			[]string{"0-path: ", size, repair}},
		{"file removed", func(t *testing.T, _ *fakeStore, path string) { must(t, os.Remove(path+"/file")) },
			[]string{"0-path: ", size, repair}},
		{"missing", func(t *testing.T, _ *fakeStore, path string) { must(t, os.RemoveAll(path)) },
			[]string{"0-path: ", "no such file or directory"}},
		{"fifo", func(t *testing.T, _ *fakeStore, path string) { must(t, unix.Mkfifo(path+"/fifo", 0o644)) },
			[]string{"0-path/fifo: unsupported file type: fifo"}},
		{"name with control characters", func(t *testing.T, _ *fakeStore, path string) {
			must(t, unix.Mkfifo(path+"/a\n@nix {}\r\x1b[1m\u009b\u2028\xff", 0o644))
		}, []string{`0-path/a\n@nix {}\r\x1b[1m\u009b\u2028` + "\uFFFD: unsupported file type: fifo\n"}},
		{"socket", func(t *testing.T, _ *fakeStore, path string) { must(t, unix.Mknod(path+"/s", unix.S_IFSOCK|0o644, 0)) },
			[]string{"0-path/s: unsupported file type: socket"}},
		{"no hash", func(_ *testing.T, s *fakeStore, _ string) {
			s.graph[0].NarHash = "sha256:" + strings.Repeat("0", 52)
		}, []string{"0-path: NAR hash not registered in the Nix database" + repair}},
		{"no size", func(_ *testing.T, s *fakeStore, _ string) { s.graph[0].NarSize = 0 },
			[]string{"0-path: NAR size not registered in the Nix database" + repair}},
		{"key not visible", set("secretKeyFile", "/not/there"), []string{sandbox}},
		{"previous cache not visible", set("reuse", []string{"/not/there"}), []string{`reuse: cannot open binary cache "/not/there": open `, sandbox}},
		{"previous cache without nix-cache-info", func(t *testing.T, s *fakeStore, _ string) { s.settings["reuse"] = []string{t.TempDir()} },
			[]string{"reuse: cannot open binary cache ", "/nix-cache-info: no such file", "\nINF hint: name a directory with nix-cache-info"}},
		{"previous cache is a symlink to a directory that is not visible", func(t *testing.T, s *fakeStore, _ string) {
			link := t.TempDir() + "/latest"
			must(t, os.Symlink("/not/there", link))
			s.settings["reuse"] = []string{link}
		}, []string{"reuse: cannot open ", "/latest is a symlink to /not/there: --option extra-sandbox-paths \"/", "/latest=$(realpath /"}},
		{"previous cache of another store", func(t *testing.T, s *fakeStore, _ string) {
			dir := t.TempDir()
			must(t, os.WriteFile(dir+"/nix-cache-info", []byte("StoreDir: /gnu/store\n"), 0o644))
			s.settings["reuse"] = []string{dir}
		}, []string{"reuse: ", "is not a binary cache for store directory "}},
		{"manifest without roots", set("manifest", true), []string{`ERR manifest = true requires the attribute "roots"`}},
		{"xz missing", xz(""), []string{`compression "xz": xz program not found`, "\nINF hint: add the package of the program to nativeBuildInputs\n"}},
		{"xz fails", xz("echo no more ideas >&2; exit 3"), []string{"-path: ", "xz: exit status 3: ", "no more ideas"}},
		{"xz killed", xz("kill -KILL $$"), []string{"-path: ", "xz: signal: killed", memory}},
		{"output is a file", func(t *testing.T, s *fakeStore, _ string) {
			s.env["out"] = t.TempDir() + "/out"
			must(t, os.WriteFile(s.env["out"], nil, 0o644))
		}, []string{"/out"}},
		{"output exists", func(t *testing.T, s *fakeStore, _ string) {
			s.env["out"] = t.TempDir() + "/out"
			must(t, os.MkdirAll(s.env["out"]+"/nar", 0o755))
		}, []string{"/out/nar: file exists"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := newFakeStore(t)
			path := store.addTree(t, "file", "contents")
			store.addHuge(t)
			test.inject(t, store, path)
			store.start(t).mustFail(t, test.want...)
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	store := newFakeStore(t)
	path := store.add(t, 1000)
	store.addHuge(t)
	p := store.command(t)
	if os.Geteuid() == 0 { // root can read every file, so the user nobody runs the builder
		const nobody = 65534
		p.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		must(t, os.Chown(filepath.Dir(p.out), nobody, nobody))
		for _, file := range []string{p.Path, p.out, path} {
			makeReachable(t, file)
		}
	}
	must(t, os.Chmod(path, 0))
	must(t, p.Start())
	p.mustFail(t, path, "permission denied")
}

// makeReachable makes the directories of a temporary file accessible to all users, with
// $TMPDIR, which nix develop creates for one user.
func makeReachable(t *testing.T, file string) {
	t.Helper()
	for dir := filepath.Dir(file); strings.HasPrefix(dir+"/", os.TempDir()+"/"); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		must(t, err)
		must(t, os.Chmod(dir, info.Mode()|0o055))
	}
}

func TestFileShrinks(t *testing.T) {
	store := newFakeStore(t)
	store.settings["compression"] = "none" // the temporary NAR file grows as the file is read
	path := store.addHuge(t)
	p := store.start(t)
	p.waitForTempFile(t, 1)
	must(t, os.Truncate(path, 1000))
	p.mustFail(t, path, "file shrank while being read (")
}

// If a file grows while it is read, the NAR has only its registered bytes, and the build
// succeeds.
func TestFileGrows(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	store := newFakeStore(t)
	store.settings["compression"] = "none"
	path := store.addZeros(t, 1<<30)
	p := store.start(t)
	p.waitForTempFile(t, 1)
	must(t, os.Truncate(path, 1<<31))
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
				store.addHuge(t)
				store.add(t, 1<<26) // compressed by one worker
				p := store.start(t)
				p.waitForTempFile(t, 0)
				must(t, p.Process.Signal(signal))
				p.mustFail(t, "stopped by signal: "+signal.String())
			})
		}
	}
}

// With writeNarListing, the builder also reads a path whose NAR file is reused. A signal
// also stops a builder that reads a store path only to list it.
func TestSignalWhileReusedPathIsListed(t *testing.T) {
	store := newFakeStore(t)
	store.add(t, 1000)
	previous, _ := store.mustBuild(t)
	store.addHuge(t)
	small, huge := store.graph[0], store.graph[1]
	narinfo := previous + "/" + huge.hash() + ".narinfo"
	must(t, os.Rename(previous+"/"+small.hash()+".narinfo", narinfo))
	edit(t, narinfo, small.Path, huge.Path)
	edit(t, narinfo, small.NarHash, huge.NarHash)
	edit(t, narinfo, fmt.Sprint("NarSize: ", small.NarSize), fmt.Sprint("NarSize: ", huge.NarSize))
	store.settings["reuse"] = []string{previous}
	store.settings["writeNarListing"] = true
	p := store.start(t)
	p.waitForTempFile(t, 1)
	must(t, p.Process.Signal(syscall.SIGTERM))
	p.mustFail(t, "stopped by signal: terminated")
}

// A builder that is blocked before its workers start, here by reading the secret key from
// a fifo without a writer, stops at the second signal.
func TestSecondSignalKills(t *testing.T) {
	fifo := t.TempDir() + "/key"
	must(t, unix.Mkfifo(fifo, 0o600))
	store := newFakeStore(t)
	store.add(t, 1000)
	store.settings["secretKeyFile"] = fifo
	p := store.start(t)
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

// If a file system is full, at any stage, the build fails with "no space left on device".
// The test limits the number of files or of pages of the file system, and raises the
// limit until a build succeeds.
func TestNoSpaceLeft(t *testing.T) {
	if testing.Short() {
		t.Skip("a build machine may not allow user namespaces")
	}
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
				t.Errorf("%s suffices", limit(n))
			}
		})
	}
}

// failsWithin builds a cache in a tmpfs with the mount options limit, and reports whether
// the build fails for lack of space.
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
	must(t, os.Link(filepath.Dir(p.out)+"/.attrs.json", attrs))
	p.out = t.TempDir() + "/out" // outside of the limited file system
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

// Write errors make the build fail. A limit on the size of files causes the errors after
// 0, 1 or 10 KiB.
func TestWriteErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	for _, compression := range []string{"none", "zstd", "xz"} {
		for _, kilobytes := range []int{0, 1, 10} {
			t.Run(fmt.Sprint(compression, " ", kilobytes), func(t *testing.T) {
				store := newFakeStore(t)
				store.settings["compression"] = compression
				path := store.addHuge(t)
				p := store.start(t, "bash", "-c", `ulimit -f "$0" && exec "$@"`, strconv.Itoa(kilobytes))
				p.mustFail(t, path, "file too large")
			})
		}
	}
}

// If no file descriptors are left, at any stage, the build fails with "too many open
// files". The limit of open files rises from 10, which the Go runtime needs, to 39, with
// which a build succeeds.
func TestNoFileDescriptorsLeft(t *testing.T) {
	failures := 0
	for n := 10; n < 40; n++ {
		store := newFakeStore(t)
		store.addTree(t, "a/b/c/d/e/f/g/h/file", "")
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
