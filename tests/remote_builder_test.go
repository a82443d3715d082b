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

// machine is a remote builder with a store of its own, which Nix reaches by its
// remote build protocol: on this machine, where bash runs what ssh would run on
// another.
type machine struct {
	dir  string
	hold *os.File // the fifo where shards wait
}

// daemon is what Nix runs on the machine. It shows the sandbox the fifo, and
// leaves its process id, so that it can be killed.
const daemon = `#!/bin/sh
cd "${0%/*}" || exit
if [ -e dead ]; then echo 'no route to host' >&2; exit 255; fi
echo $$ >pid
export NIX_CONFIG="extra-system-features = shard
extra-sandbox-paths = /machine=$PWD/sandbox"
exec nix-daemon "$@"
`

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{dir: storeDir(t)}
	if err := os.Mkdir(m.path("sandbox"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(m.path("sandbox/hold"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.path("daemon"), []byte(daemon), 0o755); err != nil {
		t.Fatal(err)
	}
	// NB: who reads and writes a fifo opens it at once. And when it is closed, in
	// the end, whoever still waits there gives up.
	hold, err := os.OpenFile(m.path("sandbox/hold"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	m.hold = hold
	t.Cleanup(func() { hold.Close() })
	return m
}

func (m *machine) path(name string) string { return filepath.Join(m.dir, name) }

// line is the machine's in the setting `builders`: it builds one shard at a time.
func (m *machine) line() string {
	return fmt.Sprintf("%s - - 1 1 shard", m.uri())
}

func (m *machine) uri() string {
	return fmt.Sprintf("ssh-ng://localhost?remote-program=%s&remote-store=%s", m.path("daemon"), m.path("store"))
}

// release lets shards pass, the one that waits and all that come.
func (m *machine) release(t *testing.T) {
	t.Helper()
	if err := os.Remove(m.hold.Name()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.hold.WriteString("go on\n"); err != nil {
		t.Fatal(err)
	}
}

// die ends the machine in the middle of what it does, for good.
func (m *machine) die(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(m.path("dead"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(m.path("pid"))
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
