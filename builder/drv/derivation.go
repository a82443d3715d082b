package drv

import (
	"fmt"
	"os"
	"strings"

	"mkbinarycache/builder/storepath"
)

// derivation is what the first two fields of a .drv file say. The other fields,
// of which the environment is by far the longest, are not looked at.
//
// NB: go-nix has a parser of all fields, which refuses much of what Nix writes:
// see TestGoNixRefusesDerivations.
type derivation struct {
	outputs []storepath.Path // less those that only the build will tell
	inputs  []storepath.Path // other .drv files
}

// readDerivation reads the .drv file at path.
func readDerivation(path storepath.Path, storeDir string) (*derivation, error) {
	data, err := os.ReadFile(string(path))
	if err != nil {
		return nil, err
	}
	drv, err := parseDerivation(string(data), storeDir)
	if err != nil {
		return nil, fmt.Errorf("malformed derivation %s: %w", path, err)
	}
	return drv, nil
}

// parseDerivation parses the contents of a .drv file, an ATerm in one of the
// two forms of parseDerivation in Nix (libstore/derivations.cc):
//
//	Derive([("out","/nix/store/…-hello","","")],[("/nix/store/…-glibc.drv",["out"]),…],…
//	DrvWithVersion("xp-dyn-drv",[("out","","","")],[("/nix/store/…-dynamic.drv",([],[…])),…],…
func parseDerivation(text, storeDir string) (*derivation, error) {
	var outputs, inputs []string
	s := &scanner{rest: text}
	form := "Derive("
	if s.next("DrvWithVersion") {
		form = `DrvWithVersion("xp-dyn-drv",`
	}
	s.expect(form)
	s.list(func() {
		if path := s.output(); path != "" {
			outputs = append(outputs, path)
		}
	})
	s.expect(",")
	s.list(func() { inputs = append(inputs, s.input()) })
	if s.err != nil {
		return nil, s.err
	}
	var drv derivation
	var err error
	if drv.outputs, err = storepath.ParseAll(outputs, storeDir); err != nil {
		return nil, fmt.Errorf("output: %w", err)
	}
	if drv.inputs, err = storepath.ParseAll(inputs, storeDir); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	return &drv, nil
}

// scanner reads a text from its start. After the first error it stays there.
type scanner struct {
	rest string
	err  error
}

// next reports whether the text goes on with token.
func (s *scanner) next(token string) bool { return strings.HasPrefix(s.rest, token) }

// expect skips token.
func (s *scanner) expect(token string) {
	rest, ok := strings.CutPrefix(s.rest, token)
	if s.err == nil && !ok {
		s.err = fmt.Errorf("%q expected before %.20q", token, s.rest)
	}
	s.rest = rest
}

// text skips a string and returns it. Names, hashes and paths have no character
// that is escaped, so that there is nothing to undo.
func (s *scanner) text() string {
	s.expect(`"`)
	text, rest, _ := strings.Cut(s.rest, `"`)
	s.rest = rest
	return strings.Clone(text) // what is kept must not keep the whole file
}

// list skips a list, each member of which member skips.
func (s *scanner) list(member func()) {
	s.expect("[")
	for first := true; s.err == nil && !s.next("]"); first = false {
		if !first {
			s.expect(",")
		}
		member()
	}
	s.expect("]")
}

// output skips an output, (NAME,PATH,METHOD,HASH), and returns its path. It is
// empty where the path depends on contents that are not there yet: of a
// floating content-addressed output, and of what is built with one.
func (s *scanner) output() string {
	s.expect("(")
	s.text()
	s.expect(",")
	path := s.text()
	for range 2 {
		s.expect(",")
		s.text()
	}
	s.expect(")")
	return path
}

// input skips an input, (DRV,NAMES), and returns its .drv.
func (s *scanner) input() string {
	s.expect("(")
	path := s.text()
	s.expect(",")
	s.names()
	s.expect(")")
	return path
}

// names skips the names of outputs: [NAME,…] or, where an output is itself a
// .drv file, with what is wanted of that, ([NAME,…],[(NAME,NAMES),…]).
func (s *scanner) names() {
	if !s.next("(") {
		s.list(func() { s.text() })
		return
	}
	s.expect("(")
	s.list(func() { s.text() })
	s.expect(",")
	s.list(func() { s.input() })
	s.expect(")")
}
