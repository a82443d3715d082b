// Command bench compares this project's builder with other programs that make a binary
// cache: nix copy, and a shell script in the style of nixpkgs. The upper bound is the
// speed of the builder's encoder alone. Run bench in the checkout:
//
//	go run ./tests/bench -workloads W1,W3 -candidates mkBinaryCache,newest
//
// The candidates take turns, so that other load on the machine affects all of them.
// Each run is a process with an empty output directory and a warm page cache. The
// measurement covers the whole process with its children, and each cache is checked
// to be complete.
//
// A full run writes results.md and chart.svg, or with -updates updates.md, to the
// directory of this file. A run of only some workloads or candidates prints its results,
// and so does a run with $NIXPKGS, the directory of a real nixpkgs: the script in nixpkgs
// then replaces the re-implementation, and workloads with Debian packages do not run.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
)

type options struct {
	runs       int
	workloads  string
	candidates string
	dir        string
	quick      bool
	updates    bool
	codecOnly  string
	timer      string
}

func main() {
	log.SetFlags(log.Ltime)
	var o options
	flag.IntVar(&o.runs, "runs", 5, "`number` of runs of each candidate, fewer for slow ones")
	flag.StringVar(&o.workloads, "workloads", "", "`names` such as W1,W2; default all")
	flag.StringVar(&o.candidates, "candidates", "", "`names` such as mkBinaryCache,newest; default all")
	flag.StringVar(&o.dir, "dir", "/dev/shm", "`directory` for the caches; in memory, so that no disk is measured")
	flag.BoolVar(&o.quick, "quick", false, "one run of each, without W4 and xz")
	flag.BoolVar(&o.updates, "updates", false, "measure exclude and deltaFrom instead")
	flag.StringVar(&o.codecOnly, "codec-only", "", "internal: compress the closure in the .attrs.json `file`, from memory")
	flag.StringVar(&o.timer, "timer", "", "internal: run a command and write its sample to `file`")
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
	case o.codecOnly != "":
		return codecOnly(ctx, o.codecOnly)
	case o.timer != "":
		return timer(o.timer, flag.Args())
	case o.quick:
		o.runs = 1
	}
	r := &results{script: "nixpkgs-style script"}
	workloads, candidates := workloads, candidates
	if o.updates {
		r.updates, workloads, candidates = true, updateWorkloads, updateCandidates
	}
	workloads, err := pick(workloads, o.workloads, func(w workload) string { return w.name })
	if err != nil {
		return err
	}
	r.candidates, err = pick(candidates, o.candidates, func(c candidate) string { return c.name })
	if err != nil {
		return err
	}
	nixpkgs := os.Getenv("NIXPKGS")
	if nixpkgs != "" { // reuse would compile another Emacs
		workloads = slices.DeleteFunc(workloads, func(w workload) bool { return w.setup != nil })
		r.candidates = slices.DeleteFunc(r.candidates, func(c candidate) bool { return c.name == "reuse" })
		r.script = "nixpkgs' script"
	}
	if o.quick && o.workloads == "" {
		workloads = slices.DeleteFunc(workloads, func(w workload) bool { return w.name == "W4" })
	}
	if o.quick && o.candidates == "" {
		r.candidates = slices.DeleteFunc(r.candidates, func(c candidate) bool { return c.compression == "xz" })
	}
	b, err := newBench(ctx, o.dir)
	if err != nil {
		return err
	}
	defer b.close()
	if r.machine, err = b.describe(ctx); err != nil {
		return err
	}
	if r.workloads, err = b.measureAll(ctx, workloads, r.candidates, o.runs); err != nil {
		return err
	}
	if o.workloads+o.candidates+nixpkgs != "" || o.quick {
		fmt.Print(r.markdown())
		return nil
	}
	if o.updates {
		return os.WriteFile("tests/bench/updates.md", []byte(r.markdown()), 0o644)
	}
	return cmp.Or(
		os.WriteFile("tests/bench/results.md", []byte(r.markdown()), 0o644),
		os.WriteFile("tests/bench/chart.svg", []byte(chart(r.groups())), 0o644))
}

// pick returns the items with these comma-separated names, or all for "".
func pick[T any](all []T, names string, nameOf func(T) string) ([]T, error) {
	var picked []T
	for name := range strings.SplitSeq(names, ",") {
		n := len(picked)
		for _, item := range all {
			if names == "" || nameOf(item) == name {
				picked = append(picked, item)
			}
		}
		if len(picked) == n {
			return nil, fmt.Errorf("unknown name %q", name)
		}
	}
	return picked, nil
}
