package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/nar"
	"mkbinarycache/builder/pack"
)

func TestReport(t *testing.T) {
	var log strings.Builder
	var warned warnings
	logger := newLogger(&log).Hook(&warned)
	plan, result := pack.Plan{NarSize: 28 << 20, Excluded: 3}, &pack.Result{Reused: 1}
	for i := range uint64(7) {
		i = 6 - i
		result.NarInfos = append(result.NarInfos, &narinfo.NarInfo{
			StorePath: fmt.Sprintf("/nix/store/%032d-path-%d", i, i),
			NarSize:   (i + 1) << 20,
			FileSize:  (i + 1) << 18,
		})
	}
	logger.Warn().Msg("a warning")
	logger.Warn().Msg("another")
	report(logger, plan, result, 2, 2*time.Second)
	warned.report(logger)
	const want = `WRN a warning
WRN another
INF store paths  7, 3 excluded, 1 reused
INF NARs         28.0 MiB
INF files        7.0 MiB, 25.0 % of the NARs
INF time         2.0 s on 2 cores, 14.0 MiB/s
INF largest      7.0 MiB    25.0 %  00000000000000000000000000000006-path-6
INF              6.0 MiB    21.4 %  00000000000000000000000000000005-path-5
INF              5.0 MiB    17.9 %  00000000000000000000000000000004-path-4
INF              4.0 MiB    14.3 %  00000000000000000000000000000003-path-3
INF              3.0 MiB    10.7 %  00000000000000000000000000000002-path-2
INF warnings     2
`
	if got := log.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestReportOfNothing(t *testing.T) {
	var log strings.Builder
	report(newLogger(&log), pack.Plan{}, &pack.Result{}, 1, time.Millisecond)
	const want = `INF store paths  0
INF NARs         0 B
INF files        0 B, 0.0 % of the NARs
INF time         0.0 s on 1 cores, 0 B/s
`
	if got := log.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTooDeepIsToldOnce(t *testing.T) {
	for name, settings := range map[string]map[string]any{
		"no compression": {"compression": "none"},
		"listing":        {"writeNarListing": true},
	} {
		t.Run(name, func(t *testing.T) {
			store := newFakeStore(t)
			store.settings = settings
			for _, levels := range []int{nar.MaxDepth, nar.MaxDepth + 1} {
				must(t, os.MkdirAll(store.next()+strings.Repeat("/d", levels), 0o755))
				store.register(t)
			}
			earlier, _ := store.mustBuild(t)
			store.checkTooDeep(t)
			if settings["writeNarListing"] != nil { // and so looks at what it reuses
				store.settings["reuse"] = []string{earlier}
				store.mustBuild(t)
				store.checkTooDeep(t)
			}
		})
	}
}

// checkTooDeep wants one warning in the log, about the second store path.
func (s *fakeStore) checkTooDeep(t *testing.T) {
	t.Helper()
	path := s.graph[1].Path
	want := "WRN " + path + ": Nix 2.34.7 and newer refuse to unpack it: " + path + strings.Repeat("/d", 64) + " is more than 63 levels deep in it\n"
	if log := s.log.String(); !strings.Contains(log, want) || strings.Count(log, "WRN") != 1 || !strings.Contains(log, "warnings     1\n") {
		t.Errorf("the log is %q, want %q", log, want)
	}
	s.log.Reset()
}
