package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mkbinarycache/builder/attrs"
	"mkbinarycache/builder/pack"
)

func testProgress() progress {
	return progress{pack.Plan{Paths: make([]attrs.PathInfo, 3), NarSize: 3<<30 + 1<<29 + 1<<20}, &pack.Progress{}}
}

func TestProgressText(t *testing.T) {
	p := testProgress()
	if got := p.String(); got != "0/3 paths, 0.0/3.5 GiB" {
		t.Errorf("got %q", got)
	}
	p.done.NarBytes.Add(1 << 30)
	p.done.Paths.Add(1)
	if got := p.String(); got != "1/3 paths, 1.0/3.5 GiB" || p.percent() != 28 {
		t.Errorf("got %q, %d %%", got, p.percent())
	}
	if p := (progress{done: &pack.Progress{}}); p.String() != "0/0 paths, 0.0/0.0 B" || p.percent() != 0 {
		t.Errorf("of nothing: got %q, %d %%", p, p.percent())
	}
}

// A line when a percent is done, but never more than two in a second.
func TestProgressLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		p := testProgress()
		stop := p.show(&log)
		for range 10 { // a percent each 50 ms
			p.done.NarBytes.Add(p.plan.NarSize/100 + 1)
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(10 * time.Second) // nothing
		p.done.NarBytes.Add(p.plan.NarSize / 2)
		time.Sleep(10 * time.Second)
		synctest.Wait() // for the tick of this moment
		stop()
		synctest.Wait()
		p.done.NarBytes.Add(p.plan.NarSize / 4)
		time.Sleep(10 * time.Second)
		const want = `@nix {"action":"setPhase","phase":"0/3 paths, 0.4/3.5 GiB"}` + "\n" +
			`@nix {"action":"setPhase","phase":"0/3 paths, 2.1/3.5 GiB"}` + "\n"
		if got := log.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// A quick build says nothing, a slow one no more than a hundred times.
func TestProgressIsQuiet(t *testing.T) {
	for took, most := range map[time.Duration]int{300 * time.Millisecond: 0, 10 * time.Second: 20, 24 * time.Hour: 100} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			p := testProgress()
			stop := p.show(&log)
			for range 1000 {
				time.Sleep(took / 1000)
				p.done.NarBytes.Add(p.plan.NarSize / 1000)
			}
			stop()
			synctest.Wait()
			if lines := strings.Count(log.String(), "\n"); lines > most || lines < most*9/10 {
				t.Errorf("%d lines in %s, want up to %d", lines, took, most)
			}
		})
	}
}

func TestNixLog(t *testing.T) {
	for _, value := range []string{"", "-1", "3", "two"} {
		if w := nixLog(func(string) string { return value }); w != io.Discard {
			t.Errorf("%q: got %v", value, w)
		}
	}
	if w := nixLog(func(name string) string { return map[string]string{"NIX_LOG_FD": "2"}[name] }); w != os.Stderr {
		t.Errorf("got %v", w)
	}
}
