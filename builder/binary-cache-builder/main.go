package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/rs/zerolog"
)

// version is the version of this program, set by the linker.
var version = "unknown"

const usage = `Writes a Nix binary cache for the closure graph in .attrs.json. Nix runs it as the
builder of mkBinaryCache; it takes no arguments.

  --help     print this text
  --version  print the version
`

func main() {
	flags := flag.NewFlagSet("binary-cache-builder", flag.ExitOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	showHelp := flags.Bool("help", false, "")
	showVersion := flags.Bool("version", false, "")
	_ = flags.Parse(os.Args[1:]) // exits on error
	switch {
	case *showHelp:
		fmt.Print(usage)
		return
	case *showVersion:
		fmt.Println(version)
		return
	case flags.NArg() > 0:
		fmt.Fprintf(os.Stderr, "unexpected argument %q\n%s", flags.Arg(0), usage)
		os.Exit(2)
	}
	log := newLogger(os.Stderr)
	if err := run(signalContext(), os.Getenv, log); err != nil {
		log.Error().Msg(err.Error())
		if hint := hintFor(err); hint != "" {
			log.Info().Msg("hint: " + hint)
		}
		os.Exit(1)
	}
}

// newLogger returns a logger for a build log: without colors and timestamps. Lines that
// workers log concurrently do not mix.
func newLogger(w io.Writer) zerolog.Logger {
	return zerolog.New(zerolog.ConsoleWriter{
		Out:           zerolog.SyncWriter(w),
		NoColor:       true,
		PartsExclude:  []string{zerolog.TimestampFieldName},
		FormatMessage: func(message any) string { return escapeUnprintable(fmt.Sprint(message)) },
	})
}

// escapeUnprintable escapes unprintable characters as a Go string does, such as \n. So a
// message with an unusual file name stays on one line: otherwise Nix could take a part of
// it for a message of its log protocol, or a terminal could take characters for a
// command.
func escapeUnprintable(message string) string {
	var escaped strings.Builder
	for _, r := range message {
		if strconv.IsPrint(r) {
			escaped.WriteRune(r)
		} else {
			escaped.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return escaped.String()
}

// signalContext returns a context that ends on SIGINT and SIGTERM. The cause of the
// context names the signal.
func signalContext() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(fmt.Errorf("stopped by signal: %s", <-signals))
		signal.Stop(signals) // the second signal kills the builder
	}()
	return ctx
}

// hintedError is an error with a hint: an imperative sentence for the user.
type hintedError struct {
	error
	hint string
}

func (h hintedError) Unwrap() error { return h.error }

const (
	repairHint     = `run "nix-store --verify --check-contents --repair" to restore modified store paths and to register missing hashes and sizes`
	compressorHint = "add the package of the program to nativeBuildInputs"
)

// withHint adds a hint to err if err wraps cause.
func withHint(err, cause error, hint string) error {
	if !errors.Is(err, cause) {
		return err
	}
	return hintedError{err, hint}
}

// withFileHint adds a hint to err if the builder cannot open file, a secret key or a
// previous cache. NB: since 2.20, Nix mounts a symlink as a symlink into the sandbox,
// where the symlink's target is not visible.
func withFileHint(err error, file string) error {
	_, statErr := os.Stat(file)
	target, linkErr := os.Readlink(file)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return hintedError{err, "make it readable for the users that run builds: chmod -R a+rX, or chgrp -R nixbld for a secret key"}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case statErr == nil:
		return hintedError{err, "name a directory with nix-cache-info, such as the output of mkBinaryCache"}
	case linkErr == nil:
		return hintedError{err, fmt.Sprintf(`%s is a symlink to %s: --option extra-sandbox-paths "%[1]s=$(realpath %[1]s)"`, file, target)}
	}
	return hintedError{err, "make the file visible in the sandbox: --option extra-sandbox-paths FILE"}
}

// withMemoryHint adds a hint to err if SIGKILL ended an external compressor.
func withMemoryHint(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		return err
	}
	return hintedError{err, "use fewer cores (--cores) or a lower compressionLevel: the compressor was killed, probably for lack of memory"}
}

// hintFor returns the hint of err, or "".
func hintFor(err error) string {
	var h hintedError
	_ = errors.As(err, &h)
	return h.hint
}
