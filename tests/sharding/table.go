package main

import (
	"fmt"
	"io"
	"math"
	"time"
)

const gigabyte = 1000.0 // megabytes

// printTables prints what the page has: for each compression the time by the
// number of machines, for 100 GB. What is sooner than one machine is bold.
func printTables(w io.Writer, cores ...float64) {
	for _, compression := range []string{"zstd", "xz"} {
		fmt.Fprintf(w, "\n| %s, cores | link | closure comes | 1 | 2 | 8 | 32 | most of 32 |\n|--:|--:|---|--:|--:|--:|--:|---|\n", compression)
		for _, n := range cores {
			for _, link := range links {
				for _, inputs := range []inputs{sent, fetched, there} {
					printRow(w, known[compression], site{cores: n, link: link.rate, inputs: inputs}, 100*gigabyte, link.name)
				}
			}
		}
	}
}

// links are the networks: 94 % of the bits are ours.
var links = [...]struct {
	name string
	rate float64
}{{"1 Gbit/s", 117}, {"10 Gbit/s", 1175}}

func printRow(w io.Writer, r rates, s site, size float64, link string) {
	one := alone(r, s.cores, size)
	fmt.Fprintf(w, "| %.0f | %s | %s | %s |", s.cores, link, s.inputs, duration(one))
	var m stages
	for _, s.machines = range []float64{2, 8, 32} {
		m = model(r, s, size)
		text := duration(m.total())
		if m.total() < one {
			text = "**" + text + "**"
		}
		fmt.Fprintf(w, " %s |", text)
	}
	fmt.Fprintf(w, " %s |\n", m.longest())
}

// duration has two digits that count, or more where it has hundreds of hours.
func duration(seconds float64) string {
	value, unit := seconds, "s"
	if seconds >= 100*60 {
		value, unit = seconds/3600, "h"
	} else if seconds >= 100 {
		value, unit = seconds/60, "min"
	}
	if value < 9.95 {
		return fmt.Sprintf("%.1f %s", value, unit)
	}
	return fmt.Sprintf("%.0f %s", value, unit)
}

// printMeasured prints each stage beside what the model makes of the rates,
// where memory is link and disk.
func printMeasured(w io.Writer, compression string, m *measured) {
	r := m.rates
	r.read = math.Inf(1)
	guess := model(r, site{machines: machines, cores: 1, link: math.Inf(1), inputs: sent}, m.size)
	fmt.Fprintf(w, "%s, %s: %.0f MB of NARs; MB/s: compress %.1f, ratio %.2f, send %.0f, substitute %.0f, join %.0f\n\n",
		time.Now().UTC().Format(time.DateOnly), compression, m.size, r.compress, r.ratio, r.send, r.substitute, r.join)
	fmt.Fprintf(w, "| %s | send | pack | back | join | all |\n|---|--:|--:|--:|--:|--:|\n", compression)
	for _, row := range []struct {
		name string
		stages
		total float64
	}{{"model", guess, guess.total()}, {"measured", m.stages, m.total}} {
		fmt.Fprintf(w, "| %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", row.name, row.send, row.pack, row.back, row.join, row.total)
	}
	fmt.Fprintln(w)
}
