package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/closure"
	"mkbinarycache/builder/pack"
)

func testProgress() progress {
	return progress{pack.Plan{Paths: make([]closure.PathInfo, 3), NarSize: 3<<30 + 1<<29 + 1<<20}, &pack.Progress{}}
}

func TestProgressText(t *testing.T) {
	p := testProgress()
	if got := p.String(); got != "0/3 paths, 0.0/3.5 GiB" {
		t.Errorf("got %q", got)
	}
	p.counters.NarBytes.Add(1 << 30)
	p.counters.Paths.Add(1)
	if got := p.String(); got != "1/3 paths, 1.0/3.5 GiB" || p.percent() != 28 {
		t.Errorf("got %q, %d %%", got, p.percent())
	}
	if p := (progress{counters: &pack.Progress{}}); p.String() != "0/0 paths, 0.0/0.0 B" || p.percent() != 0 {
		t.Errorf("empty plan: got %q, %d %%", p, p.percent())
	}
}

// The progress has a line for each percent, but at most two lines per second.
func TestProgressLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		p := testProgress()
		stop := p.show(&log)
		for range 10 { // one percent of progress each 50 ms
			p.counters.NarBytes.Add(p.plan.NarSize/100 + 1)
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(10 * time.Second) // no progress
		p.counters.NarBytes.Add(p.plan.NarSize / 2)
		time.Sleep(10 * time.Second)
		synctest.Wait() // for the tick of this moment
		stop()
		synctest.Wait()
		p.counters.NarBytes.Add(p.plan.NarSize / 4)
		time.Sleep(10 * time.Second)
		const want = `@nix {"action":"setPhase","phase":"0/3 paths, 0.4/3.5 GiB"}` + "\n" +
			`@nix {"action":"setPhase","phase":"0/3 paths, 2.1/3.5 GiB"}` + "\n"
		if got := log.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// A build of under half a second writes no line of progress, and no build writes more
// than a hundred.
func TestProgressIsQuiet(t *testing.T) {
	for duration, most := range map[time.Duration]int{300 * time.Millisecond: 0, 10 * time.Second: 20, 24 * time.Hour: 100} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			p := testProgress()
			stop := p.show(&log)
			for range 1000 {
				time.Sleep(duration / 1000)
				p.counters.NarBytes.Add(p.plan.NarSize / 1000)
			}
			stop()
			synctest.Wait()
			if lines := strings.Count(log.String(), "\n"); lines > most || lines < most*9/10 {
				t.Errorf("%d lines in %s, want up to %d", lines, duration, most)
			}
		})
	}
}

func TestNixLog(t *testing.T) {
	for value, want := range map[string]io.Writer{"": io.Discard, "-1": io.Discard, "3": io.Discard, "two": io.Discard, "2": os.Stderr} {
		getenv := func(name string) string { return map[string]string{"NIX_LOG_FD": value}[name] }
		if got := nixLog(getenv); got != want {
			t.Errorf("%q: got %v, want %v", value, got, want)
		}
	}
}

func TestSummary(t *testing.T) {
	var log strings.Builder
	plan, result := pack.Plan{NarSize: 28 << 20, Excluded: 3}, &pack.Result{Reused: 1, Warnings: make([]error, 2)}
	for i := uint64(7); i > 0; i-- {
		result.NarInfos = append(result.NarInfos, &narinfo.NarInfo{
			StorePath: fmt.Sprintf("/nix/store/%032d-path-%d", i, i),
			NarSize:   i << 20,
			FileSize:  i << 18,
		})
	}
	logSummary(newLogger(&log), plan, result, 2, 2*time.Second)
	logSummary(newLogger(&log), pack.Plan{}, &pack.Result{}, 1, time.Millisecond)
	const want = `INF store paths  7 (3 excluded, 1 reused)
INF NAR size     28.0 MiB
INF file size    7.0 MiB (25.0 % of NAR size)
INF time         2.0 s on 2 cores (14.0 MiB/s)
INF largest      7.0 MiB    25.0 %  00000000000000000000000000000007-path-7
INF              6.0 MiB    21.4 %  00000000000000000000000000000006-path-6
INF              5.0 MiB    17.9 %  00000000000000000000000000000005-path-5
INF              4.0 MiB    14.3 %  00000000000000000000000000000004-path-4
INF              3.0 MiB    10.7 %  00000000000000000000000000000003-path-3
INF warnings     2
INF store paths  0
INF NAR size     0 B
INF file size    0 B (0.0 % of NAR size)
INF time         0.0 s on 1 core (0 B/s)
`
	if got := log.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
