package main

import (
	"fmt"
	"path"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"mkbinarycache/builder/pack"
	"mkbinarycache/builder/size"
)

// report logs what the cache has, in the end.
func report(log zerolog.Logger, plan pack.Plan, result *pack.Result, cores int, took time.Duration) {
	var fileSize int64
	for _, info := range result.NarInfos {
		fileSize += int64(info.FileSize)
	}
	log.Info().Msgf("store paths  %d%s%s", len(result.NarInfos), counted(plan.Excluded, "excluded"), counted(result.Reused, "reused"))
	log.Info().Msgf("NARs         %s", size.Format(plan.NarSize))
	log.Info().Msgf("files        %s, %s of the NARs", size.Format(fileSize), percentage(fileSize, plan.NarSize))
	log.Info().Msgf("time         %.1f s on %d cores, %s/s", took.Seconds(), cores, size.Format(int64(float64(plan.NarSize)/took.Seconds())))
	label := "largest"
	for _, info := range result.NarInfos[:min(5, len(result.NarInfos))] {
		log.Info().Msgf("%-12s %-10s %6s  %s", label, size.Format(int64(info.NarSize)), percentage(int64(info.NarSize), plan.NarSize), path.Base(info.StorePath))
		label = ""
	}
}

// counted is the end of a line: what else there is, if there is any.
func counted(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d %s", n, what)
}

func percentage(part, whole int64) string {
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(max(1, whole)))
}

// warnings counts the warnings that are logged.
type warnings struct{ count atomic.Int64 }

// Run implements zerolog.Hook.
func (w *warnings) Run(_ *zerolog.Event, level zerolog.Level, _ string) {
	if level == zerolog.WarnLevel {
		w.count.Add(1)
	}
}

// report logs how many there were, if there were any.
func (w *warnings) report(log zerolog.Logger) {
	if n := w.count.Load(); n > 0 {
		log.Info().Msgf("warnings     %d", n)
	}
}
