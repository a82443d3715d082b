package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// walls returns samples with these wall times in seconds.
func walls(seconds ...float64) []sample {
	var samples []sample
	for _, s := range seconds {
		samples = append(samples, sample{Wall: time.Duration(s * float64(time.Second))})
	}
	return samples
}

func TestStats(t *testing.T) {
	for _, test := range []struct{ got, want float64 }{
		{median([]float64{3}), 3},
		{median([]float64{9, 1, 2}), 2},
		{median([]float64{4, 1, 100, 2}), 3},
		// Both candidates were slow in the second round.
		{ratio(walls(1, 10, 1), walls(2, 20, 4), wall), 0.5},
		{ratio(walls(1, 1, 9), walls(4, 4), wall), 0.25},
	} {
		if test.got != test.want {
			t.Errorf("got %v, want %v", test.got, test.want)
		}
	}
	if got := ratio(walls(1), nil, wall); !math.IsNaN(got) {
		t.Errorf("ratio to nothing: got %v", got)
	}
	samples := map[string][]sample{"slow": walls(1, 5, 5), "fast": walls(4, 4, 9)}
	if got := fastest(samples, wall, "absent", "slow", "fast"); got != "fast" {
		t.Errorf("fastest: got %q", got)
	}
}

// sampleResults has a workload in which mkBinaryCache takes 2 s, and one with only
// mkBinaryCache.
func sampleResults() *results {
	all := map[string][]sample{
		"mkBinaryCache":   walls(2, 2, 2),
		"newest":          walls(5, 5, 5),
		"newest-parallel": walls(3, 4, 5),
		"nixpkgs-style":   walls(500),
		"codec-only":      walls(1, 1, 1),
	}
	return &results{
		script:     "nixpkgs-style script",
		machine:    &machine{newest: "2.34", nix: "2.8", properties: []property{{"CPU", "abacus"}}},
		candidates: candidates,
		workloads: []*workloadResult{
			{workload: workload{name: "W1", title: "this & that"}, paths: 3, narSize: 1e6, samples: all},
			{workload: workload{name: "W2", title: "more"}, samples: map[string][]sample{"mkBinaryCache": walls(1)}, notes: []string{"note"}},
		},
	}
}

func mustContain(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func TestMarkdown(t *testing.T) {
	mustContain(t, sampleResults().markdown(),
		"- CPU: abacus\n",
		"| W1 | 0.004 | 0.50 | – | – | 0.50 |\n",
		"| W2 | – | – | – | – | – |\n",
		"## W1: this & that\n\nNAR size: 3 paths, 1.00 MB.\n",
		"| nix copy 2.34, parallel | 4.000 | 3.000 to 5.000 | 2.00 |",
		"| mkBinaryCache | 1.000 | one run | 1.00 |",
		"\nnote\n",
		"take turns, 3 times",
		"`tests/nix-version forky nix copy --to 'file://DIRECTORY?compression=zstd' ROOT...`\n")
}

func TestMarkdownOfUpdates(t *testing.T) {
	results := sampleResults()
	results.updates, results.candidates = true, updateCandidates
	results.workloads = []*workloadResult{{workload: workload{name: "U1"}, samples: map[string][]sample{
		"mkBinaryCache": {{Wall: time.Second, Bytes: 1000}},
		"exclude":       {{Wall: time.Second, Bytes: 500}},
		"deltaFrom":     {{Wall: 2 * time.Second, Bytes: 2}},
		"substitute":    walls(2),
		"apply":         walls(1),
	}}}
	mustContain(t, results.markdown(),
		"| U1 | 0.50 | 1/500 | 2.00 | 0.50 |\n",
		"| apply, from mkBinaryCache with deltaFrom | 1.000 | one run | 0.50 |",
		"`sh CACHE/apply DIRECTORY`\n")
}

// The chart has the faster setting of each Nix version, highlights mkBinaryCache, and
// labels a bar that is cut.
func TestChart(t *testing.T) {
	text := chart(sampleResults().groups())
	mustContain(t, text,
		"a bash/perl re-implementation",
		">this &amp; that (3 paths, 1.00 MB)<",
		`<text class="mkBinaryCache" x="336.0" y="99">2.00 s<`,
		">nix copy 2.34<", ">4.00 s, 2.00×<",
		`class="cut"`, ">500.0 s, 250.0× (bar cut, not to scale)<")
	if strings.Contains(text, "5.00 s") {
		t.Errorf("the slower setting is in:\n%s", text)
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
