package main

import (
	"cmp"
	"errors"
	"io"
	"os"
	"path"
	"runtime"
	"strconv"

	"mkbinarycache/builder/attrs"
)

// environment is the input that Nix gives to a builder: environment variables and
// .attrs.json.
type environment struct {
	storeDir string
	out      string // the output path
	cores    int    // requested
	attrs    *attrs.Attrs
	nixLog   io.Writer // for messages to Nix
	warnings []error
}

func readEnvironment(getenv func(string) string) (*environment, error) {
	storeDir := getenv("NIX_STORE")
	if storeDir == "" {
		return nil, errors.New("NIX_STORE is not set; binary-cache-builder must be run by Nix as a derivation's builder")
	}
	attrs, err := readAttrs(getenv, storeDir)
	if err != nil {
		return nil, err
	}
	out := cmp.Or(getenv("out"), attrs.Out)
	if out == "" {
		return nil, errors.New("the derivation has no output \"out\"")
	}
	return &environment{storeDir, out, coreCount(getenv("NIX_BUILD_CORES")), attrs, nixLog(getenv), nil}, nil
}

func readAttrs(getenv func(string) string, storeDir string) (*attrs.Attrs, error) {
	const name = ".attrs.json"
	file, err := attrs.FindFile(getenv("NIX_ATTRS_JSON_FILE"), path.Join(getenv("NIX_BUILD_TOP"), name), name)
	if err != nil {
		return nil, err
	}
	read, err := attrs.ReadFile(file, storeDir)
	return read, withHint(err, attrs.ErrUnregistered, repairHint)
}

// coreCount returns the number of cores that NIX_BUILD_CORES requests. The value 0, which
// Nix may set, means all cores. More workers than cores help only while some wait for the
// disk, and each needs memory, so the result is capped at four times the cores of the
// machine.
func coreCount(value string) int {
	available := runtime.GOMAXPROCS(0)
	n, err := strconv.Atoi(value)
	if err != nil || n <= 0 {
		return available
	}
	return min(n, 4*available)
}

// nixLog returns the writer for messages to Nix, such as progress. If Nix does not run
// the builder, the writer discards the messages.
func nixLog(getenv func(string) string) io.Writer {
	if getenv("NIX_LOG_FD") != "2" {
		return io.Discard
	}
	return os.Stderr
}
