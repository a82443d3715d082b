package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A cell of the table in docs/arguments.md: what an argument makes of a value.
// Both are Nix, but for the words "refused", "as it is" and "a copy".
type cell struct{ kind, argument, value, want string }

var tableRow = regexp.MustCompile("(?m)^\\| (.*) \\| `(.*)` \\| (.*) \\| (.*) \\| (.*) \\|$")

// cells returns the cells of the table that tells what a store path may be.
func cells(t *testing.T) (all []cell) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "arguments.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## What a store path may be\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, row := range tableRow.FindAllStringSubmatch(section, -1) {
		all = append(all,
			cell{row[1], "rootPaths", row[2], row[3]},
			cell{row[1], "exclude", row[2], row[3]},
			cell{row[1], "reuse", row[2], row[4]},
			cell{row[1], "secretKeyFile", row[2], row[5]})
	}
	if len(all) < 4*20 {
		t.Fatalf("found %d cells", len(all))
	}
	return all
}

// onlyInFlake tells whether there are such values in flakes alone.
func (c cell) onlyInFlake() bool { return strings.Contains(c.kind, "flake") }

// inPureEvaluation is the cell as it is in pure evaluation.
func (c cell) inPureEvaluation() cell {
	if strings.Contains(c.kind, "not in pure evaluation") && c.want != "as it is" {
		c.want = "refused"
	}
	return c
}

// nix is the attribute that evaluates to what the argument makes of the value.
func (c cell) nix(i int) string {
	want := map[string]string{
		"refused":  "null",
		"as it is": c.value,
		"a copy":   fmt.Sprintf(`"${%s}"`, c.value),
	}[c.want]
	if want == "" {
		want = strings.Trim(c.want, "`")
	}
	return fmt.Sprintf("  cell%d = cell %q (%s) (%s);\n", i, c.argument, c.value, want)
}

// made is what an argument made of a value, and whether it is an input of the
// cache; want is what it must be.
type made struct {
	Got, Want string
	IsInput   bool
}

// valuesDir makes a directory with all that the values name, which is a flake, and
// with the cells in cells.nix.
func valuesDir(t *testing.T, all []cell) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "values")
	run(t, root, "cp", "-r", "tests/testdata/values", dir)
	hello := nix(t, "nix-build", "--no-out-link", "<nixpkgs>", "-A", "hello")
	// A link over another link, and one that leads out of the store.
	for link, target := range map[string]string{"result": "result-1", "result-1": hello, "latest": "file.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	text := `{ pkgs, self ? null, inputs ? null }: let
  inherit (pkgs) hello;
  cell = import ./cell.nix (import ./mkBinaryCache { inherit pkgs; }).mkBinaryCache;
in {
`
	for i, c := range all {
		text += c.nix(i)
	}
	text = regexp.MustCompile(`/nix/store/…-hello-[0-9.]*[0-9]`).ReplaceAllLiteralString(text, hello)
	text = strings.ReplaceAll(text, "/path/to", dir) + "}\n"
	if err := os.WriteFile(filepath.Join(dir, "cells.nix"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := copyProject(filepath.Join(dir, "mkBinaryCache")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What the page says that each argument makes of each kind of value.
func TestValues(t *testing.T) {
	var all []cell
	for _, c := range cells(t) {
		if !c.onlyInFlake() {
			all = append(all, c)
		}
	}
	dir := valuesDir(t, all)
	testCells(t, all, func(attributes string) *exec.Cmd {
		expression := "(x: " + attributes + ") (import ./cells.nix { pkgs = import <nixpkgs> { }; })"
		cmd := nixCommand(t, "nix-instantiate", "--eval", "--strict", "--json", "--read-write-mode", "--show-trace", "-E", expression)
		cmd.Dir = dir
		return cmd
	})
}

// The same in pure evaluation, in a flake.
func TestValuesInPureEvaluation(t *testing.T) {
	all := cells(t)
	for i := range all {
		all[i] = all[i].inPureEvaluation()
	}
	dir := valuesDir(t, all)
	nixpkgs, err := findNixpkgs()
	if err != nil {
		t.Fatal(err)
	}
	testCells(t, all, func(attributes string) *exec.Cmd {
		return nixCommand(t, "nix", "eval", "path:"+dir+"#cells", "--json", "--show-trace", "--no-write-lock-file",
			"--override-input", "nixpkgs", flakeOf(nixpkgs), "--apply", "x: "+attributes)
	})
}

// testCells evaluates the cells by commands that evaluate some attributes of the
// set x of all of them.
func testCells(t *testing.T, all []cell, evaluate func(attributes string) *exec.Cmd) {
	taken := ""
	for i, c := range all {
		if c.want != "refused" {
			taken += fmt.Sprintf("inherit (x) cell%d; ", i)
		}
	}
	cmd := evaluate("{ " + taken + "}")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var got map[string]made
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range all {
		t.Run(c.argument+"/"+c.kind, func(t *testing.T) {
			if c.want == "refused" {
				testRefused(t, c, evaluate(fmt.Sprintf("x.cell%d", i)))
				return
			}
			m := got[fmt.Sprintf("cell%d", i)]
			if m.Got != m.Want {
				t.Errorf("%s stands for %q, not %q", c.value, m.Got, m.Want)
			}
			if !m.IsInput && c.want != "as it is" {
				t.Errorf("%s: %q is no input of the derivation", c.value, m.Got)
			}
		})
	}
}

// What is refused, is refused by the name of the argument.
func testRefused(t *testing.T, c cell, cmd *exec.Cmd) {
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("%s is taken: %s", c.value, out)
	}
	message := regexp.MustCompile("mkBinaryCache: (each of )?" + c.argument + " must .* but it is ")
	if !message.Match(out) {
		t.Errorf("%s: does not match %q:\n%s", c.value, message, out)
	}
}
