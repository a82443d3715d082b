package main

import "testing"

func TestRunsOn(t *testing.T) {
	w := workload{name: "W9", runs: 3, runsOf: map[string]int{"slow": 2}}
	for _, test := range []struct {
		contender
		n, want int
	}{
		{contender{name: "fast"}, 5, 3},
		{contender{name: "fast"}, 1, 1},
		{contender{name: "slow"}, 5, 2},
		{contender{name: "slow", runs: 1}, 5, 1},
		{contender{name: "picky", only: []string{"W1"}}, 5, 0},
		{contender{name: "picky", only: []string{"W9"}}, 5, 3},
	} {
		if got := test.runsOn(w, test.n); got != test.want {
			t.Errorf("%s, %d runs: got %d, want %d", test.name, test.n, got, test.want)
		}
	}
}
