package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A block is a fenced block of a documentation page: a Nix example, named by its first
// line, commands with their output, or a quoted message.
//
//	```nix
//	# package.nix
//	```console usb
//	```text unsigned
type block struct{ page, language, name, text string }

var (
	fences   = regexp.MustCompile("(?ms)^```([a-z]+)(?: ([a-z0-9-]+))?\n(.*?)^```$")
	nixTitle = regexp.MustCompile(`^# ([a-z-]+\.nix)\n`)
	links    = regexp.MustCompile(`\]\(([^)]+)\)`)
	headings = regexp.MustCompile(`(?m)^#+ (.*)$`)
	inAnchor = regexp.MustCompile("[^a-z0-9 -]")
)

// pages returns the text of each documentation page for users and contributors, by file
// name.
func pages() (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		return nil, err
	}
	pages := map[string]string{}
	for _, name := range append(names, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		pages[name] = string(text)
	}
	return pages, nil
}

// blocks returns the fenced blocks of all documentation pages.
func blocks() (all []block, err error) {
	texts, err := pages()
	if err != nil {
		return nil, err
	}
	for name, text := range texts {
		found := fences.FindAllStringSubmatch(text, -1)
		if fences := strings.Count(text, "```"); fences != 2*len(found) {
			return nil, fmt.Errorf("%s: %d fences but %d blocks", name, fences, len(found))
		}
		for _, match := range found {
			b := block{filepath.Base(name), match[1], match[2], match[3]}
			if title := nixTitle.FindStringSubmatch(b.text); b.language == "nix" && title != nil {
				b.name = title[1]
			}
			all = append(all, b)
		}
	}
	return all, nil
}

// writeExamples writes the Nix examples of the documentation to dir.
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

// Every fenced block of the documentation has a name that a testscript uses.
func TestDocBlocksAreTested(t *testing.T) {
	all, err := blocks()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var scripts strings.Builder
	for _, name := range names {
		script, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		scripts.Write(script)
	}
	seen := map[string]string{}
	for _, b := range all {
		use := map[string]string{"nix": "readme/", "console": "console ", "text": "says "}[b.language] + b.name
		switch {
		case use == b.name || b.name == "":
			t.Errorf("%s: a block of %q must be nix, console or text, and have a name", b.page, b.language)
		case seen[use] != "":
			t.Errorf("%s: duplicate block %q, also in %s", b.page, b.name, seen[use])
		case !regexp.MustCompile(regexp.QuoteMeta(use) + `([^a-z0-9-]|$)`).MatchString(scripts.String()):
			t.Errorf("%s: no testscript has %q", b.page, use)
		}
		seen[use] = b.page
	}
}

// Every link of the documentation to a file or heading of the project has a target.
func TestLinks(t *testing.T) {
	texts, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		for _, link := range links.FindAllStringSubmatch(text, -1) {
			if strings.HasPrefix(link[1], "https://") {
				continue
			}
			file, anchor, _ := strings.Cut(link[1], "#")
			target := name
			if file != "" {
				target = filepath.Join(filepath.Dir(name), file)
			}
			text, err := os.ReadFile(target)
			if os.IsNotExist(err) {
				t.Errorf("%s: %v", filepath.Base(name), err)
			} else if anchor != "" && !hasHeading(string(text), anchor) {
				t.Errorf("%s: %s has no heading #%s", filepath.Base(name), filepath.Base(target), anchor)
			}
		}
	}
}

// hasHeading reports whether text has a heading that GitHub links to as #anchor.
func hasHeading(text, anchor string) bool {
	for _, heading := range headings.FindAllStringSubmatch(text, -1) {
		words := inAnchor.ReplaceAllString(strings.ToLower(heading[1]), "")
		if strings.ReplaceAll(words, " ", "-") == anchor {
			return true
		}
	}
	return false
}
