package tests

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestDocumentation checks that the commands in the documentation work and print the
// output that it shows, and that Nix and the builder print the messages that it quotes.
// The testscripts start in a directory with the examples of the documentation and a copy
// of the project, named mkBinaryCache. $PORT is a free TCP port.
func TestDocumentation(t *testing.T) {
	hello := nix(t, "nix-build", "--no-out-link", "<nixpkgs>", "-A", "hello")
	curl := nix(t, "nix-build", "--no-out-link", "<nixpkgs>", "-A", "curl")
	runScriptsAfter(t, "testdata/documentation", func(env *testscript.Env) error {
		dir := filepath.Join(env.WorkDir, "readme")
		env.Cd = dir
		env.Setenv("hello", hello)
		env.Setenv("curl", curl)
		// NB: testscripts put $UNIQUE into the names of store paths that must not exist
		// yet.
		env.Setenv("UNIQUE", filepath.Base(filepath.Dir(env.WorkDir)))
		if err := errors.Join(writeExamples(dir), sshConfig(env.WorkDir)); err != nil {
			return err
		}
		if err := copyProject(filepath.Join(dir, "mkBinaryCache")); err != nil {
			return err
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		_, port, _ := net.SplitHostPort(listener.Addr().String())
		env.Setenv("PORT", port)
		return listener.Close()
	})
}

// docCommands are the commands that testscripts use to test the blocks of the
// documentation. Both commands accept replacements of paths that this machine lacks, such
// as /media/usb $WORK/usb.
//
//   - console NAME [OLD NEW]... runs the commands of the block NAME as one bash script.
//     The script must succeed and print the output in the block, or fail if the
//     testscript has "!" before console.
//   - says NAME [OLD NEW]... checks that the last command printed the message NAME.
//
// The printed text may have other numbers, versions and store path hashes than the block,
// in which … matches any text.
var docCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"console": console,
	"says":    says,
}

func console(ts *testscript.TestScript, neg bool, args []string) {
	commands, shown := session(namedBlock(ts, "console", args))
	err := ts.Exec("bash", "-euo", "pipefail", "-c", commands)
	if failed := err != nil; failed != neg {
		ts.Fatalf("unexpected result: %v", err)
	}
	printed := ts.ReadFile("stdout")
	if !neg && !regexp.MustCompile(pattern(shown, ".*?")).MatchString(oneLine(printed)) {
		ts.Fatalf("the page shows\n%s", shown)
	}
}

func says(ts *testscript.TestScript, neg bool, args []string) {
	message := namedBlock(ts, "text", args)
	printed := ts.ReadFile("stdout") + "\n" + ts.ReadFile("stderr")
	if found := regexp.MustCompile(pattern(message, " ")).MatchString(oneLine(printed)); found == neg {
		ts.Fatalf("the page quotes\n%s", message)
	}
}

// namedBlock returns the text of the block named args[0], after the replacements in
// args[1:].
func namedBlock(ts *testscript.TestScript, language string, args []string) string {
	all, err := blocks()
	ts.Check(err)
	for _, b := range all {
		if len(args) > 0 && b.language == language && b.name == args[0] {
			return replace(ts, b.text, args[1:])
		}
	}
	ts.Fatalf("no page has a %s block %q", language, args)
	return ""
}

// replace returns text after the replacements, pairs of old and new text.
func replace(ts *testscript.TestScript, text string, replacements []string) string {
	for pair := range slices.Chunk(replacements, 2) {
		if len(pair) != 2 || !strings.Contains(text, pair[0]) {
			ts.Fatalf("cannot replace %q", pair)
		}
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}

// session splits a console block into the commands after "$ ", with their continuation
// lines, and the output. Background jobs are killed after the last command.
func session(text string) (commands, shown string) {
	commands = "exec 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null || :' EXIT\n"
	continued := false
	for line := range strings.Lines(text) {
		command, ok := strings.CutPrefix(line, "$ ")
		if ok || continued {
			commands += command
			continued = strings.HasSuffix(command, "\\\n")
		} else {
			shown += line
		}
	}
	return commands, shown
}

var varies = regexp.MustCompile(`…|\b[0-9a-df-np-sv-z]{32}\b|[0-9]+(?:[.-][0-9]+)*`)

// pattern returns a regular expression that matches output like the lines of shown,
// joined by separator.
func pattern(shown, separator string) string {
	var lines []string
	for line := range strings.Lines(shown) {
		pattern, from := "", 0
		line = oneLine(line)
		for _, place := range varies.FindAllStringIndex(line, -1) {
			pattern += regexp.QuoteMeta(line[from:place[0]]) + anyOf(line[place[0]:place[1]])
			from = place[1]
		}
		lines = append(lines, pattern+regexp.QuoteMeta(line[from:]))
	}
	return strings.Join(lines, separator)
}

func anyOf(varying string) string {
	switch {
	case varying == "…":
		return ".*?"
	case len(varying) == 32:
		return "[0-9a-z]{32}"
	}
	return `[0-9][0-9a-z.+~-]*` // such as 7.88.1-10+deb12u15
}

// oneLine replaces each run of white space by one space.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// pattern matches output with other numbers, versions and store path hashes, but with no
// other text.
func TestPattern(t *testing.T) {
	const shown = "copying path '/nix/store/dc8pyljcy3xjdsskcyg2bsv1gb01gkdv-hello-2.10-3'\nfiles 3.7 MiB, … NARs\n"
	p := regexp.MustCompile("^" + pattern(shown, ".*?") + "$")
	for printed, want := range map[string]bool{
		shown: true,
		"copying path '/nix/store/gicxzzg11ary4d67f6m5f6rww6sdzg8b-hello-2.12.1'\nmore\nfiles  12 MiB, 29.5 % of the NARs": true,
		"copying path '/nix/store/gicxzzg11ary4d67f6m5f6rww6sdzg8b-curl-2.12.1'\nfiles 12 MiB, 29.5 % of the NARs":         false,
		"copying path '/nix/store/-hello-2.12.1'\nfiles 12 MiB, 29.5 % of the NARs":                                        false,
		"files 12 MiB, 29.5 % of the NARs\ncopying path '/nix/store/gicxzzg11ary4d67f6m5f6rww6sdzg8b-hello-2.12.1'":        false,
	} {
		if got := p.MatchString(oneLine(printed)); got != want {
			t.Errorf("matches %q: %v, want %v", printed, got, want)
		}
	}
}

// In a console block, a backslash continues a command on the next line.
func TestSession(t *testing.T) {
	commands, shown := session("$ one \\\n  more\nprinted\n$ two\nprinted, too\n")
	if !strings.HasSuffix(commands, "\none \\\n  more\ntwo\n") || shown != "printed\nprinted, too\n" {
		t.Errorf("commands %q, shown %q", commands, shown)
	}
}

// copyProject copies the files that a user of the project needs.
func copyProject(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	cp := exec.Command("cp", "-r", "default.nix", "go.mod", "go.sum", "nix", "builder", dir)
	cp.Dir = root
	return cp.Run()
}
