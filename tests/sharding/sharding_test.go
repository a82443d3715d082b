package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The page has what the program prints.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/sharding.md")
	if err != nil {
		t.Fatal(err)
	}
	var tables strings.Builder
	printTables(&tables, 8, 64)
	if !strings.Contains(string(page), tables.String()) {
		t.Errorf("docs/sharding.md does not have the tables that go run ./tests/sharding prints:\n%s", tables.String())
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, rate := range map[string]func(rates) float64{
		"compress, by one core":       func(r rates) float64 { return r.compress },
		"size of files to NARs":       func(r rates) float64 { return r.ratio },
		"send, to each machine":       func(r rates) float64 { return r.send },
		"join, of files":              func(r rates) float64 { return r.join },
		"read, from the disk":         func(r rates) float64 { return r.read },
		"substitute, by each machine": func(r rates) float64 { return r.substitute },
	} {
		row := fmt.Sprintf("| %s | %v | %v |", name, rate(known["zstd"]), rate(known["xz"]))
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md does not have the row %q", row)
		}
	}
}

// What is known of the builder is what the benchmark says of it.
func TestResults(t *testing.T) {
	text, err := os.ReadFile("../bench/results.md")
	if err != nil {
		t.Fatal(err)
	}
	_, w1, _ := strings.Cut(string(text), "\n## W1")
	size := number(t, w1, `NARs: [0-9]+ paths, ([0-9.]+) MB`)
	for compression, r := range known {
		_, table, _ := strings.Cut(w1, "\n| "+compression+" | runs | wall, s |  | to ours | CPU, s | to ours | peak memory, MB | output, MB |\n")
		seconds := number(t, table, `\n\| mkBinaryCache (?:\|[^|]*){4}\| ([0-9.]+) \|`)
		files := number(t, table, `\n\| mkBinaryCache .*\| ([0-9.]+) \|\n`)
		if got, want := fmt.Sprintf("%.3g", r.compress), fmt.Sprintf("%.3g", size/seconds); got != want {
			t.Errorf("with %s a core compresses %s MB/s, by tests/bench/results.md %s", compression, got, want)
		}
		if got, want := fmt.Sprintf("%.2f", r.ratio), fmt.Sprintf("%.2f", files/size); got != want {
			t.Errorf("with %s files have %s of the size of NARs, by tests/bench/results.md %s", compression, got, want)
		}
	}
}

// number returns what the group of the first match of a pattern is.
func number(t *testing.T, text, pattern string) float64 {
	t.Helper()
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		t.Fatalf("tests/bench/results.md does not have %s", pattern)
	}
	value, err := strconv.ParseFloat(match[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// Each stage by hand: 1000 MB, of which 500 MB of files, on two machines with two
// cores each.
func TestModel(t *testing.T) {
	r := rates{compress: 10, ratio: 0.5, send: 200, substitute: 50, join: 250, read: 1000}
	for _, test := range []struct {
		name string
		site site
		want stages
	}{
		{"there", site{2, 2, 1000, there}, stages{0, 25, 1.25, 2}},
		{"the link is the limit", site{2, 2, 100, sent}, stages{20, 25, 5, 2}},
		{"a machine is the limit", site{2, 2, 1000, sent}, stages{5, 25, 1.25, 2}},
		{"substituting is the limit", site{2, 2, 1000, fetched}, stages{20, 25, 1.25, 2}},
		{"fetching is the limit", site{2, 2, 10, fetched}, stages{31, 25, 50, 2}},
		{"the disk is the limit", site{2, 1000, 1000, there}, stages{0, 0.5, 1.25, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := model(r, test.site, 1000); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
	if got := alone(r, 2, 1000); got != 50 {
		t.Errorf("one machine takes %v s, want 50", got)
	}
	if got := (stages{1, 2, 3, 2}).longest(); got != "back" {
		t.Errorf("the longest stage is %q", got)
	}
}

func TestDuration(t *testing.T) {
	for seconds, want := range map[float64]string{3: "3.0 s", 99: "99 s", 100: "1.7 min", 5999: "100 min", 6000: "1.7 h", 277e3: "77 h"} {
		if got := duration(seconds); got != want {
			t.Errorf("%v s are %q, want %q", seconds, got, want)
		}
	}
}
