package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// sampleResults has a workload where ours takes 2 s, and another with nothing
// but ours.
func sampleResults() *results {
	all := map[string][]sample{
		"ours":            walls(2, 2, 2),
		"newest":          walls(5, 5, 5),
		"newest-parallel": walls(3, 4, 5),
		"pipeline":        walls(500),
		"alone":           walls(1, 1, 1),
	}
	return &results{
		machine:    &machine{newest: "2.34", nix: "2.8", facts: []fact{{"CPU", "abacus"}}},
		contenders: contenders,
		outcomes: []*outcome{
			{workload: workload{name: "W1", title: "this & that"}, paths: 3, narSize: 1e6, samples: all},
			{workload: workload{name: "W2", title: "more"}, samples: map[string][]sample{"ours": walls(1)}, notes: []string{"NB"}},
		},
	}
}

func TestMarkdown(t *testing.T) {
	text := sampleResults().markdown()
	for _, want := range []string{
		"- CPU: abacus\n",
		"| W1 | 0.004 | 0.50 | – | – | 0.50 | – |\n",
		"| W2 | – | – | – | – | – | – |\n",
		"## W1: this & that\n\nNARs: 3 paths, 1.00 MB.\n",
		"| nix copy 2.34, parallel | 3 | 4.000 | 3.000 to 5.000 | 2.00 |",
		"\nNB\n",
		"`nix copy --to 'file://DIRECTORY?compression=zstd' ROOT...`\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func TestRounded(t *testing.T) {
	for x, want := range map[float64]string{0.00421: "0.0042", 0.0999: "0.1", 0.754: "0.75", 1.004: "1.00", 250.12: "250.1"} {
		if got := rounded(x); got != want {
			t.Errorf("rounded(%v) = %q, want %q", x, got, want)
		}
	}
}

func TestChartShowsTheFasterSetting(t *testing.T) {
	text := chart(sampleResults().groups())
	for _, want := range []string{">this &amp; that (3 paths, 1.00 MB)<", ">2.00 s<", ">nix copy 2.34<", ">4.00 s, 2.00×<", ">500.0 s, 250.0×<", `class="gap"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
	if strings.Contains(text, "5.00 s") {
		t.Errorf("the slower setting is in:\n%s", text)
	}
}

func TestChartIsXML(t *testing.T) {
	decoder := xml.NewDecoder(strings.NewReader(chart(sampleResults().groups())))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
