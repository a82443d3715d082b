package main

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/rs/zerolog"
)

// report logs what the cache has, in the end.
func (p *packer) report(excluded int, took time.Duration) {
	var narSize, fileSize int64
	for _, info := range p.packed {
		narSize += int64(info.NarSize)
		fileSize += int64(info.FileSize)
	}
	p.log.Info().Msgf("store paths  %d%s%s", len(p.packed), counted(excluded, "excluded"), counted(p.reused, "reused"))
	p.log.Info().Msgf("NARs         %s", size(narSize))
	p.log.Info().Msgf("files        %s, %s of the NARs", size(fileSize), percentage(fileSize, narSize))
	p.log.Info().Msgf("time         %.1f s on %d cores, %s/s", took.Seconds(), p.cores, size(int64(float64(narSize)/took.Seconds())))
	for i, info := range largest(p.packed, 5) {
		label := ""
		if i == 0 {
			label = "largest"
		}
		p.log.Info().Msgf("%-12s %-10s %6s  %s", label, size(int64(info.NarSize)), percentage(int64(info.NarSize), narSize), path.Base(info.StorePath))
	}
	if n := p.warnings.count.Load(); n > 0 {
		p.log.Info().Msgf("warnings     %d", n)
	}
}

// counted is the end of a line: what else there is, if there is any.
func counted(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s", n, what)
}

// largest returns the n largest of infos.
func largest(infos []*narinfo.NarInfo, n int) []*narinfo.NarInfo {
	sorted := slices.SortedFunc(slices.Values(infos), func(a, b *narinfo.NarInfo) int {
		return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
	})
	return sorted[:min(n, len(sorted))]
}

func percentage(part, whole int64) string {
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(max(1, whole)))
}

// unit is what numbers of bytes are told in.
type unit struct {
	name  string
	bytes float64
}

// unitOf returns the largest unit of which there is one in n bytes.
func unitOf(n int64) unit {
	u := unit{"B", 1}
	for _, name := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if float64(n) < 1024*u.bytes {
			break
		}
		u = unit{name, 1024 * u.bytes}
	}
	return u
}

func (u unit) count(n int64) float64 { return float64(n) / u.bytes }

func size(n int64) string {
	u := unitOf(n)
	if u.bytes == 1 {
		return fmt.Sprint(n, " B")
	}
	return fmt.Sprintf("%.1f %s", u.count(n), u.name)
}

// warnings counts the warnings that are logged.
type warnings struct{ count atomic.Int64 }

// Run implements zerolog.Hook.
func (w *warnings) Run(_ *zerolog.Event, level zerolog.Level, _ string) {
	if level == zerolog.WarnLevel {
		w.count.Add(1)
	}
}
