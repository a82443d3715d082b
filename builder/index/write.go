package index

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"mkbinarycache/builder/size"
)

//go:embed assets
var assets embed.FS

// parsePage returns page.html. NB: not a variable, for a builder that writes no
// page need not wait for it.
func parsePage() *template.Template {
	return template.Must(template.New("page.html").Funcs(template.FuncMap{
		"bytes":   size.Format,
		"count":   formatCount,
		"percent": formatPercent,
	}).ParseFS(assets, "assets/page.html"))
}

// view is what page.html is filled with.
type view struct {
	Page
	Title                 string
	KeyName               string
	Count                 int64
	NarSize, FileSize     int64
	Rows, Others          template.HTML
	Style                 template.CSS
	Script                template.JS
	StyleHash, ScriptHash string
}

// Write writes the page.
func Write(w io.Writer, p Page) error {
	v := view{Page: p, Title: cmp.Or(p.Name, "Nix binary cache"), Count: int64(len(p.Paths))}
	v.KeyName, _, _ = strings.Cut(p.PublicKey, ":")
	for _, path := range p.Paths {
		v.NarSize += path.NarSize
		v.FileSize += path.FileSize
	}
	files, others := shareOut(p.Files, p.Paths)
	v.Rows, v.Others = template.HTML(renderRows(rows(p.Paths, files))), template.HTML(renderFiles(others))
	style, script := style(), script()
	v.Style, v.StyleHash = template.CSS(style), hash(style)
	v.Script, v.ScriptHash = template.JS(script), hash(script)
	buffered := bufio.NewWriter(w)
	if err := parsePage().Execute(buffered, v); err != nil {
		return err
	}
	return buffered.Flush()
}

// hash returns the name of an inline style or script in the page's policy.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// style and script are the one style sheet and the one script, of their files in
// this order.
func style() string {
	return concat("page.css", "use.css", "map.css", "table.css", "detail.css")
}

func script() string {
	return concat("data.js", "use.js", "squarify.js", "map.js", "table.js", "detail.js", "page.js")
}

func concat(names ...string) string {
	var text strings.Builder
	for _, name := range names {
		contents, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // it was embedded
		}
		text.WriteByte('\n')
		text.Write(contents)
	}
	return text.String()
}
