package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// nixBlock matches an example in the README, whose first line names its file.
var nixBlock = regexp.MustCompile("(?ms)^```nix\n# ([a-z]+\\.nix)\n(.*?)^```$")

// writeExamples writes the README's examples to dir, beside a mkBinaryCache as
// they expect it.
func writeExamples(dir string) error {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		return err
	}
	examples := nixBlock.FindAllStringSubmatch(string(readme), -1)
	if all := strings.Count(string(readme), "```nix\n"); len(examples) != all {
		return fmt.Errorf("README.md: %d of %d examples start with a comment that names their file", len(examples), all)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for _, example := range examples {
		text := strings.ReplaceAll(example[2], "/path/to/mkBinaryCache", root)
		if err := os.WriteFile(filepath.Join(dir, example[1]), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Every example of the README stands in a script that tries it.
func TestReadmeExamples(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "readme")
	if err := writeExamples(dir); err != nil {
		t.Fatal(err)
	}
	scripts := ""
	for _, pattern := range []string{"testdata/script/*.txtar", "testdata/options/*.txtar"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			script, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			scripts += string(script)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.Contains(scripts, "readme/"+file.Name()) {
			t.Errorf("no script tries the README's %s", file.Name())
		}
	}
}
