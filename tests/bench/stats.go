package main

import (
	"cmp"
	"math"
	"slices"
)

// metric returns one value of a sample, such as the wall time.
type metric func(sample) float64

func wall(s sample) float64       { return s.Wall.Seconds() }
func cpu(s sample) float64        { return s.CPU.Seconds() }
func peakMemory(s sample) float64 { return float64(s.Memory) / 1e6 }
func size(s sample) float64       { return float64(s.Bytes) / 1e6 }

func (m metric) of(samples []sample) []float64 {
	var values []float64
	for _, s := range samples {
		values = append(values, m(s))
	}
	return values
}

// median returns NaN if there are no values.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// ratio returns the median of the ratios of a to b in each round: a disturbance that
// is longer than a round affects both.
func ratio(a, b []sample, m metric) float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		ratios = append(ratios, m(a[i])/m(b[i]))
	}
	return median(ratios)
}

// fastest returns the name whose samples have the lowest median.
func fastest(samples map[string][]sample, m metric, names ...string) string {
	names = slices.DeleteFunc(names, func(name string) bool { return len(samples[name]) == 0 })
	if len(names) == 0 {
		return ""
	}
	return slices.MinFunc(names, func(a, b string) int {
		return cmp.Compare(median(m.of(samples[a])), median(m.of(samples[b])))
	})
}
