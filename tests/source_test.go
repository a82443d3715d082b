package tests

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// run runs a command in a directory and returns its stdout.
func run(t *testing.T, dir string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// allowedImports has the packages of this module that each package may import. Package
// main may import all.
var allowedImports = map[string][]string{
	"attrs":     {"closure", "storepath"},
	"cache":     {"closure", "storepath"},
	"closure":   {"storepath"},
	"drv":       {"storepath"},
	"indexpage": {"size", "storepath"},
	"manifest":  {"closure", "storepath"},
	"pack":      {"cache", "closure", "codec", "nar", "storepath"},
}

func TestImportRules(t *testing.T) {
	const module = "mkbinarycache/builder/"
	lines := run(t, root, "go", "list", "-f", "{{.ImportPath}} {{.Name}} {{join .Imports \" \"}}", "./builder/...")
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		for _, imported := range fields[2:] {
			name, isOurs := strings.CutPrefix(imported, module)
			if fields[1] != "main" && isOurs && !slices.Contains(allowedImports[strings.TrimPrefix(fields[0], module)], name) {
				t.Errorf("%s imports %s", fields[0], imported)
			}
		}
	}
}

// sources returns the store path of the builder's source.
func sources(t *testing.T) string {
	t.Helper()
	const src = "toString (import <mkBinaryCache> { }).binary-cache-builder.src"
	return strings.Trim(nix(t, "nix-instantiate", "--eval", "--read-write-mode", "-E", src), `"`)
}

// The vendorHash in nix/builder.nix matches the modules in go.mod. With -update, the test
// writes the vendorHash.
func TestVendorHash(t *testing.T) {
	file := filepath.Join(root, "nix", "builder.nix")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	stated := regexp.MustCompile(`vendorHash = ".*"`).Find(text)
	want := fmt.Appendf(nil, "vendorHash = %q", vendorHash(t))
	switch {
	case bytes.Equal(stated, want):
	case *update:
		if err := os.WriteFile(file, bytes.Replace(text, stated, want, 1), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("nix/builder.nix: got %s, want %s; run make vendor-hash", stated, want)
	}
}

// vendorHash returns the hash of the modules in go.mod that buildGoModule requires.
func vendorHash(t *testing.T) string {
	t.Helper()
	work := filepath.Join(t.TempDir(), "src")
	run(t, "/", "cp", "-r", sources(t), work)
	run(t, "/", "chmod", "-R", "u+w", work)
	run(t, work, "go", "mod", "vendor")
	return nix(t, "nix", "hash", "path", filepath.Join(work, "vendor"))
}

// The source in the builder's derivation has no end-to-end tests and no documentation: an
// edit of these would rebuild all caches.
func TestSources(t *testing.T) {
	if got := run(t, sources(t), "ls"); got != "builder\ngo.mod\ngo.sum" {
		t.Errorf("the source of the builder has %q", got)
	}
	run(t, sources(t), "go", "vet", "./builder/...") // no file is missing, embedded files and tests included
}

// The package reads no file outside of its directory, so that it can be moved to nixpkgs.
func TestPackageAlone(t *testing.T) {
	alone := filepath.Join(t.TempDir(), "package.nix")
	run(t, "/", "cp", filepath.Join(root, "nix", "builder.nix"), alone)
	const build = "(import <nixpkgs> { }).callPackage %s { source = (import <mkBinaryCache> { }).binary-cache-builder.src; }"
	got := nix(t, "nix-build", "--no-out-link", "-E", fmt.Sprintf(build, alone))
	if want := nix(t, "nix-build", root, "-A", "binary-cache-builder", "--no-out-link"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The package requires the Go version of go.mod, which it cannot read.
func TestRequiredGo(t *testing.T) {
	find := func(file, pattern string) string {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		match := regexp.MustCompile(pattern).FindSubmatch(text)
		if match == nil {
			t.Fatalf("%s: no match for %q", file, pattern)
		}
		return string(match[1])
	}
	want := find("go.mod", `(?m)^go (.*)$`)
	if got := find("nix/builder.nix", `requiredGo = "(.*)";`); got != want {
		t.Errorf("nix/builder.nix requires Go %s, go.mod %s", got, want)
	}
}

// The builder has the newest version in the changelog, and README pins it.
func TestVersion(t *testing.T) {
	const version = "(import <mkBinaryCache> { }).binary-cache-builder.version"
	want := strings.Trim(nix(t, "nix-instantiate", "--eval", "-E", version), `"`)
	for name, pattern := range map[string]string{
		"CHANGELOG.md": `\n## ([0-9.]+) \(\d{4}-\d{2}-\d{2}\)\n`,
		"README.md":    `/archive/v([0-9.]+)\.tar\.gz"`,
	} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(pattern).FindSubmatch(text); found == nil || string(found[1]) != want {
			t.Errorf("%s: got %q, want version %s", name, found, want)
		}
	}
}

// The builder compiles for each system in its meta.platforms.
func TestPlatforms(t *testing.T) {
	const platforms = "(import <mkBinaryCache> { }).binary-cache-builder.meta.platforms"
	var systems []string
	if err := json.Unmarshal([]byte(nix(t, "nix-instantiate", "--eval", "--json", "--strict", "-E", platforms)), &systems); err != nil {
		t.Fatal(err)
	}
	for _, system := range systems {
		arch, os, _ := strings.Cut(system, "-")
		goarch := map[string]string{"x86_64": "amd64", "aarch64": "arm64"}[arch]
		run(t, root, "env", "CGO_ENABLED=0", "GOOS="+os, "GOARCH="+goarch, "go", "build", "./builder/...")
	}
}

// The builder's binary is static, whether the go command or Nix builds it.
func TestStatic(t *testing.T) {
	fromNix := nix(t, "nix-build", root, "-A", "binary-cache-builder", "--no-out-link")
	for _, binary := range []string{builder, fromNix + "/bin/binary-cache-builder"} {
		file, err := elf.Open(binary)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for _, program := range file.Progs {
			if program.Type == elf.PT_INTERP || program.Type == elf.PT_DYNAMIC {
				t.Errorf("%s is linked dynamically: it has %s", binary, program.Type)
			}
		}
	}
}

// The go command builds the same binary of the builder, bit for bit, in any directory.
func TestReproducible(t *testing.T) {
	var built [2][]byte
	for i, name := range []string{"one", "another/and/deeper"} {
		src := filepath.Join(t.TempDir(), name)
		if err := os.MkdirAll(filepath.Dir(src), 0o755); err != nil {
			t.Fatal(err)
		}
		run(t, "/", "cp", "-r", sources(t), src)
		run(t, "/", "chmod", "-R", "u+w", src)
		run(t, src, "env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-ldflags=-s -w -buildid=", "-o", "../binary", "./builder/binary-cache-builder")
		var err error
		if built[i], err = os.ReadFile(filepath.Join(src, "../binary")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(built[0], built[1]) {
		t.Error("the two binaries differ")
	}
}
