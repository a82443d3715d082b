// Package size tells numbers of bytes as people read them: 1.2 MiB, by IEC 80000-13.
package size

import (
	"math"
	"strconv"
)

// Unit is what numbers of bytes are told in.
type Unit struct {
	Name  string
	bytes float64
}

// UnitOf returns the largest unit of which there is one in n bytes.
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

// Count is how many of the unit n bytes are, with one digit behind the point.
//
// NB: the page's data.js rounds in the same way.
func (u Unit) Count(n int64) string {
	return strconv.FormatFloat(math.Floor(float64(n)/u.bytes*10+0.5)/10, 'f', 1, 64)
}

// Format returns n bytes in their unit.
func Format(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	u := UnitOf(n)
	return u.Count(n) + " " + u.Name
}
