package tests

import (
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

// TestDocumentation tries what the pages show: that the commands work and print
// what is shown, and that Nix's messages are the ones that are quoted. The
// scripts begin in a directory with the pages' examples and with a copy of the
// project by the name of mkBinaryCache. There is a free $PORT.
func TestDocumentation(t *testing.T) {
	hello := nix(t, "nix-build", "--no-out-link", "<nixpkgs>", "-A", "hello")
	curl := nix(t, "nix-build", "--no-out-link", "<nixpkgs>", "-A", "curl")
	runScriptsAfter(t, "testdata/documentation", func(env *testscript.Env) error {
		dir := filepath.Join(env.WorkDir, "readme")
		env.Cd = dir
		env.Setenv("hello", hello)
		env.Setenv("curl", curl)
		// For the name of what is not to be there already.
		env.Setenv("UNIQUE", filepath.Base(filepath.Dir(env.WorkDir)))
		if err := writeExamples(dir); err != nil {
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

// tryBlocks are the commands by which scripts try the blocks of the pages. Both
// take replacements, for what is not on this machine, such as /media/usb $WORK/usb.
//
//   - console NAME [OLD NEW]... runs the commands of a block, as one script of
//     bash. They must succeed, or fail after a "!", and print what is shown.
//   - says NAME [OLD NEW]...: what ran last must have printed the message.
//
// Where a page shows a number, a version or the hash of a store path, any will do;
// and … stands for anything.
var tryBlocks = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"console": console,
	"says":    says,
}

func console(ts *testscript.TestScript, neg bool, args []string) {
	commands, shown := session(namedBlock(ts, "console", args))
	err := ts.Exec("bash", "-euo", "pipefail", "-c", commands)
	if failed := err != nil; failed != neg {
		ts.Fatalf("unexpected end: %v", err)
	}
	printed := ts.ReadFile("stdout")
	if !regexp.MustCompile(pattern(shown, ".*?")).MatchString(oneLine(printed)) {
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

// namedBlock returns the text of the block that args name, after replacements.
func namedBlock(ts *testscript.TestScript, language string, args []string) string {
	all, err := blocks()
	ts.Check(err)
	for _, b := range all {
		if len(args) > 0 && b.language == language && b.name == args[0] {
			return replace(ts, b.text, args[1:])
		}
	}
	ts.Fatalf("no page has a block of %s for %q", language, args)
	return ""
}

// replace replaces all of each odd one of replacements by the one after it.
func replace(ts *testscript.TestScript, text string, replacements []string) string {
	for pair := range slices.Chunk(replacements, 2) {
		if len(pair) != 2 || !strings.Contains(text, pair[0]) {
			ts.Fatalf("nothing to replace by %q", pair)
		}
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	return text
}

// session takes apart what stands on a screen: the commands behind "$ ", with
// the lines that they go on in, and what else there is. What the commands leave
// running ends with them.
func session(text string) (commands, shown string) {
	commands = "exec 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null || :' EXIT\n"
	goesOn := false
	for line := range strings.Lines(text) {
		command, ok := strings.CutPrefix(line, "$ ")
		if ok || goesOn {
			commands += command
			goesOn = strings.HasSuffix(command, "\\\n")
		} else {
			shown += line
		}
	}
	return commands, shown
}

var varies = regexp.MustCompile(`…|\b[0-9a-df-np-sv-z]{32}\b|[0-9]+(?:[.-][0-9]+)*`)

// pattern is the regular expression of what shown stands for, each line of which
// is separated from the next.
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

// oneLine returns text with white space of every kind as single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Where a page shows what varies, any will do, and nothing else.
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

// Commands go on in the line after a backslash.
func TestSession(t *testing.T) {
	commands, shown := session("$ one \\\n  more\nprinted\n$ two\nprinted, too\n")
	if !strings.HasSuffix(commands, "\none \\\n  more\ntwo\n") || shown != "printed\nprinted, too\n" {
		t.Errorf("commands %q, shown %q", commands, shown)
	}
}

// copyProject copies to dir what of the project is needed to use it.
func copyProject(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	cp := exec.Command("cp", "-r", "default.nix", "go.mod", "go.sum", "nix", "builder", dir)
	cp.Dir = root
	return cp.Run()
}
