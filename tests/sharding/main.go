// Command sharding tells when shards pay: it prints the tables of
// docs/sharding.md. It runs from the checkout:
//
//	go run ./tests/sharding
//	go run ./tests/sharding -measure
//
// The last one measures, here, each stage by itself and then all of them in a
// build with two shards on two stores, beside what the model makes of the former.
// It needs what tests/setup makes.
package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"log"
	"os"
	"os/signal"
)

// known are the rates that the tables are made of. compress and ratio are from
// tests/bench/results.md, W1 by CPU time; read is a guess; the rest is from
// -measure, rounded.
var known = map[string]rates{
	"zstd": {compress: 182, ratio: 0.31, send: 300, substitute: 300, join: 300, read: 1000},
	"xz":   {compress: 2.87, ratio: 0.22, send: 300, substitute: 300, join: 300, read: 1000},
}

func main() {
	log.SetFlags(0)
	measure := flag.Bool("measure", false, "measure on this machine, and print no tables")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if !*measure {
		printTables(os.Stdout, 8, 64)
		return
	}
	if err := measureAll(ctx, os.Stdout); err != nil {
		stop()
		log.Fatal("error: ", err)
	}
}

// measureAll measures some large packages with zstd, and some small ones with xz,
// which takes long. NB: what these leave to the join is too little to take time.
func measureAll(ctx context.Context, w io.Writer) error {
	large, err := measure(ctx, "zstd", "hello,curl,emacs-nox,htop")
	if err != nil {
		return err
	}
	printMeasured(w, "zstd", large)
	small, err := measure(ctx, "xz", "hello,curl")
	if err != nil {
		return err
	}
	small.rates.join = large.rates.join
	printMeasured(w, "xz", small)
	return nil
}

func measure(ctx context.Context, compression, roots string) (*measured, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "sharding")
	if err != nil {
		return nil, err
	}
	n := &nix{ctx: ctx, root: root, dir: dir, roots: roots, compression: compression}
	m, err := n.measure()
	return m, errors.Join(err, n.clean())
}
