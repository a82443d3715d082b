// Package size formats numbers of bytes with the units of IEC 80000-13: 1.2 MiB.
package size

import (
	"math"
	"strconv"
)

// Unit is a unit of bytes, such as KiB.
type Unit struct {
	Name  string
	bytes float64
}

// UnitOf returns the largest unit that is not larger than n bytes, at least B.
func UnitOf(n int64) Unit {
	u := Unit{"B", 1}
	for _, name := range []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"} {
		if float64(n) < 1024*u.bytes {
			break
		}
		u = Unit{name, 1024 * u.bytes}
	}
	return u
}

// Amount returns n bytes as a number of units with one decimal.
//
// NB: data.js of the index page must round sizes in the same way.
func (u Unit) Amount(n int64) string {
	return strconv.FormatFloat(math.Floor(float64(n)/u.bytes*10+0.5)/10, 'f', 1, 64)
}

// Format returns n bytes as a number with the unit that UnitOf returns.
func Format(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	u := UnitOf(n)
	return u.Amount(n) + " " + u.Name
}
