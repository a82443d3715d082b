package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// group has the bars of one workload.
type group struct {
	title string
	bars  []bar
}

// bar is the wall time of a candidate, in seconds and as a ratio to that of
// mkBinaryCache.
type bar struct {
	title          string
	seconds, ratio float64
	class          string // mkBinaryCache, other or bound
}

// groups returns the bars of the chart. Each Nix version has one bar, that of its faster
// setting, with or without parallel compression.
func (r *results) groups() []group {
	var groups []group
	for _, w := range r.workloads {
		g := group{title: fmt.Sprintf("%s (%s)", w.title, w.sizeSummary())}
		for _, name := range []string{
			"codec-only",
			"mkBinaryCache",
			fastest(w.samples, wall, "newest", "newest-parallel"),
			fastest(w.samples, wall, "nix", "nix-parallel"),
			"nixpkgs-style",
		} {
			if s := w.samples[name]; len(s) > 0 {
				g.bars = append(g.bars, r.bar(name, s, w.samples["mkBinaryCache"]))
			}
		}
		groups = append(groups, g)
	}
	return groups
}

func (r *results) bar(name string, samples, ours []sample) bar {
	class := map[string]string{"mkBinaryCache": "mkBinaryCache", "codec-only": "bound"}[name]
	if class == "" {
		class = "other"
	}
	for _, c := range r.candidates {
		if c.name == name {
			title := strings.TrimSuffix(r.title(c.title), ", parallel")
			return bar{title, median(metric(wall).of(samples)), ratio(samples, ours, wall), class}
		}
	}
	panic("no candidate " + name)
}

// Sizes in pixels.
const (
	chartWidth = 840
	barsFrom   = 230 // the titles are to the left
	barHeight  = 14
	rowHeight  = 18
	groupGap   = 34
	unit       = 100 // bar of mkBinaryCache
	longest    = 340 // longer bars are cut
)

// NB: an image does not know the colors of the page, so the grays are readable on
// white and on black, and the style adapts if the browser reports a dark page.
const chartStyle = `<style>
  text { font: 12px system-ui, sans-serif; fill: #6e7781 }
  .title { font-weight: 600 }
  text.mkBinaryCache { font-weight: 700; fill: #0969da }
  rect.mkBinaryCache { fill: #0969da }
  .other { fill: #afb8c1 }
  .bound { fill: none; stroke: #8c959f; stroke-dasharray: 3 2 }
  .cut { stroke: #ffffff; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9da7b3 } text.mkBinaryCache { fill: #58a6ff } rect.mkBinaryCache { fill: #58a6ff }
    .other { fill: #6e7681 } .cut { stroke: #0d1117 }
  }
</style>
`

// chart returns an SVG with the wall times as bars. The length of a bar is the ratio to
// mkBinaryCache; a bar that is too long is cut, and its label says so.
func chart(groups []group) string {
	var b strings.Builder
	b.WriteString(`<text class="title" x="0" y="12">Wall time to make a binary cache, zstd: seconds, and × mkBinaryCache (lower is better)</text>
<text x="0" y="28">Compared with nix copy and a nixpkgs-style script: a bash/perl re-implementation of nixpkgs&#39; mkBinaryCache script.</text>
`)
	y := 36
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
	width := math.Min(b.ratio*unit, longest)
	textClass := ""
	label := rounded(b.seconds) + " s"
	if b.class == "mkBinaryCache" {
		textClass = ` class="mkBinaryCache"`
	} else {
		label += ", " + rounded(b.ratio) + "×"
	}
	svg := fmt.Sprintf("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n", b.class, barsFrom, y, width, barHeight)
	if width == longest {
		const cut = barsFrom + longest - 30
		svg += fmt.Sprintf("<path class=\"cut\" d=\"M%d %dl8 %d\"/>\n", cut, y+barHeight+2, -barHeight-4)
		label += " (bar cut, not to scale)"
	}
	return fmt.Sprintf("<text%s x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", textClass, barsFrom-8, y+11, html.EscapeString(b.title)) + svg +
		fmt.Sprintf("<text%s x=\"%.1f\" y=\"%d\">%s</text>\n", textClass, barsFrom+width+6, y+11, label)
}
