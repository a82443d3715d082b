package main

import (
	"math"
	"slices"
)

// figure is one of the figures of a sample.
type figure func(sample) float64

func wall(s sample) float64       { return s.Wall.Seconds() }
func cpu(s sample) float64        { return s.CPU.Seconds() }
func peakMemory(s sample) float64 { return float64(s.Memory) / 1e6 }
func size(s sample) float64       { return float64(s.Bytes) / 1e6 }

func (f figure) of(samples []sample) []float64 {
	var values []float64
	for _, s := range samples {
		values = append(values, f(s))
	}
	return values
}

// median of no values is not a number.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// ratio is the median of the ratios of a to b, round by round: what disturbs the
// machine for longer than a round disturbs both.
func ratio(a, b []sample, f figure) float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		ratios = append(ratios, f(a[i])/f(b[i]))
	}
	return median(ratios)
}

// least returns the name whose samples have the lowest median.
func least(samples map[string][]sample, f figure, names ...string) string {
	return slices.MinFunc(names, func(a, b string) int {
		return compareNumbers(median(f.of(samples[a])), median(f.of(samples[b])))
	})
}

// compareNumbers puts what is not a number last.
func compareNumbers(a, b float64) int {
	switch {
	case a < b || math.IsNaN(b) && !math.IsNaN(a):
		return -1
	case a > b || math.IsNaN(a) && !math.IsNaN(b):
		return 1
	}
	return 0
}
