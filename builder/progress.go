package main

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"mkbinarycache/builder/attrs"
)

// progress counts what is done, for Nix to show beside the derivation's name:
//
//	building binary-cache (312/900 paths, 1.4/3.9 GiB)
type progress struct {
	paths, bytes       atomic.Int64 // store paths that are done, bytes of NARs
	allPaths, allBytes int64
}

func newProgress(paths []attrs.PathInfo) *progress {
	p := &progress{allPaths: int64(len(paths))}
	for _, path := range paths {
		p.allBytes += path.NarSize
	}
	return p
}

// Write counts the bytes of a NAR.
func (p *progress) Write(b []byte) (int, error) {
	p.add(int64(len(b)))
	return len(b), nil
}

func (p *progress) add(bytes int64) { p.bytes.Add(bytes) }

func (p *progress) pathDone() { p.paths.Add(1) }

func (p *progress) percent() int64 {
	return 100 * p.bytes.Load() / max(1, p.allBytes)
}

func (p *progress) String() string {
	u := unitOf(p.allBytes)
	return fmt.Sprintf("%d/%d paths, %.1f/%.1f %s", p.paths.Load(), p.allPaths,
		u.count(p.bytes.Load()), u.count(p.allBytes), u.name)
}

// show writes the progress to w, in the form in which Nix takes messages of a
// builder (handleJSONLogMessage in its libutil), until stop is called.
//
// NB: Nix keeps these lines in the build log. So there are no more than a
// hundred, and none of a build that is soon over.
func (p *progress) show(w io.Writer) (stop func()) {
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(time.Second / 2)
		defer ticker.Stop()
		for shown := int64(0); ; {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if percent := p.percent(); percent > shown {
				fmt.Fprintf(w, "@nix {\"action\":\"setPhase\",\"phase\":%q}\n", p)
				shown = percent
			}
		}
	}()
	return func() { close(done) }
}

// nixLog is where Nix takes messages from a builder, nowhere outside of Nix.
func nixLog(getenv func(string) string) io.Writer {
	if getenv("NIX_LOG_FD") != "2" {
		return io.Discard
	}
	return os.Stderr
}
