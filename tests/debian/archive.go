package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pkg is a binary package of Debian.
type pkg struct {
	name, version, arch, sha256 string

	// clauses has, for each clause of Pre-Depends and Depends, the names of the
	// alternative packages, the preferred one first.
	clauses [][]string

	priority int // 0 is the highest
}

// storeName is the name of the .deb in the Nix store.
func (p *pkg) storeName() string { return p.name + "-" + p.storeVersion() + ".deb" }

// storeVersion is the version without its epoch and without "~": 1:28.2~rc1 becomes
// 28.2-rc1.
func (p *pkg) storeVersion() string {
	version := p.version
	if _, after, ok := strings.Cut(version, ":"); ok {
		version = after
	}
	return strings.ReplaceAll(version, "~", "-")
}

// aptName is the file name that `apt-get download` uses.
func (p *pkg) aptName() string {
	return p.name + "_" + strings.ReplaceAll(p.version, ":", "%3a") + "_" + p.arch + ".deb"
}

// archive has the packages that apt can install.
type archive struct {
	packages  map[string]*pkg
	providers map[string][]*pkg // of a virtual package

	// dependents counts, for each package name, the packages that have it in a clause.
	dependents map[string]int
}

var priorities = []string{"required", "important", "standard", "optional"}

func readArchive() (*archive, error) {
	arch, err := output("dpkg", "--print-architecture")
	if err != nil {
		return nil, err
	}
	available, err := output("apt-cache", "dumpavail")
	if err != nil {
		return nil, err
	}
	return parseArchive(string(available), string(bytes.TrimSpace(arch))), nil
}

// parseArchive parses the output of apt-cache dumpavail: paragraphs of "Field: value"
// lines, separated by blank lines.
func parseArchive(text, arch string) *archive {
	a := &archive{packages: map[string]*pkg{}, providers: map[string][]*pkg{}, dependents: map[string]int{}}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		fields := map[string]string{}
		for line := range strings.SplitSeq(paragraph, "\n") {
			// Lines that begin with a space continue a field that is not used here.
			if key, value, ok := strings.Cut(line, ": "); ok && line[0] != ' ' {
				fields[key] = value
			}
		}
		// A package without a hash was installed by other means than apt.
		if fields["SHA256"] != "" && (fields["Architecture"] == arch || fields["Architecture"] == "all") {
			a.add(fields)
		}
	}
	return a
}

func (a *archive) add(fields map[string]string) {
	p := &pkg{
		name:     fields["Package"],
		version:  fields["Version"],
		arch:     fields["Architecture"],
		sha256:   fields["SHA256"],
		clauses:  append(parseClauses(fields["Pre-Depends"]), parseClauses(fields["Depends"])...),
		priority: slices.Index(priorities, fields["Priority"]),
	}
	if p.priority < 0 {
		p.priority = len(priorities)
	}
	a.packages[p.name] = p
	for _, name := range slices.Concat(p.clauses...) {
		a.dependents[name]++
	}
	for _, clause := range parseClauses(fields["Provides"]) {
		a.providers[clause[0]] = append(a.providers[clause[0]], p)
	}
}

// parseClauses parses "a (>= 1), b:any | c" to [[a] [b c]].
func parseClauses(field string) (clauses [][]string) {
	if field == "" {
		return nil
	}
	for clause := range strings.SplitSeq(field, ",") {
		var names []string
		for alternative := range strings.SplitSeq(clause, "|") {
			name, _, _ := strings.Cut(strings.TrimSpace(alternative), " ")
			name, _, _ = strings.Cut(name, ":")
			names = append(names, name)
		}
		clauses = append(clauses, names)
	}
	return clauses
}

// find returns the package with that name, otherwise the package with the highest
// priority that provides the name, or nil.
func (a *archive) find(name string) *pkg {
	if p := a.packages[name]; p != nil {
		return p
	}
	providers := a.providers[name]
	if len(providers) == 0 {
		return nil
	}
	return slices.MinFunc(providers, func(p, q *pkg) int {
		return cmp.Or(cmp.Compare(p.priority, q.priority), cmp.Compare(p.name, q.name))
	})
}

// dependencies returns a package for each clause of p: the first alternative that exists.
// A clause without such an alternative, only with a package of another architecture, say,
// is skipped.
func (a *archive) dependencies(p *pkg) (found []*pkg) {
	for _, clause := range p.clauses {
		for _, name := range clause {
			if d := a.find(name); d != nil {
				if d != p && !slices.Contains(found, d) {
					found = append(found, d)
				}
				break
			}
		}
	}
	return found
}

// closure returns the packages with these names and all their dependencies, sorted
// by name.
func (a *archive) closure(names []string) ([]*pkg, error) {
	seen := map[*pkg]bool{}
	for _, name := range names {
		p := a.find(name)
		if p == nil {
			return nil, fmt.Errorf("unknown Debian package %q", name)
		}
		a.visit(p, seen)
	}
	return slices.SortedFunc(maps.Keys(seen), func(p, q *pkg) int { return cmp.Compare(p.name, q.name) }), nil
}

// visit adds p and its dependencies to seen.
func (a *archive) visit(p *pkg, seen map[*pkg]bool) {
	if !seen[p] {
		seen[p] = true
		for _, d := range a.dependencies(p) {
			a.visit(d, seen)
		}
	}
}

// acyclic returns the dependencies of each package without those that close a cycle,
// because store paths cannot reference each other. In a cycle, the package with more
// dependents is the more basic one and loses its dependency on the other: libc6 loses its
// dependency on libgcc-s1. The result for a package depends only on the archive, so that
// adding a package to closure never changes the store path of another package.
func (a *archive) acyclic(closure []*pkg) map[string][]string {
	kept := map[string][]string{}
	for _, p := range closure {
		kept[p.name] = []string{}
		for _, d := range a.dependencies(p) {
			needed := map[*pkg]bool{}
			a.visit(d, needed)
			if !needed[p] || !a.isMoreBasic(p, d) {
				kept[p.name] = append(kept[p.name], d.name)
			}
		}
		slices.Sort(kept[p.name])
	}
	return kept
}

func (a *archive) isMoreBasic(p, q *pkg) bool {
	byDependents := cmp.Compare(a.dependents[q.name], a.dependents[p.name])
	return cmp.Or(byDependents, cmp.Compare(p.name, q.name)) < 0
}
