package index

import (
	"testing"
)

func TestFormatCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567"} {
		if got := formatCount(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestFormatPercent(t *testing.T) {
	for want, sizes := range map[string][2]int64{"": {5, 0}, "0%": {0, 5}, "33%": {1, 3}, "67%": {2, 3}, "100%": {7, 7}, "250%": {5, 2}} {
		if got := formatPercent(sizes[0], sizes[1]); got != want {
			t.Errorf("%v: got %q, want %q", sizes, got, want)
		}
	}
}
