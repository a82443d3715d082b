// Command bench measures what it takes to make a binary cache: with this
// project's builder, with nix copy, and the way nixpkgs' script does it. It runs
// from the checkout, by make bench:
//
//	go run ./tests/bench -workloads W1,W3 -contenders ours,newest
//
// The contenders take turns, so that whatever else the machine does meets them
// all. Each run is a process that starts with an empty output directory and a
// warm page cache; what is measured is the whole of it, with its children. Each
// cache is checked for being complete.
//
// A full run writes results.md and chart.svg beside this file. Any other prints
// its results.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
)

// options are the command line.
type options struct {
	runs       int
	workloads  string
	contenders string
	dir        string
	quick      bool
	alone      string
	clock      string
}

func main() {
	log.SetFlags(log.Ltime)
	var o options
	flag.IntVar(&o.runs, "runs", 5, "`number` of runs of each contender, less where they take long")
	flag.StringVar(&o.workloads, "workloads", "", "`names` such as W1,W2; empty for all")
	flag.StringVar(&o.contenders, "contenders", "", "`names` such as ours,newest; empty for all")
	flag.StringVar(&o.dir, "dir", "/dev/shm", "`directory` to write the caches to; in memory, no disk is measured")
	flag.BoolVar(&o.quick, "quick", false, "one run of each, without W4 and xz")
	flag.StringVar(&o.alone, "alone", "", "used by bench itself: only compress what the .attrs.json `file` names")
	flag.StringVar(&o.clock, "clock", "", "used by bench itself: run a command, and write to `file` what it took")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.run(ctx); err != nil {
		stop()
		log.Fatal("error: ", err)
	}
}

func (o options) run(ctx context.Context) error {
	switch {
	case o.alone != "":
		return compressAlone(ctx, o.alone)
	case o.clock != "":
		return clock(o.clock, flag.Args())
	case o.quick:
		o.runs = 1
	}
	workloads, contenders, err := o.selected()
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o.dir)
	if err != nil {
		return err
	}
	defer b.close()
	machine, err := b.describe(ctx)
	if err != nil {
		return err
	}
	outcomes, err := b.compete(ctx, workloads, contenders, o.runs)
	if err != nil {
		return err
	}
	r := &results{machine, contenders, outcomes}
	if o.workloads+o.contenders != "" || o.quick {
		fmt.Print(r.markdown())
		return nil
	}
	return r.write("tests/bench")
}

// selected returns the workloads and the contenders that the options name.
func (o options) selected() ([]workload, []contender, error) {
	workloads, err := pick(workloads, o.workloads, workload.id)
	if err != nil {
		return nil, nil, err
	}
	contenders, err := pick(contenders, o.contenders, contender.id)
	if err != nil {
		return nil, nil, err
	}
	if o.quick && o.workloads == "" {
		workloads = without(workloads, func(w workload) bool { return w.name == "W4" })
	}
	if o.quick && o.contenders == "" {
		contenders = without(contenders, func(c contender) bool { return c.compression == "xz" })
	}
	return workloads, contenders, nil
}

// pick returns the items of these comma-separated names, or all for none.
func pick[T any](all []T, names string, id func(T) string) ([]T, error) {
	if names == "" {
		return all, nil
	}
	var picked []T
	for name := range strings.SplitSeq(names, ",") {
		found := without(all, func(item T) bool { return id(item) != name })
		if len(found) == 0 {
			return nil, fmt.Errorf("there is nothing named %q", name)
		}
		picked = append(picked, found...)
	}
	return picked, nil
}

func without[T any](items []T, unwanted func(T) bool) []T {
	var rest []T
	for _, item := range items {
		if !unwanted(item) {
			rest = append(rest, item)
		}
	}
	return rest
}
