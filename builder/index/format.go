package index

import (
	"math"
	"strconv"
)

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
