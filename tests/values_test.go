package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A cell of the table of accepted values in docs/arguments.md. value is a Nix expression.
// expected is the expression that value resolves to, or "refused", "a copy" or "passed
// unchanged".
type cell struct{ kind, argument, value, expected string }

var tableRow = regexp.MustCompile("(?m)^\\| (.*) \\| `(.*)` \\| (.*) \\| (.*) \\| (.*) \\|$")

// cells returns the cells of the table of accepted values, four for each row.
func cells(t *testing.T) (all []cell) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "arguments.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tableRow.FindAllStringSubmatch(string(page), -1) {
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

func (c cell) isRefused() bool { return c.expected == "refused" }
func (c cell) isUnchanged() bool {
	return !c.isRefused() && c.expected != "a copy" && c.expected[0] != '`'
}

// nix returns the cell as an element of table.nix.
func (c cell) nix() string {
	expected := strings.Trim(c.expected, "`")
	switch {
	case c.isRefused():
		expected = "null"
	case c.isUnchanged():
		expected = c.value
	case c.expected == "a copy":
		expected = `"${` + c.value + `}"`
	}
	return fmt.Sprintf("{ argument = %q; value = %s; expected = %s; }\n", c.argument, c.value, expected)
}

// valuesDir returns a directory that is a flake, with the cells in table.nix and all
// files that the values name.
func valuesDir(t *testing.T, all []cell) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "values")
	hello := nix(t, "nix-build", "--no-out-link", "<nixpkgs>", "-A", "hello")
	run(t, root, "cp", "-r", "tests/testdata/values", dir)
	run(t, dir, "ln", "-s", hello, "result-1")
	run(t, dir, "ln", "-s", "result-1", "result") // a symlink to a symlink
	run(t, dir, "ln", "-s", ".", "via")
	run(t, dir, "ln", "-s", "file.txt", "latest") // does not point into the store
	table := "{ pkgs, self, inputs }: let inherit (pkgs) hello; in [\n"
	for _, c := range all {
		table += c.nix()
	}
	table = regexp.MustCompile(`/nix/store/…-hello-[0-9.]*[0-9]`).ReplaceAllLiteralString(table, hello)
	table = strings.ReplaceAll(table, "/path/to", dir) + "]\n"
	if err := os.WriteFile(filepath.Join(dir, "table.nix"), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := copyProject(filepath.Join(dir, "mkBinaryCache")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Each argument for store paths resolves each kind of value as docs/arguments.md says, in
// impure evaluation and in pure evaluation of a flake.
func TestValues(t *testing.T) {
	all := cells(t)
	dir := valuesDir(t, all)
	nixpkgs, err := findNixpkgs()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("impure", func(t *testing.T) {
		testCells(t, all, false, "nix", "eval", "--impure", "--expr", "import "+dir+"/cells.nix { }")
	})
	t.Run("pure", func(t *testing.T) {
		testCells(t, all, true, "nix", "eval", "path:"+dir+"#cells", "--no-write-lock-file", "--override-input", "nixpkgs", flakeOf(nixpkgs))
	})
}

// testCells evaluates the cells with a Nix command: cells with refused values one by one,
// and then the others together.
func testCells(t *testing.T, all []cell, isPure bool, command ...string) {
	command = append(command, "--json", "--show-trace", "--apply")
	var accepted []cell
	indexes := ""
	for i, c := range all {
		isRefused := c.isRefused() || isPure && !c.isUnchanged() && strings.Contains(c.kind, "not in pure evaluation")
		switch {
		case !isPure && strings.Contains(c.kind, "flake"): // has a value in flakes only
		case isRefused:
			t.Run(c.argument+"/"+c.kind, func(t *testing.T) {
				testRefused(t, c, append(command, fmt.Sprintf("cells: builtins.elemAt cells %d", i)))
			})
		default:
			accepted = append(accepted, c)
			indexes += fmt.Sprintf(" %d", i)
		}
	}
	var results []struct {
		Got, Expected string
		IsInput       bool
	}
	if err := json.Unmarshal([]byte(nix(t, append(command, "cells: map (builtins.elemAt cells) ["+indexes+" ]")...)), &results); err != nil {
		t.Fatal(err)
	}
	for i, c := range accepted {
		t.Run(c.argument+"/"+c.kind, func(t *testing.T) {
			if results[i].Got != results[i].Expected {
				t.Errorf("%s resolves to %q, expected %q", c.value, results[i].Got, results[i].Expected)
			}
			if !results[i].IsInput && !c.isUnchanged() {
				t.Errorf("%s: %q is not an input of the derivation", c.value, results[i].Got)
			}
		})
	}
}

// testRefused asserts that evaluation of a refused value fails with an error that names
// the argument.
func testRefused(t *testing.T, c cell, command []string) {
	out, err := nixCommand(t, command...).CombinedOutput()
	if err == nil {
		t.Fatalf("%s is accepted: %s", c.value, out)
	}
	const reason = "cannot resolve the symlink|symlink does not point into the store|more than one store path in"
	argument := "(element of )?" + c.argument
	message := regexp.MustCompile("mkBinaryCache: (invalid " + argument + ": expected .*, got |" + argument + ": (" + reason + "))")
	if !message.Match(out) {
		t.Errorf("%s: does not match %q:\n%s", c.value, message, out)
	}
}
