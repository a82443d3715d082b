package main

import (
	"fmt"
	"strings"
)

// method tells what a reader of the figures has to know.
func (r *results) method() string {
	text := fmt.Sprintf(`- Contenders take turns, for several rounds. The tables have medians; the column after the wall time has
  the fastest and the slowest run. Proportions are medians over the rounds, each taken within its round.
- Wall and CPU time (user and system) are of the whole process with all its children. Peak memory is that of the
  largest single process: nixpkgs' way has as many at once as there are cores, times three.
- The page cache has all that is read, and what is written goes to memory, so that no disk is measured: one without a
  journal takes fifty times as long to create a file for minutes after others were deleted. Each run has an empty output
  directory and an empty home.
- Each cache has a narinfo and a file of the right size for each store path, or the benchmark fails.
- nix copy is compared in the setting, with or without parallel compression, that is the better one: for wall time the
  faster, for CPU time the thriftier. The time of %s includes %d ms that tests/nix-version takes to start it.
- nixpkgs' way is a shell script that runs the same processes. It is spared the start of Python.
- mkBinaryCache with reuse has an earlier cache at hand, from before Emacs changed.
- zstd alone compresses the same NARs with the builder's encoder from memory to nowhere. Only that is timed.

`, "Nix "+r.newest, r.nixVersionTime.Milliseconds())
	text += "The commands, all with NIX_BUILD_CORES set:\n\n"
	for _, c := range r.contenders {
		line := fmt.Sprintf("- %s: `%s`\n", r.title(c.title), c.commandLine())
		if !strings.Contains(text, line) { // ours is the same for all compressions
			text += line
		}
	}
	return text
}
