package main

import (
	"os"
	"strings"
	"testing"
)

// Where it is known what to do about an error, a line of its own says it.
func TestHints(t *testing.T) {
	tests := map[string]struct {
		spoil func(store *fakeStore)
		hint  string
	}{
		"changed store path": {
			func(store *fakeStore) { os.WriteFile(store.graph[0].Path, []byte("other"), 0o644) },
			"\nINF hint: nix-store --verify --check-contents --repair ",
		},
		"store path without a hash": {
			func(store *fakeStore) { store.graph[0].NarHash = "sha256:" + strings.Repeat("0", 52) },
			"-path: the hash of its NAR is not registered with Nix\nINF hint: nix-store --verify --check-contents --repair ",
		},
		"store path without a size": {
			func(store *fakeStore) { store.graph[0].NarSize = 0 },
			"-path: the size of its NAR is not registered with Nix\nINF hint: nix-store --verify --check-contents --repair ",
		},
		"key that cannot be seen": {
			func(store *fakeStore) { store.settings["secretKeyFile"] = "/not/there" },
			"\nINF hint: a build sees files outside of the store only with --option extra-sandbox-paths ",
		},
		"cache that cannot be seen": {
			func(store *fakeStore) { store.settings["reuse"] = []string{"/not/there"} },
			"\nINF hint: a build sees files outside of the store only with --option extra-sandbox-paths ",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			store := newFakeStore(t)
			store.add(t, 1000)
			test.spoil(store)
			store.command(t).fail(t, "ERR ", test.hint)
		})
	}
}
