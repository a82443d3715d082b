package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"unicode/utf8"

	"github.com/rs/zerolog"
)

// version is set by the linker.
var version = "unversioned"

const usage = `binary-cache-builder writes a Nix binary cache of a derivation's closure.

It takes no arguments: it is the builder of the derivation that mkBinaryCache
makes, and reads what it needs from that derivation's .attrs.json.

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
	if err := run(untilSignal(), os.Getenv, log); err != nil {
		log.Error().Msg(err.Error())
		if hint := hintOf(err); hint != "" {
			log.Info().Msg("hint: " + hint)
		}
		os.Exit(1)
	}
}

// newLogger writes lines for a build log: no colours, and no time of day. Any
// number of workers may use it at once, also where w can take one at a time only.
func newLogger(w io.Writer) zerolog.Logger {
	return zerolog.New(zerolog.ConsoleWriter{
		Out:           zerolog.SyncWriter(w),
		NoColor:       true,
		PartsExclude:  []string{zerolog.TimestampFieldName},
		FormatMessage: func(message any) string { return escape(fmt.Sprint(message)) },
	})
}

// escape writes what is not to be seen as Go does in a string, such as \n. So a
// message stays in its line, whatever files of the store are named: a line of its
// own could be one that Nix takes for the log protocol's, or a terminal for a
// command.
func escape(message string) string {
	var escaped []byte
	for _, r := range message {
		if strconv.IsPrint(r) {
			escaped = utf8.AppendRune(escaped, r)
		} else {
			quoted := strconv.QuoteRune(r)
			escaped = append(escaped, quoted[1:len(quoted)-1]...)
		}
	}
	return string(escaped)
}

// untilSignal returns a context that ends, with a cause that names the signal,
// when the process is told to stop.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		cancel(fmt.Errorf("stopped by signal: %s", <-signals))
		signal.Stop(signals) // the next one kills
	}()
	return ctx
}
