package index

import (
	"math"
	"strconv"
)

var units = [...]string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}

// formatBytes returns a size as people read it, such as 1.2 MiB. NB: data.js
// rounds the same way.
func formatBytes(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	size, unit := float64(n)/1024, 0
	for size >= 1024 {
		size /= 1024
		unit++
	}
	return strconv.FormatFloat(math.Floor(size*10+0.5)/10, 'f', 1, 64) + " " + units[unit]
}

// formatCount returns a number with a comma between the thousands.
func formatCount(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// formatPercent returns how much of a NAR its file is.
func formatPercent(file, nar int64) string {
	if nar == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Floor(100*float64(file)/float64(nar)+0.5), 'f', 0, 64) + "%"
}
