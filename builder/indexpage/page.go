package indexpage

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"regexp"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/size"
	"mkbinarycache/builder/storepath"
)

// Page has the data of a cache that its index page shows.
type Page struct {
	Name        string // of the cache's derivation, such as binary-cache; may be empty
	StoreDir    string // such as /nix/store
	PublicKey   string // name:base64; empty if the cache is not signed
	Compression string // none, xz or zstd
	Roots       []Root // empty if the roots are not known
	NarInfos    []*narinfo.NarInfo
	Patches     map[storepath.Path]Patch // by store path; its narinfo has URL and size of the patch
	Files       []string                 // all files to link, relative to the cache
}

// Root is a root of the cache, a store path listed in rootPaths.
type Root struct {
	Attribute         string // in default.nix
	Path              storepath.Path
	NotInCache        bool
	NarSize, FileSize int64 // of the part of the closure that is in the cache
}

// Patch replaces the NAR file of a store path.
type Patch struct {
	Base        storepath.Path // store path that the target needs to apply the patch
	NarFileSize int64          // bytes of the NAR file that the patch replaces
}

// ShellQuoted returns the attribute as an argument of nix-build -A in a shell.
func (r Root) ShellQuoted() string {
	if shellSafe.MatchString(r.Attribute) {
		return r.Attribute
	}
	return "'\"" + r.Attribute + "\"'"
}

// shellSafe matches the attribute names that need no quotes, neither in the shell nor in
// an attribute path, where a dot separates two names.
var shellSafe = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_-]*$`)

// templateData holds the values that the template page.html inserts.
type templateData struct {
	Page
	Title                 string
	KeyName               string
	Count, HiddenRoots    int
	NarSize, FileSize     int64
	SavedSize             int64 // bytes that patches save
	Rows, OtherFiles      template.HTML
	RowCount              int
	Style                 template.CSS
	Script                template.JS
	StyleHash, ScriptHash string
}

// An index page shows at most maxRows store paths, maxRows other files and maxRoots
// roots. A page of 100,000 store paths would have 110 MB.
const maxRows, maxRoots = 5000, 1000

// Write writes the index page p to w.
func Write(w io.Writer, p Page) error {
	hidden := max(0, len(p.Roots)-maxRoots)
	p.Roots = p.Roots[:len(p.Roots)-hidden]
	data := templateData{Page: p, Title: cmp.Or(p.Name, "Nix binary cache"), Count: len(p.NarInfos), HiddenRoots: hidden}
	data.KeyName, _, _ = strings.Cut(p.PublicKey, ":")
	for _, info := range p.NarInfos {
		data.NarSize += int64(info.NarSize)
		data.FileSize += int64(info.FileSize)
		if patch, ok := p.Patches[storepath.Path(info.StorePath)]; ok {
			data.SavedSize += patch.NarFileSize - int64(info.FileSize)
		}
	}
	files, others := groupFiles(p.Files, p.NarInfos)
	data.Rows, data.RowCount = renderRows(p, files)
	data.OtherFiles = renderFiles(others[:min(len(others), maxRows)])
	style, script := style(), script()
	data.Style, data.StyleHash = template.CSS(style), cspHash(style)
	data.Script, data.ScriptHash = template.JS(script), cspHash(script)
	buffered := bufio.NewWriter(w)
	if err := parseTemplate().Execute(buffered, data); err != nil {
		return err
	}
	return buffered.Flush()
}

//go:embed assets
var assets embed.FS

// parseTemplate returns the template page.html. parseTemplate is a function, not a
// variable, so that a builder that writes no index page does not parse the template.
func parseTemplate() *template.Template {
	return template.Must(template.New("page.html").Funcs(template.FuncMap{
		"bytes":   size.Format,
		"count":   formatCount,
		"percent": formatPercent,
	}).ParseFS(assets, "assets/page.html"))
}

func style() string { return readAssets("style.css") }

func script() string {
	return readAssets("data.js", "usage.js", "treemap.js", "table.js", "detail.js", "main.js")
}

// readAssets returns the contents of files, one after the other.
func readAssets(names ...string) string {
	var text strings.Builder
	for _, name := range names {
		contents, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // it is embedded
		}
		text.WriteByte('\n')
		text.Write(contents)
	}
	return text.String()
}

// cspHash returns the hash source of an inline style or script for the content
// security policy.
func cspHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
