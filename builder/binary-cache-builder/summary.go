package main

import (
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/size"
)

// progress has the numbers of packed store paths and NAR bytes, and the numbers of the
// whole plan. Nix displays the progress after the derivation's name:
//
//	building binary-cache (312/900 paths, 1.4/3.9 GiB)
type progress struct {
	plan     pack.Plan
	counters *pack.Progress
}

func (p progress) percent() int64 {
	return 100 * p.counters.NarBytes.Load() / max(1, p.plan.NarSize)
}

func (p progress) String() string {
	u := size.UnitOf(p.plan.NarSize)
	return fmt.Sprintf("%d/%d paths, %s/%s %s", p.counters.Paths.Load(), len(p.plan.Paths),
		u.Amount(p.counters.NarBytes.Load()), u.Amount(p.plan.NarSize), u.Name)
}

// show writes the progress to w until stop is called, in the format in which Nix reads
// messages of a builder (handleJSONLogMessage in Nix's libutil).
//
// NB: Nix keeps the lines of this progress in the build log. So a build writes at most a
// hundred lines of progress, and none in its first half second.
func (p progress) show(w io.Writer) (stop func()) {
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(time.Second / 2)
		defer ticker.Stop()
		for lastPercent := int64(0); ; {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if percent := p.percent(); percent > lastPercent {
				fmt.Fprintf(w, "@nix {\"action\":\"setPhase\",\"phase\":%q}\n", p)
				lastPercent = percent
			}
		}
	}()
	return func() { close(done) }
}

// logSummary logs the contents of the cache and the time of the build.
func logSummary(log zerolog.Logger, plan pack.Plan, result *pack.Result, cores int, elapsed time.Duration) {
	var fileSize int64
	for _, info := range result.NarInfos {
		fileSize += int64(info.FileSize)
	}
	var patchSize, replacedSize int64
	for _, patch := range result.Patches {
		patchSize += patch.FileSize()
		replacedSize += patch.NarFileSize
		fileSize += patch.FileSize() - int64(patch.NarInfo.FileSize)
	}
	unit := "cores"
	if cores == 1 {
		unit = "core"
	}
	rate := size.Format(int64(float64(plan.NarSize) / elapsed.Seconds()))
	log.Info().Msgf("store paths  %d%s", len(result.NarInfos), optionalCounts(plan.Excluded, result.Reused))
	log.Info().Msgf("NAR size     %s", size.Format(plan.NarSize))
	log.Info().Msgf("file size    %s (%s of NAR size)", size.Format(fileSize), percentage(fileSize, plan.NarSize))
	if len(result.Patches) > 0 {
		log.Info().Msgf("patches      %d (%s instead of NAR files of %s)", len(result.Patches), size.Format(patchSize), size.Format(replacedSize))
	}
	log.Info().Msgf("time         %.1f s on %d %s (%s/s)", elapsed.Seconds(), cores, unit, rate)
	label := "largest"
	for _, info := range result.NarInfos[:min(5, len(result.NarInfos))] {
		log.Info().Msgf("%-12s %-10s %6s  %s", label, size.Format(int64(info.NarSize)), percentage(int64(info.NarSize), plan.NarSize), path.Base(info.StorePath))
		label = ""
	}
	if n := len(result.Warnings); n > 0 {
		log.Info().Msgf("warnings     %d", n)
	}
}

// optionalCounts returns the counts of excluded and reused store paths that are not zero,
// such as " (3 excluded)".
func optionalCounts(excluded, reused int) string {
	var counts []string
	if excluded > 0 {
		counts = append(counts, fmt.Sprint(excluded, " excluded"))
	}
	if reused > 0 {
		counts = append(counts, fmt.Sprint(reused, " reused"))
	}
	if counts == nil {
		return ""
	}
	return " (" + strings.Join(counts, ", ") + ")"
}

func percentage(part, whole int64) string {
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(max(1, whole)))
}
