package drv

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"

	goderivation "github.com/nix-community/go-nix/pkg/derivation"

	"mkbinarycache/builder/storepath"
)

// otherFields has the fields that follow the inputs in a .drv file.
const otherFields = `,[],"x86_64-linux","/bin/sh",[],[("builder","/bin/sh"),("name","odd"),("out",""),("system","x86_64-linux")])`

// unusualDerivations are .drv files that Nix 2.34 wrote for derivation { name = "odd"; …
// }. go-nix's parser rejects these files; if it accepted them, it could replace the
// parser of this package.
var unusualDerivations = []struct {
	name, text      string
	outputs, inputs []string
}{
	{
		"another store directory",
		`Derive([("out","/gnu/store/m3l62cmjdkr277vwn9frw6vyckvzpqk9-odd","","")],[]` + otherFields,
		[]string{"/gnu/store/m3l62cmjdkr277vwn9frw6vyckvzpqk9-odd"}, nil,
	},
	{
		"an environment variable without a name",
		`Derive([("out","/nix/store/m3l62cmjdkr277vwn9frw6vyckvzpqk9-odd","","")],[],[],"x86_64-linux","/bin/sh",[],[("","x"),("builder","/bin/sh"),("name","odd"),("out","/nix/store/m3l62cmjdkr277vwn9frw6vyckvzpqk9-odd"),("system","x86_64-linux")])`,
		[]string{"/nix/store/m3l62cmjdkr277vwn9frw6vyckvzpqk9-odd"}, nil,
	},
	{
		"structured attributes name and Name",
		`Derive([("out","/nix/store/gsn049inzwnqw42jnnj1wdasysgargin-odd","","")],[],[],"x86_64-linux","/bin/sh",[],[("__json","{\"Name\":3,\"builder\":\"/bin/sh\",\"name\":\"odd\",\"system\":\"x86_64-linux\"}"),("out","/nix/store/gsn049inzwnqw42jnnj1wdasysgargin-odd")])`,
		[]string{"/nix/store/gsn049inzwnqw42jnnj1wdasysgargin-odd"}, nil,
	},
	{
		"two floating outputs",
		`Derive([("dev","","r:sha256",""),("out","","r:sha256","")],[]` + otherFields,
		nil, nil,
	},
	{
		"depends on a floating output",
		`Derive([("out","","","")],[("/nix/store/n41gxqmr5gbrbbwyzjx1hrdd5nyxvnsr-odd.drv",["out"])]` + otherFields,
		nil, []string{"/nix/store/n41gxqmr5gbrbbwyzjx1hrdd5nyxvnsr-odd.drv"},
	},
	{
		"depends on an output of a built derivation",
		`DrvWithVersion("xp-dyn-drv",[("out","","","")],[("/nix/store/ai93i6i3j7hddxal8yvznqvf2dyj69qb-dyn.drv.drv",([],[("out",["out"])]))]` + otherFields,
		nil, []string{"/nix/store/ai93i6i3j7hddxal8yvznqvf2dyj69qb-dyn.drv.drv"},
	},
}

func TestParseDerivation(t *testing.T) {
	for _, test := range unusualDerivations {
		t.Run(test.name, func(t *testing.T) {
			storeDir := "/nix/store"
			if strings.Contains(test.text, "/gnu/store") {
				storeDir = "/gnu/store"
			}
			drv, err := parseDerivation(test.text, storeDir)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(strs(drv.outputs), test.outputs) || !slices.Equal(strs(drv.inputs), test.inputs) {
				t.Errorf("got %+v", drv)
			}
		})
	}
}

// malformedDerivations has each kind of malformed .drv file, and a part of the expected
// error.
var malformedDerivations = []struct{ name, text, want string }{
	{"empty", ``, `expected "Derive(", got ""`},
	{"an ELF file", "\x7fELF\x02\x01\x01", `got "\x7fELF\x02\x01\x01"`},
	{"a future version", `DrvWithVersion("xp-next",[`, `got "DrvWithVersion(\"xp-n"`},
	{"truncated in the outputs", `Derive([("out","/nix/store/m3l62cmjd`, `expected ",", got ""`},
	{"truncated after the outputs", `Derive([]`, `expected ",", got ""`},
	{"truncated in the inputs", `Derive([],[("`, `expected ",", got ""`},
	{"an output with too few fields", `Derive([("out","")],[]`, `expected ",", got ")],[]"`},
	{"an output with too many fields", `Derive([("out","","","","")],[]`, `expected ")", got ",\"\")],[]"`},
	{"an output that is not a tuple", `Derive(["out"],[]`, `expected "(", got "\"out\"],[]"`},
	{"a comma too many", `Derive([("out","","",""),],[]`, `expected "(", got "],[]"`},
	{"a comma too few", `Derive([("out","","","")("dev"`, `expected ",", got "(\"dev\""`},
	{"an output outside the store", `Derive([("out","/etc/passwd","","")],[]`, `output path: malformed store path "/etc/passwd"`},
	{"an escape", `Derive([("out","/nix/store/m3l62cmjdkr277vwn9frw6vyckvzpqk9-o\n","","")],[]`, `illegal character '\\'`},
	{"an input outside the store", `Derive([],[("/etc/x.drv",["out"])]`, `input path: malformed store path "/etc/x.drv"`},
	{"an input without names", `Derive([],[("/nix/store/x.drv")]`, `expected ",", got ")]"`},
}

func TestParseMalformedDerivation(t *testing.T) {
	for _, test := range malformedDerivations {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseDerivation(test.text, "/nix/store")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func FuzzParseDerivation(f *testing.F) {
	for _, test := range unusualDerivations {
		f.Add(test.text)
	}
	for _, test := range malformedDerivations {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		drv, err := parseDerivation(text, "/nix/store")
		if err != nil {
			return
		}
		for _, path := range slices.Concat(drv.outputs, drv.inputs) {
			if _, err := storepath.Parse(string(path), "/nix/store"); err != nil {
				t.Error(err)
			}
		}
		// go-nix parses the same outputs and inputs as parseDerivation, or rejects the
		// .drv file.
		reference, err := goderivation.ReadDerivation(strings.NewReader(text))
		if err != nil {
			return
		}
		var outputs []string
		for _, output := range reference.Outputs {
			if output.Path != "" {
				outputs = append(outputs, output.Path)
			}
		}
		slices.Sort(outputs)
		if got := slices.Sorted(slices.Values(strs(drv.outputs))); !slices.Equal(got, outputs) {
			t.Errorf("outputs: got %q, want %q", got, outputs)
		}
		want := slices.Sorted(maps.Keys(reference.InputDerivations))
		if got := slices.Sorted(slices.Values(strs(drv.inputs))); !slices.Equal(got, want) {
			t.Errorf("inputs: got %q, want %q", got, want)
		}
	})
}

// The parsed store paths do not keep the text of the .drv file in memory.
func TestDerivationsAreNotKept(t *testing.T) {
	const size = 32 << 20
	text := `Derive([("out","/nix/store/1b9p07z77phvv2hf6gm9f28syp39f1ag-hello-2.12.1","","")],[],[],"` + strings.Repeat("x", size) + `"`
	drv, err := parseDerivation(text, "/nix/store")
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	runtime.KeepAlive(text)
	if freed := before - heap(); freed < size {
		t.Errorf("%d bytes were freed with the text, want at least %d", freed, size)
	}
	runtime.KeepAlive(drv)
}

// heap returns the bytes of the heap that are in use.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func strs(paths []storepath.Path) (s []string) {
	for _, p := range paths {
		s = append(s, string(p))
	}
	return s
}
