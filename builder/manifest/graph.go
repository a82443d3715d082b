package manifest

import "mkbinarycache/builder/storepath"

// graph tells what refers to what, by the numbers of store paths: a cache may have
// thousands of roots, each with a closure of thousands.
type graph struct {
	paths      []Path
	numbers    map[storepath.Path]int
	references [][]int // without those that lead out of the cache
	reachedFor []int   // the walk that came by last
	walks      int
}

func newGraph(paths []Path) *graph {
	g := &graph{paths: paths, numbers: make(map[storepath.Path]int, len(paths)), references: make([][]int, len(paths)), reachedFor: make([]int, len(paths))}
	for i, path := range paths {
		g.numbers[path.Path] = i
	}
	for i, path := range paths {
		for _, reference := range path.References {
			if to, ok := g.numbers[reference]; ok {
				g.references[i] = append(g.references[i], to)
			}
		}
	}
	return g
}

func (g *graph) has(path storepath.Path) bool {
	_, ok := g.numbers[path]
	return ok
}

// closure returns the size of what the path refers to, directly or not, and of the
// path itself.
func (g *graph) closure(path storepath.Path) (size Size) {
	from, ok := g.numbers[path]
	if !ok {
		return size
	}
	g.walks++
	g.reachedFor[from] = g.walks
	for next := []int{from}; len(next) > 0; {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		size.add(g.paths[at])
		for _, to := range g.references[at] {
			if g.reachedFor[to] != g.walks {
				g.reachedFor[to] = g.walks
				next = append(next, to)
			}
		}
	}
	return size
}
