package main

import (
	"fmt"
	"io"
	"time"

	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/size"
)

// progress is what is done of a plan, for Nix to show beside the derivation's
// name:
//
//	building binary-cache (312/900 paths, 1.4/3.9 GiB)
type progress struct {
	plan pack.Plan
	done *pack.Progress
}

func (p progress) percent() int64 {
	return 100 * p.done.NarBytes.Load() / max(1, p.plan.NarSize)
}

func (p progress) String() string {
	u := size.UnitOf(p.plan.NarSize)
	return fmt.Sprintf("%d/%d paths, %s/%s %s", p.done.Paths.Load(), len(p.plan.Paths),
		u.Count(p.done.NarBytes.Load()), u.Count(p.plan.NarSize), u.Name)
}

// show writes the progress to w, in the form in which Nix takes messages of a
// builder (handleJSONLogMessage in its libutil), until stop is called.
//
// NB: Nix keeps these lines in the build log. So there are no more than a
// hundred, and none of a build that is soon over.
func (p progress) show(w io.Writer) (stop func()) {
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(time.Second / 2)
		defer ticker.Stop()
		for shown := int64(0); ; {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if percent := p.percent(); percent > shown {
				fmt.Fprintf(w, "@nix {\"action\":\"setPhase\",\"phase\":%q}\n", p)
				shown = percent
			}
		}
	}()
	return func() { close(done) }
}
