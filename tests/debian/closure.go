package main

import (
	"fmt"
	"maps"
	"slices"
)

// dependencies returns one package for each clause: the first alternative that
// can be had. What nobody has, such as a package of another architecture, is an
// error only for the caller who asks for it by name.
func (a *archive) dependencies(p *pkg) []*pkg {
	var found []*pkg
	for _, clause := range p.needs {
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

// closure returns the packages of these names and all that they depend on, by name.
func (a *archive) closure(names []string) ([]*pkg, error) {
	seen := map[string]*pkg{}
	var visit func(p *pkg)
	visit = func(p *pkg) {
		if seen[p.name] == nil {
			seen[p.name] = p
			for _, d := range a.dependencies(p) {
				visit(d)
			}
		}
	}
	for _, name := range names {
		p := a.find(name)
		if p == nil {
			return nil, fmt.Errorf("apt knows no package %q", name)
		}
		visit(p)
	}
	return slices.SortedFunc(maps.Values(seen), func(p, q *pkg) int {
		if p.name < q.name {
			return -1
		}
		return 1
	}), nil
}

// acyclic returns each package's dependencies without those that close a cycle,
// for store paths cannot refer to each other in a circle. Within a cycle the
// package with more dependants is the more basic one, and does without the
// other: libc6 does without libgcc-s1. What is dropped depends on nothing but
// the archive, so that one more package never changes another's store path.
func (a *archive) acyclic(closure []*pkg) map[string][]string {
	kept := map[string][]string{}
	for _, p := range closure {
		kept[p.name] = []string{}
		for _, d := range a.dependencies(p) {
			if !a.moreBasic(p, d) || !a.reaches(d, p) {
				kept[p.name] = append(kept[p.name], d.name)
			}
		}
		slices.Sort(kept[p.name])
	}
	return kept
}

func (a *archive) moreBasic(p, q *pkg) bool {
	if a.dependants[p.name] != a.dependants[q.name] {
		return a.dependants[p.name] > a.dependants[q.name]
	}
	return p.name < q.name
}

func (a *archive) reaches(from, to *pkg) bool {
	seen := map[*pkg]bool{}
	var visit func(p *pkg) bool
	visit = func(p *pkg) bool {
		if p == to {
			return true
		}
		if seen[p] {
			return false
		}
		seen[p] = true
		return slices.ContainsFunc(a.dependencies(p), visit)
	}
	return visit(from)
}
