package index

import (
	"math"
	"testing"
)

func TestFormatBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1280: "1.3 KiB", 187392: "183.0 KiB",
		1 << 20: "1.0 MiB", 5 << 30: "5.0 GiB", math.MaxInt64: "8.0 EiB",
	} {
		if got := formatBytes(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

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
