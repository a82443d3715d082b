package main

import (
	"os"
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
	printTables(&tables, 8)
	if !strings.Contains(string(page), tables.String()) {
		t.Errorf("docs/sharding.md does not have the tables that go run ./tests/sharding prints:\n%s", tables.String())
	}
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
