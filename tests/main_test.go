package tests

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the testscripts")

// root is the directory of the project's checkout.
var root, _ = filepath.Abs("..")

var (
	builder     string   // file name of binary-cache-builder
	busybox     string   // directory with the machine's busybox as sh
	environment []string // variables of all Nix commands
)

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "mkBinaryCache")
	if err != nil {
		log.Fatal(err)
	}
	if err := prepare(dir); err != nil {
		log.Fatal(err)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

func prepare(dir string) (err error) {
	builder = filepath.Join(dir, "binary-cache-builder")
	build := exec.Command("go", "build", "-o", builder, "./builder/binary-cache-builder")
	build.Dir, build.Stderr = root, os.Stderr
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the builder: %w", err)
	}
	commands := filepath.Join(dir, "bin")
	if err := os.Mkdir(commands, 0o755); err != nil {
		return err
	}
	if err := copyBusybox(); err != nil {
		return err
	}
	hostPath := os.Getenv("PATH")
	if err := useSuite(os.Getenv("NIX_SUITE"), commands); err != nil {
		return err
	}
	environment, err = nixEnvironment()
	environment = append(environment,
		"HOST_PATH="+hostPath, // with the installed Nix
		"NO_NETWORK="+filepath.Join(commands, "no-network"),
		"OFFLINE="+filepath.Join(commands, "offline"),
		"SSH="+filepath.Join(commands, "ssh"))
	return err
}

// copyBusybox copies the machine's busybox out of /usr, because the Nix of another Debian
// suite sees the /usr of that suite.
func copyBusybox() error {
	found, err := exec.LookPath("busybox")
	if err != nil {
		return fmt.Errorf("busybox not found; run tests/setup: %w", err)
	}
	busybox = filepath.Join(filepath.Dir(builder), "busybox")
	if err := os.Mkdir(busybox, 0o755); err != nil {
		return err
	}
	return exec.Command("cp", "--dereference", found, filepath.Join(busybox, "sh")).Run()
}

// nixEnvironment returns the environment variables for the nixpkgs of the tests and for
// the settings of Nix that tests/setup writes. The derivation that fetches the Go modules
// reads the variables of the go command.
func nixEnvironment() ([]string, error) {
	nixpkgs, err := findNixpkgs()
	if err != nil {
		return nil, err
	}
	env := []string{
		"BUILDER=" + builder,
		"BUSYBOX=" + busybox,
		"ROOT=" + root,
		"NIXPKGS=" + realNixpkgs,
		"NIXPKGS_FLAKE=" + flakeOf(nixpkgs),
		"NIX_PATH=nixpkgs=" + nixpkgs + ":mkBinaryCache=" + root,
		"NIX_USER_CONF_FILES=" + filepath.Join(root, ".cache", "nix.conf"),
	}
	for _, name := range []string{"GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GONOSUMDB", "GOFLAGS"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return nil, err
		}
		env = append(env, name+"="+strings.TrimSpace(string(value)))
	}
	return env, nil
}

// runScripts runs the testscripts in dir with additional environment variables.
func runScripts(t *testing.T, dir string, variables ...string) {
	runScriptsAfter(t, dir, func(env *testscript.Env) error {
		env.Vars = append(env.Vars, variables...)
		return writeExamples(filepath.Join(env.WorkDir, "readme"))
	})
}

// runScriptsAfter runs the testscripts in dir, and calls setup before each.
func runScriptsAfter(t *testing.T, dir string, setup func(*testscript.Env) error) {
	testscript.Run(t, testscript.Params{
		Dir:           dir,
		UpdateScripts: *update,
		Condition:     holds,
		Cmds:          docCommands,
		Setup: func(env *testscript.Env) error {
			if err := skipScript(env, dir); err != nil {
				return err
			}
			home := filepath.Join(env.WorkDir, "home")
			env.Vars = append(env.Vars, environment...)
			env.Setenv("HOME", home)
			return errors.Join(os.Mkdir(home, 0o755), setup(env))
		},
	})
}

func TestScripts(t *testing.T) {
	runScripts(t, "testdata/script")
}

// TestOptions tests the arguments that nixpkgs' mkBinaryCache does not have, with the
// examples in docs/arguments.md.
func TestOptions(t *testing.T) {
	runScripts(t, "testdata/options", "EXAMPLE="+root+"/tests/testdata/example.nix")
}

// TestNixOS is a port of nixpkgs' NixOS test of mkBinaryCache.
func TestNixOS(t *testing.T) {
	for _, compression := range []string{"zstd", "xz", "none"} {
		t.Run(compression, func(t *testing.T) {
			runScripts(t, "testdata/nixos", "COMPRESSION="+compression)
		})
	}
}

// nix runs a Nix command and returns its trimmed stdout.
func nix(t *testing.T, args ...string) string {
	t.Helper()
	cmd := nixCommand(t, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// evaluate returns the value of an attribute of a Nix expression, given as a file and the
// options for its arguments.
func evaluate[T any](t *testing.T, attribute string, expression ...string) T {
	t.Helper()
	return evaluateBy[T](t, "", attribute, expression...)
}

// evaluateBy is like evaluate, but uses the Nix of a Debian suite.
func evaluateBy[T any](t *testing.T, suite, attribute string, expression ...string) (value T) {
	t.Helper()
	command := []string{"nix-instantiate", "--eval", "--json", "--strict", "--read-write-mode", "-A", attribute}
	if err := json.Unmarshal([]byte(nixOfSuite(t, suite, append(command, expression...)...)), &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// nixCommand returns a Nix command with the environment of all tests and a home directory
// of its own.
func nixCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Env = append(cmd.Env, "HOME="+t.TempDir())
	return cmd
}

// storeDir returns a directory for a Nix store. After the test, everything in the
// directory becomes writable, so that users other than root can remove it.
func storeDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(func() { run(t, "/", "chmod", "-R", "u+w", dir) })
	return dir
}
