package size

import (
	"math"
	"testing"
)

func TestFormat(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1280: "1.3 KiB", 187392: "183.0 KiB",
		1 << 20: "1.0 MiB", 3 << 29: "1.5 GiB", 5 << 30: "5.0 GiB", 1 << 40: "1.0 TiB", 1 << 51: "2.0 PiB", math.MaxInt64: "8.0 EiB",
	} {
		if got := Format(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

// A part of a total is formatted in the unit of the total.
func TestAmount(t *testing.T) {
	u := UnitOf(3 << 29)
	if got := u.Amount(1<<29) + "/" + u.Amount(3<<29) + " " + u.Name; got != "0.5/1.5 GiB" {
		t.Errorf("got %q", got)
	}
	if got := UnitOf(0).Amount(0); got != "0.0" {
		t.Errorf("0 bytes: got %q", got)
	}
}
