package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log"

	"mkbinarycache/builder/nar"
)

// outcome is what was measured on one workload.
type outcome struct {
	workload
	paths   int
	narSize int64
	samples map[string][]sample // by the contender's name
	notes   []string
}

// entry is a contender that takes part in a workload.
type entry struct {
	contender
	closure *closure
	runs    int
}

// compete lets the contenders take turns on each workload.
func (b *bench) compete(ctx context.Context, workloads []workload, contenders []contender, runs int) ([]*outcome, error) {
	var outcomes []*outcome
	for _, w := range append([]workload{warmup}, workloads...) {
		o, err := b.competeOn(ctx, w, contenders, runs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
		outcomes = append(outcomes, o)
	}
	return outcomes[1:], nil
}

func (b *bench) competeOn(ctx context.Context, w workload, contenders []contender, runs int) (*outcome, error) {
	o := &outcome{workload: w, samples: map[string][]sample{}}
	entries, err := b.entries(ctx, o, contenders, runs)
	if err != nil {
		return nil, err
	}
	for round := range runs {
		for _, e := range entries {
			if round >= e.runs {
				continue
			}
			s, err := b.measure(ctx, e)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.name, err)
			}
			log.Printf("%s %d/%d %-15s %s", w.name, round+1, e.runs, e.name, s)
			o.samples[e.name] = append(o.samples[e.name], s)
		}
	}
	return o, nil
}

// entries builds what the contenders need for a workload.
func (b *bench) entries(ctx context.Context, o *outcome, contenders []contender, runs int) ([]entry, error) {
	log.Printf("%s: %s", o.name, o.title)
	var entries []entry
	closures := map[string]*closure{} // by attribute
	for _, c := range contenders {
		n := c.runsOn(o.workload, runs)
		if n == 0 {
			continue
		}
		attrs := cmp.Or(c.attrs, c.compression)
		if closures[attrs] == nil {
			closure, err := b.build(ctx, o.workload, attrs)
			if err != nil {
				return nil, err
			}
			if err := closure.read(); err != nil {
				return nil, err
			}
			closures[attrs] = closure
			o.paths, o.narSize = len(closure.graph.Paths), closure.narSize
		}
		if c.leaves == report && !fitsInMemory(o.narSize) {
			o.notes = append(o.notes, fmt.Sprintf("%s is left out: the machine's memory does not hold the NARs.", c.title))
			continue
		}
		entries = append(entries, entry{c, closures[attrs], n})
	}
	return entries, nil
}

// read brings the closure into the page cache.
func (c *closure) read() error {
	dumper := nar.NewDumper()
	for _, path := range c.paths() {
		if err := dumper.Dump(io.Discard, path); err != nil {
			return err
		}
	}
	return nil
}
