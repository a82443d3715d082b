package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// group is the bars of one workload.
type group struct {
	title string
	bars  []bar
}

// bar is a contender: its wall time in seconds, also in times of ours.
type bar struct {
	title         string
	seconds, ours float64
	class         string // ours, theirs or limit
}

// groups selects what the chart shows: of each Nix its faster setting.
func (r *results) groups() []group {
	var groups []group
	for _, o := range r.outcomes {
		g := group{title: fmt.Sprintf("%s (%s)", o.title, o.extent())}
		for _, name := range []string{
			"alone",
			"ours",
			least(o.samples, wall, "newest", "newest-parallel"),
			least(o.samples, wall, "nix", "nix-parallel"),
			"pipeline",
		} {
			if s := o.samples[name]; len(s) > 0 {
				g.bars = append(g.bars, r.bar(name, s, o.samples["ours"]))
			}
		}
		groups = append(groups, g)
	}
	return groups
}

func (r *results) bar(name string, samples, ours []sample) bar {
	class := map[string]string{"ours": "ours", "alone": "limit"}[name]
	if class == "" {
		class = "theirs"
	}
	for _, c := range r.contenders {
		if c.name == name {
			title := strings.TrimSuffix(r.title(c.title), ", parallel")
			return bar{title, median(figure(wall).of(samples)), ratio(samples, ours, wall), class}
		}
	}
	panic("no contender " + name)
}

// The chart's measures, in pixels.
const (
	chartWidth = 760
	barsFrom   = 190 // left of them are the titles
	barHeight  = 14
	rowHeight  = 18
	groupGap   = 34
	unit       = 100 // what ours takes
	longest    = 420 // where bars are cut off
)

// NB: an image does not know the colours of the page around it, so the greys are
// readable on white and on black, and better for who tells us which it is.
const chartStyle = `<style>
  text { font: 12px system-ui, sans-serif; fill: #6e7781 }
  .title { font-weight: 600 }
  .ours { fill: #2f81f7 }
  .theirs { fill: #8c959f }
  .limit { fill: none; stroke: #8c959f; stroke-dasharray: 3 2 }
  .gap { stroke: #ffffff; stroke-width: 3 }
  @media (prefers-color-scheme: dark) { text { fill: #9da7b3 } .theirs { fill: #6e7681 } .gap { stroke: #0d1117 } }
</style>
`

// chart draws wall times as bars, in proportion to ours: a bar that would be too
// long is cut off, and says so.
func chart(groups []group) string {
	var b strings.Builder
	b.WriteString("<text x=\"0\" y=\"12\">Time to make a binary cache, in seconds and in proportion to mkBinaryCache</text>\n")
	y := 20
	for _, g := range groups {
		y += groupGap
		fmt.Fprintf(&b, "<text class=\"title\" x=\"0\" y=\"%d\">%s</text>\n", y-8, html.EscapeString(g.title))
		for _, bar := range g.bars {
			b.WriteString(bar.svg(y))
			y += rowHeight
		}
	}
	head := fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">\n",
		chartWidth, y+4, chartWidth, y+4)
	return head + chartStyle + b.String() + "</svg>\n"
}

func (b bar) svg(y int) string {
	width := math.Min(b.ours*unit, longest)
	text := fmt.Sprintf("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", barsFrom-8, y+11, html.EscapeString(b.title))
	text += fmt.Sprintf("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n", b.class, barsFrom, y, width, barHeight)
	if width == longest {
		const cut = barsFrom + longest - 30
		text += fmt.Sprintf("<path class=\"gap\" d=\"M%d %dl8 %d\"/>\n", cut, y+barHeight+2, -barHeight-4)
	}
	return text + fmt.Sprintf("<text x=\"%.1f\" y=\"%d\">%s</text>\n", barsFrom+width+6, y+11, b.label())
}

func (b bar) label() string {
	seconds := rounded(b.seconds) + " s"
	if b.class == "ours" {
		return seconds
	}
	return seconds + ", " + rounded(b.ours) + "×"
}
