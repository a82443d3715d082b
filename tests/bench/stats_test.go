package main

import (
	"math"
	"testing"
	"time"
)

// walls are samples with these wall times in seconds.
func walls(seconds ...float64) []sample {
	var samples []sample
	for _, s := range seconds {
		samples = append(samples, sample{Wall: time.Duration(s * float64(time.Second))})
	}
	return samples
}

func TestMedian(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{3, 1}, 2},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 1, 100, 2}, 3},
	} {
		if got := median(test.values); got != test.want {
			t.Errorf("median(%v) = %v, want %v", test.values, got, test.want)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median of nothing is %v", got)
	}
}

// The machine was slow in the second round, for both.
func TestRatioIsPaired(t *testing.T) {
	if got := ratio(walls(1, 10, 1), walls(2, 20, 4), wall); got != 0.5 {
		t.Errorf("got %v, want 0.5", got)
	}
}

func TestRatioOfUnequalNumbersOfRuns(t *testing.T) {
	if got := ratio(walls(1, 1, 9), walls(4, 4), wall); got != 0.25 {
		t.Errorf("got %v, want 0.25", got)
	}
	if got := ratio(walls(1), nil, wall); !math.IsNaN(got) {
		t.Errorf("to nothing: got %v", got)
	}
}

func TestLeast(t *testing.T) {
	samples := map[string][]sample{"slow": walls(1, 5, 5), "fast": walls(4, 4, 9)}
	if got := least(samples, wall, "absent", "slow", "fast"); got != "fast" {
		t.Errorf("got %q", got)
	}
}
