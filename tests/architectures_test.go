package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// emulators are the programs of qemu-user by GOARCH. This machine runs 386 itself.
var emulators = map[string]string{"arm": "qemu-arm", "arm64": "qemu-aarch64", "riscv64": "qemu-riscv64", "s390x": "qemu-s390x"}

// TestArchitectures packs a closure with the builder for each GOARCH in ARCHITECTURES, to
// the same bytes as the native builder.
//
// NB: xz only without an emulator, because QEMU 7.2, that of Debian 12, often hangs when a
// Go program starts another one: golang/go#69259.
func TestArchitectures(t *testing.T) {
	architectures := strings.Fields(os.Getenv("ARCHITECTURES"))
	if len(architectures) == 0 {
		t.Skip("ARCHITECTURES is not set; make test-architectures sets it")
	}
	caches := map[string]string{} // of the native builder
	for _, compression := range []string{"none", "xz", "zstd"} {
		caches[compression] = pack(t, compression, builder)
	}
	for _, architecture := range architectures {
		t.Run(architecture, func(t *testing.T) {
			command := []string{filepath.Join(t.TempDir(), "builder")}
			run(t, root, "env", "CGO_ENABLED=0", "GOARCH="+architecture, "go", "build", "-o", command[0], "./builder/binary-cache-builder")
			if emulator := emulators[architecture]; emulator != "" {
				command = []string{emulator, command[0]}
			}
			for compression, want := range caches {
				if compression != "xz" || len(command) == 1 {
					run(t, "/", "diff", "-r", want, pack(t, compression, command...))
				}
			}
		})
	}
}

// pack returns a cache that a builder makes outside of Nix.
func pack(t *testing.T, compression string, builder ...string) string {
	t.Helper()
	attrs := nix(t, "nix-build", "--no-out-link", "testdata/architectures/attrs.nix", "-A", compression)
	out := filepath.Join(t.TempDir(), "out")
	cmd := exec.Command(builder[0], builder[1:]...)
	cmd.Env = append(os.Environ(), "NIX_STORE=/nix/store", "NIX_BUILD_CORES=2", "NIX_ATTRS_JSON_FILE="+attrs, "out="+out)
	if log, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", builder, err, log)
	}
	return out
}
