package drv

import (
	"fmt"
	"os"
	"strings"

	"mkbinarycache/builder/storepath"
)

// derivation has the first two fields of a .drv file. The other fields, of which
// the environment is by far the longest, are not parsed.
//
// NB: go-nix's parser parses all fields, but rejects the .drv files of
// derivation_test.go, which Nix wrote.
type derivation struct {
	outputs []storepath.Path // without the outputs whose path only the build determines
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

// parseDerivation parses a .drv file, an ATerm in one of the two forms that
// parseDerivation in Nix (libstore/derivations.cc) accepts:
//
//	Derive([("out","/nix/store/…-hello","","")],[("/nix/store/…-glibc.drv",["out"]),…],…
//	DrvWithVersion("xp-dyn-drv",[("out","","","")],[("/nix/store/…-dynamic.drv",([],[…])),…],…
func parseDerivation(text, storeDir string) (*derivation, error) {
	var outputs, inputs []string
	s := &scanner{rest: text}
	form := "Derive("
	if strings.HasPrefix(s.rest, "DrvWithVersion") {
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
		return nil, fmt.Errorf("output path: %w", err)
	}
	if drv.inputs, err = storepath.ParseAll(inputs, storeDir); err != nil {
		return nil, fmt.Errorf("input path: %w", err)
	}
	return &drv, nil
}

// scanner parses the text of a .drv file. It keeps the first error.
type scanner struct {
	rest string
	err  error
}

// expect skips token, with which the rest of the text must begin.
func (s *scanner) expect(token string) {
	rest, ok := strings.CutPrefix(s.rest, token)
	if s.err == nil && !ok {
		s.err = fmt.Errorf("expected %q, got %.20q", token, s.rest)
	}
	s.rest = rest
}

// quotedString skips a quoted string and returns it without the quotes. It does not
// unescape: names, hashes and paths have no escaped characters.
func (s *scanner) quotedString() string {
	s.expect(`"`)
	text, rest, _ := strings.Cut(s.rest, `"`)
	s.rest = rest
	return strings.Clone(text) // a substring would keep the whole file in memory
}

// list skips a list. To skip each member of the list, it calls the function member.
func (s *scanner) list(member func()) {
	s.expect("[")
	for first := true; s.err == nil && !strings.HasPrefix(s.rest, "]"); first = false {
		if !first {
			s.expect(",")
		}
		member()
	}
	s.expect("]")
}

// output skips an output, (NAME,PATH,METHOD,HASH), and returns its path. The path is
// empty for a floating content-addressed output and for outputs that depend on one: only
// the build determines such a path.
func (s *scanner) output() string {
	s.expect("(")
	s.quotedString()
	s.expect(",")
	path := s.quotedString()
	for range 2 {
		s.expect(",")
		s.quotedString()
	}
	s.expect(")")
	return path
}

// input skips an input, (DRV,NAMES), and returns DRV, the path of its .drv file.
func (s *scanner) input() string {
	s.expect("(")
	path := s.quotedString()
	s.expect(",")
	s.outputNames()
	s.expect(")")
	return path
}

// outputNames skips output names: [NAME,…] or, if an output is itself a .drv file
// whose outputs are inputs, ([NAME,…],[(NAME,NAMES),…]).
func (s *scanner) outputNames() {
	if !strings.HasPrefix(s.rest, "(") {
		s.list(func() { s.quotedString() })
		return
	}
	s.expect("(")
	s.list(func() { s.quotedString() })
	s.expect(",")
	s.list(func() { s.input() })
	s.expect(")")
}
