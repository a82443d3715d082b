package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// measured is what came out on this machine.
type measured struct {
	size   float64 // megabytes of NARs
	rates  rates   // each stage by itself
	stages stages  // of shards on two machines, which are two stores here
	total  float64 // seconds
}

// machines is how many builders there are, each with one core.
const machines = 2

// measure takes the rates. NB: a core has less to give where its neighbours are
// busy too, so that what it compresses is measured with as many as machines.
func (n *nix) measure() (*measured, error) {
	n.do(n.build("nothing"))
	// Evaluation, the start of Nix, the sandbox.
	_, nothing := n.do(n.build("nothing", "--check"))
	whole, pack := n.do(n.build("whole", "--cores", fmt.Sprint(machines)))
	paths, _ := n.do(n.build("rootPaths"))
	_, send := n.do(n.copy("auto", n.machine("sent"), strings.Fields(paths)))
	_, substitute := n.do(n.copy("file://"+whole, filepath.Join(n.dir, "substituted"), strings.Fields(paths)))
	_, join := n.do(n.build("joined"))
	if n.err != nil {
		return nil, n.err
	}
	size, files, err := sizes(whole)
	if err != nil {
		return nil, err
	}
	m := &measured{size: size, rates: rates{
		compress:   size / (pack - nothing) / machines,
		ratio:      files / size,
		send:       size / send,
		substitute: size / substitute,
		join:       files / (join - nothing),
	}}
	return m, m.share(n)
}

// sizes adds up what a cache holds, in megabytes of NARs and of files.
func sizes(cache string) (nars, files float64, err error) {
	names, err := filepath.Glob(cache + "/*.narinfo")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return 0, 0, err
		}
		nars += field(string(text), "\nNarSize: ") / 1e6
		files += field(string(text), "\nFileSize: ") / 1e6
	}
	return nars, files, err
}

func field(narinfo, name string) (value float64) {
	_, rest, _ := strings.Cut(narinfo, name)
	_, _ = fmt.Sscan(rest, &value) // what the builder writes, the tests look at
	return value
}

// share builds two shards on two machines, and takes the time of the lines in
// Nix's log that end a stage, of the last shard.
func (m *measured) share(n *nix) error {
	builders := n.machine("one") + " - - 1 \n" + n.machine("two") + " - - 1"
	cmd := n.command(n.build("sharded", "--max-jobs", "1", "--builders", builders))
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	var begun, sent, packed, back float64
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		now, line := time.Since(start).Seconds(), lines.Text()
		isBuilding := strings.HasPrefix(line, "building '")
		switch {
		case isBuilding && strings.Contains(line, ".drv' on '"):
			begun = now
		case isBuilding && strings.Contains(line, "-shard-"):
			sent = now
		case line == "copying 1 paths...":
			packed = now
		case isBuilding:
			back = now
		}
	}
	err = errors.Join(lines.Err(), cmd.Wait())
	m.total = time.Since(start).Seconds()
	m.stages = stages{send: sent - begun, pack: packed - sent, back: back - packed, join: m.total - back}
	return err
}
