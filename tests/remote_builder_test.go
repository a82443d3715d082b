package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// remoteBuilder is a remote builder with a store of its own. Nix connects to a
// remoteBuilder by Nix's remote build protocol, but runs the remote builder's daemon on
// this machine, without ssh.
type remoteBuilder struct {
	dir  string
	gate *os.File // fifo on which shards wait
}

// daemon is the program that Nix runs on the remote builder. It makes the fifo "gate"
// visible in the sandbox, and writes its process ID to a file, so that the method die can
// kill it.
const daemon = `#!/bin/sh
cd "${0%/*}" || exit
if [ -e dead ]; then echo 'no route to host' >&2; exit 255; fi
echo $$ >pid
export NIX_CONFIG="extra-system-features = shard
extra-sandbox-paths = /machine=$PWD/sandbox"
exec nix-daemon "$@"
`

func newRemoteBuilder(t *testing.T) *remoteBuilder {
	t.Helper()
	b := &remoteBuilder{dir: storeDir(t)}
	if err := os.Mkdir(b.path("sandbox"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(b.path("sandbox/gate"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.path("daemon"), []byte(daemon), 0o755); err != nil {
		t.Fatal(err)
	}
	// NB: opening a fifo for reading and writing does not block. Closing the fifo at the
	// end of the test stops shards that still wait on it.
	gate, err := os.OpenFile(b.path("sandbox/gate"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	b.gate = gate
	t.Cleanup(func() { gate.Close() })
	return b
}

func (b *remoteBuilder) path(name string) string { return filepath.Join(b.dir, name) }

// line returns the line of this remote builder in Nix's setting `builders`: the remote
// builder builds one shard at a time.
func (b *remoteBuilder) line() string {
	return fmt.Sprintf("%s - - 1 1 shard", b.uri())
}

func (b *remoteBuilder) uri() string {
	return fmt.Sprintf("ssh-ng://localhost?remote-program=%s&remote-store=%s", b.path("daemon"), b.path("store"))
}

// release unblocks the shard that the remote builder is building, and all later shards.
func (b *remoteBuilder) release(t *testing.T) {
	t.Helper()
	if err := os.Remove(b.gate.Name()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.gate.WriteString("continue\n"); err != nil {
		t.Fatal(err)
	}
}

// die kills the daemon of the remote builder during a build; Nix cannot start it again.
func (b *remoteBuilder) die(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(b.path("dead"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(b.path("pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}
