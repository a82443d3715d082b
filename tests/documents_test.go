package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A block is what stands between two fences of a page: an example of Nix, which
// is named by its first line, commands with what they print, a quoted message,
// or a picture.
//
//	```nix
//	# package.nix
//	```console usb
//	```text unsigned
//	```mermaid
type block struct{ page, language, name, text string }

var (
	fences   = regexp.MustCompile("(?ms)^```([a-z]+)(?: ([a-z0-9-]+))?\n(.*?)^```$")
	nixTitle = regexp.MustCompile(`^# ([a-z-]+\.nix)\n`)
)

// pages are the texts that are written for users and for those who want to help.
func pages() ([]string, error) {
	inDocs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	return append(inDocs, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")), err
}

// blocks returns the blocks of all pages.
func blocks() (all []block, err error) {
	names, err := pages()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		found := fences.FindAllStringSubmatch(string(text), -1)
		if fences := strings.Count(string(text), "```"); fences != 2*len(found) {
			return nil, fmt.Errorf("%s: %d fences, of which %d are about a block", name, fences, 2*len(found))
		}
		for _, match := range found {
			all = append(all, newBlock(filepath.Base(name), match))
		}
	}
	return all, nil
}

func newBlock(page string, match []string) block {
	b := block{page: page, language: match[1], name: match[2], text: match[3]}
	if title := nixTitle.FindStringSubmatch(b.text); b.language == "nix" && title != nil {
		b.name = title[1]
	}
	return b
}

// writeExamples writes the pages' examples of Nix to dir, beside a mkBinaryCache
// as they expect it.
func writeExamples(dir string) error {
	all, err := blocks()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, b := range all {
		if b.language != "nix" {
			continue
		}
		text := strings.ReplaceAll(b.text, "/path/to/mkBinaryCache", root)
		if err := os.WriteFile(filepath.Join(dir, b.name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Every block of a page stands in a script that tries it.
func TestBlocksAreTried(t *testing.T) {
	all, err := blocks()
	if err != nil {
		t.Fatal(err)
	}
	scripts := allScripts(t)
	seen := map[string]string{}
	for _, b := range all {
		if b.language == "mermaid" {
			continue
		}
		try := map[string]string{"nix": "readme/", "console": "console ", "text": "says "}[b.language] + b.name
		switch {
		case try == b.name || b.name == "":
			t.Errorf("%s: a block of %q must be nix, console or text, and have a name", b.page, b.language)
		case seen[try] != "":
			t.Errorf("%s: %q is a block of %s too", b.page, b.name, seen[try])
		case !regexp.MustCompile(`(?m)` + regexp.QuoteMeta(try) + `([^a-z0-9-]|$)`).MatchString(scripts):
			t.Errorf("%s: no script has %q", b.page, try)
		}
		seen[try] = b.page
	}
}

func allScripts(t *testing.T) string {
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	scripts := ""
	for _, name := range names {
		script, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		scripts += string(script)
	}
	return scripts
}

var (
	links    = regexp.MustCompile(`\]\(([^)]+)\)`)
	headings = regexp.MustCompile(`(?m)^#+ (.*)$`)
	inAnchor = regexp.MustCompile("[^a-z0-9 -]")
)

// Links within the project lead somewhere.
func TestLinks(t *testing.T) {
	names, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range links.FindAllStringSubmatch(string(text), -1) {
			if strings.HasPrefix(link[1], "https://") {
				continue
			}
			file, anchor, _ := strings.Cut(link[1], "#")
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %v", filepath.Base(name), err)
			} else if anchor != "" && !hasHeading(t, target, anchor) {
				t.Errorf("%s: no heading of %s is #%s", filepath.Base(name), filepath.Base(target), anchor)
			}
		}
	}
}

// hasHeading tells whether a page has a heading that GitHub and its like link to
// as #anchor.
func hasHeading(t *testing.T, page, anchor string) bool {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, heading := range headings.FindAllStringSubmatch(string(text), -1) {
		words := inAnchor.ReplaceAllString(strings.ToLower(heading[1]), "")
		if strings.ReplaceAll(words, " ", "-") == anchor {
			return true
		}
	}
	return false
}
