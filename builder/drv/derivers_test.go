package drv

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mkbinarycache/builder/storepath"
)

// drvFiles writes .drv files into a new store directory and returns the directory. drvs
// has the outputs and inputs of each .drv file, by file name.
func drvFiles(t *testing.T, drvs map[string][2][]string) string {
	t.Helper()
	storeDir := t.TempDir()
	for name, fields := range drvs {
		var outputs, inputs []string
		for _, output := range fields[0] {
			outputs = append(outputs, `("`+output+`","`+string(inStore(storeDir, output))+`","","")`)
		}
		for _, input := range fields[1] {
			inputs = append(inputs, `("`+string(inStore(storeDir, input))+`",["out"])`)
		}
		text := `Derive([` + strings.Join(outputs, ",") + `],[` + strings.Join(inputs, ",") + `]` + otherFields
		if err := os.WriteFile(string(inStore(storeDir, name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return storeDir
}

func inStore(storeDir, name string) storepath.Path {
	return storepath.Path(filepath.Join(storeDir, "1b9p07z77phvv2hf6gm9f28syp39f1ag-"+name))
}

func TestDerivers(t *testing.T) {
	storeDir := drvFiles(t, map[string][2][]string{
		"hello.drv": {{"hello", "hello-dev"}, {"a.drv", "b.drv"}},
		"a.drv":     {{"a", "source"}, {"c.drv"}},
		"b.drv":     {{"b", "source"}, {"c.drv"}},
		"c.drv":     {{"c", "hello", "b"}, nil},
		"other.drv": {{"other"}, nil},
	})
	hello, a, b := inStore(storeDir, "hello.drv"), inStore(storeDir, "a.drv"), inStore(storeDir, "b.drv")
	want := map[storepath.Path]storepath.Path{}
	for output, drv := range map[string]string{
		"hello": "hello.drv", "hello-dev": "hello.drv", "a": "a.drv", "b": "b.drv", "c": "c.drv",
		"source": "a.drv", // b.drv builds it, too
	} {
		want[inStore(storeDir, output)] = inStore(storeDir, drv)
	}
	got, err := Derivers([]storepath.Path{hello}, storeDir)
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}

	// If drvs contains b.drv, the deriver of source is b.drv, which is then fewer input
	// steps away from drvs than a.drv.
	want[inStore(storeDir, "source")] = b
	for _, drvs := range [][]storepath.Path{{hello, b}, {b, hello}, {b, hello, b}} {
		got, err := Derivers(drvs, storeDir)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", drvs, got, err, want)
		}
	}

	for _, drvs := range [][]storepath.Path{{a, b}, {b, a}} {
		got, err := Derivers(drvs, storeDir)
		if err != nil || got[inStore(storeDir, "source")] != a {
			t.Errorf("%q: got %v, %v, want source from %s", drvs, got, err, a)
		}
	}
}

// Each .drv file is read once: otherwise this test, with 2^59 ways from the first .drv
// file to the last, would not end.
func TestDeriversOnce(t *testing.T) {
	const levels = 60
	drvs := map[string][2][]string{}
	for i := range levels {
		below := []string{fmt.Sprint("left-", i-1, ".drv"), fmt.Sprint("right-", i-1, ".drv")}
		if i == 0 {
			below = nil
		}
		drvs[fmt.Sprint("left-", i, ".drv")] = [2][]string{{fmt.Sprint("left-", i)}, below}
		drvs[fmt.Sprint("right-", i, ".drv")] = [2][]string{{fmt.Sprint("right-", i)}, below}
	}
	storeDir := drvFiles(t, drvs)
	got, err := Derivers([]storepath.Path{inStore(storeDir, fmt.Sprint("left-", levels-1, ".drv"))}, storeDir)
	if err != nil || len(got) != 2*levels-1 {
		t.Errorf("got %d outputs, %v, want %d", len(got), err, 2*levels-1)
	}
}

// The error of Derivers names the missing or malformed .drv file.
func TestDeriversFaults(t *testing.T) {
	storeDir := drvFiles(t, map[string][2][]string{
		"top.drv":      {{"top"}, {"middle.drv"}},
		"middle.drv":   {{"middle"}, {"absent.drv"}},
		"careless.drv": {{"careless"}, {"broken.drv"}},
	})
	broken := inStore(storeDir, "broken.drv")
	if err := os.WriteFile(string(broken), []byte("Derive"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"top.drv":      string(inStore(storeDir, "absent.drv")) + ": no such file or directory",
		"careless.drv": "malformed derivation " + string(broken) + `: expected "Derive(", got "Derive"`,
	} {
		_, err := Derivers([]storepath.Path{inStore(storeDir, name)}, storeDir)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", name, err, want)
		}
	}
}
