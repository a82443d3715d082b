package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// pkg is one binary package, as apt would install it.
type pkg struct {
	name, version, arch, sha256 string

	// needs has one entry per clause of Depends and Pre-Depends: the names of
	// its alternatives, the preferred one first.
	needs [][]string

	// standing is 0 for the most important priority.
	standing int
}

// archive is all that apt could install.
type archive struct {
	packages  map[string]*pkg
	providers map[string][]*pkg // of a virtual package

	// dependants counts the packages that name this one in a clause.
	dependants map[string]int
}

var priorities = []string{"required", "important", "standard", "optional", "extra"}

func readArchive() (*archive, error) {
	arch, err := output("dpkg", "--print-architecture")
	if err != nil {
		return nil, err
	}
	available, err := output("apt-cache", "dumpavail")
	if err != nil {
		return nil, err
	}
	return parseArchive(bytes.NewReader(available), strings.TrimSpace(string(arch)))
}

// parseArchive reads paragraphs of "Field: value" lines with blank lines between.
func parseArchive(r io.Reader, arch string) (*archive, error) {
	a := &archive{
		packages:   map[string]*pkg{},
		providers:  map[string][]*pkg{},
		dependants: map[string]int{},
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20) // some packages provide thousands of names
	fields := map[string]string{}
	for lines.Scan() {
		line := lines.Text()
		if line == "" {
			a.add(fields, arch)
			clear(fields)
			continue
		}
		// A line that begins with a space continues a field that is not used.
		if key, value, ok := strings.Cut(line, ": "); ok && line[0] != ' ' {
			fields[key] = value
		}
	}
	a.add(fields, arch)
	return a, lines.Err()
}

func (a *archive) add(fields map[string]string, arch string) {
	if fields["SHA256"] == "" || fields["Architecture"] != arch && fields["Architecture"] != "all" {
		return // installed from elsewhere, or for another machine
	}
	p := &pkg{
		name:     fields["Package"],
		version:  fields["Version"],
		arch:     fields["Architecture"],
		sha256:   fields["SHA256"],
		needs:    append(clauses(fields["Pre-Depends"]), clauses(fields["Depends"])...),
		standing: len(priorities),
	}
	for i, priority := range priorities {
		if fields["Priority"] == priority {
			p.standing = i
		}
	}
	a.packages[p.name] = p
	for _, clause := range p.needs {
		for _, name := range clause {
			a.dependants[name]++
		}
	}
	for _, clause := range clauses(fields["Provides"]) {
		a.providers[clause[0]] = append(a.providers[clause[0]], p)
	}
}

// clauses splits "a (>= 1), b:any | c" into [[a] [b c]].
func clauses(field string) [][]string {
	var all [][]string
	for clause := range strings.SplitSeq(field, ",") {
		var names []string
		for alternative := range strings.SplitSeq(clause, "|") {
			name, _, _ := strings.Cut(strings.TrimSpace(alternative), " ")
			name, _, _ = strings.Cut(name, ":")
			if name != "" {
				names = append(names, name)
			}
		}
		if names != nil {
			all = append(all, names)
		}
	}
	return all
}

// find returns the package of that name, or else the most important package
// that provides it, or nil.
func (a *archive) find(name string) *pkg {
	if p := a.packages[name]; p != nil {
		return p
	}
	var best *pkg
	for _, p := range a.providers[name] {
		if best == nil || p.standing < best.standing || p.standing == best.standing && p.name < best.name {
			best = p
		}
	}
	return best
}

// output runs a command and returns what it prints.
func output(name string, args ...string) ([]byte, error) {
	out, err := exec.Command(name, args...).Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return nil, fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(exit.Stderr))
	}
	return out, err
}
