package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// results is all that there is to tell.
type results struct {
	*machine
	contenders []contender
	outcomes   []*outcome
}

// write writes the report and the chart.
func (r *results) write(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "results.md"), []byte(r.markdown()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "chart.svg"), []byte(chart(r.groups())), 0o644)
}

func (r *results) markdown() string {
	var b strings.Builder
	b.WriteString("# What it takes to make a binary cache\n\n")
	b.WriteString("Written by `make bench`, which tells how in tests/bench/main.go.\n\n")
	for _, f := range r.facts {
		fmt.Fprintf(&b, "- %s: %s\n", f.name, f.value)
	}
	b.WriteString("\n## mkBinaryCache in proportion\n\n" +
		"What it takes where the others take 1, so that less is better; and how much of the speed of zstd alone it reaches.\n\n" +
		r.proportions())
	for _, o := range r.outcomes {
		b.WriteString("\n" + r.section(o))
	}
	b.WriteString("\n## How it was measured\n\n" + r.method())
	return b.String()
}

// proportions is the table of what ours takes, where others take 1.
func (r *results) proportions() string {
	head := []string{"", "wall, nixpkgs' way", "wall, " + r.title("nix copy newest"), "CPU, " + r.title("nix copy newest"),
		"size, zstd -3", "speed of zstd alone", "peak memory, MB"}
	var rows [][]string
	for _, o := range r.outcomes {
		s, ours := o.samples, o.samples["ours"]
		rows = append(rows, []string{
			o.name,
			rounded(ratio(ours, s["pipeline"], wall)),
			rounded(ratio(ours, s[least(s, wall, "newest", "newest-parallel")], wall)),
			rounded(ratio(ours, s[least(s, cpu, "newest", "newest-parallel")], cpu)),
			number(ratio(ours, s["pipeline"], size), 3),
			rounded(ratio(s["alone"], ours, wall)),
			number(median(figure(peakMemory).of(ours)), 0),
		})
	}
	return table(head, rows)
}

// section is what all contenders took on one workload.
func (r *results) section(o *outcome) string {
	text := fmt.Sprintf("## %s: %s\n\nNARs: %s.\n", o.name, o.title, o.extent())
	for _, compression := range []string{"zstd", "none", "xz"} {
		if rows := r.rows(o, compression); len(rows) > 0 {
			head := []string{compression, "runs", "wall, s", "", "to ours", "CPU, s", "to ours", "peak memory, MB", "output, MB"}
			text += "\n" + table(head, rows)
		}
	}
	for _, note := range o.notes {
		text += "\n" + note + "\n"
	}
	return text
}

// extent says how large a workload is.
func (o *outcome) extent() string {
	paths := "1 path"
	if o.paths != 1 {
		paths = fmt.Sprintf("%d paths", o.paths)
	}
	return paths + ", " + rounded(float64(o.narSize)/1e6) + " MB"
}

func (r *results) rows(o *outcome, compression string) [][]string {
	var rows [][]string
	var ours []sample
	for _, c := range r.contenders {
		s := o.samples[c.name]
		if c.compression != compression || len(s) == 0 {
			continue
		}
		if strings.HasPrefix(c.name, "ours") {
			ours = s
		}
		walls := figure(wall).of(s)
		rows = append(rows, []string{
			r.title(c.title),
			fmt.Sprint(len(s)),
			number(median(walls), 3),
			number(slices.Min(walls), 3) + " to " + number(slices.Max(walls), 3),
			rounded(ratio(s, ours, wall)),
			number(median(figure(cpu).of(s)), 3),
			rounded(ratio(s, ours, cpu)),
			number(median(figure(peakMemory).of(s)), 0),
			number(median(figure(size).of(s)), 2),
		})
	}
	return rows
}

// title puts the versions of Nix into a title.
func (r *results) title(title string) string {
	return strings.NewReplacer("newest", r.newest, "installed", r.nix).Replace(title)
}

func table(head []string, rows [][]string) string {
	text := line(head) + "|---" + strings.Repeat("|--:", len(head)-1) + "|\n"
	for _, row := range rows {
		text += line(row)
	}
	return text
}

func line(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// number writes a dash for what was not measured, and so does rounded.
func number(x float64, decimals int) string {
	if math.IsNaN(x) || x == 0 {
		return "–"
	}
	return fmt.Sprintf("%.*f", decimals, x)
}

// rounded has two or three digits that say something.
func rounded(x float64) string {
	switch {
	case x < 0.1:
		return fmt.Sprintf("%.2g", x)
	case x < 10:
		return number(x, 2)
	}
	return number(x, 1)
}
