package index

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"mkbinarycache/builder/size"
)

// rowsInGroup is how many rows make a tbody, which the browser does not lay out
// until it comes near the screen.
const rowsInGroup = 100

// rowFormat is of a hash, a name, NAR and file size, each for scripts and for
// people, the ratio, and the numbers of references and referrers.
const rowFormat = `
<tr id="%[1]s"><th scope="row"><a href="#%[1]s">%[2]s <small>%[1]s</small></a><td data-n="%[3]d">%[4]s<td data-n="%[5]d">%[6]s<td>%[7]s<td>%[8]d<td>%[9]d<td>`

// renderRows returns the bodies of the table. NB: html/template takes ten
// times as long for thousands of rows; so what goes in is escaped right here.
func renderRows(table []row) string {
	var b strings.Builder
	for group := range slices.Chunk(table, rowsInGroup) {
		b.WriteString("\n<tbody>")
		for _, r := range group {
			fmt.Fprintf(&b, rowFormat, html.EscapeString(r.Hash), html.EscapeString(r.Name), r.NarSize, size.Format(r.NarSize),
				r.FileSize, size.Format(r.FileSize), formatPercent(r.FileSize, r.NarSize), len(r.References), r.Referrers)
			renderMore(&b, r)
		}
		b.WriteString("\n</tbody>")
	}
	return b.String()
}

// renderMore writes what a row tells only without JavaScript. The links are
// what the script knows the references by.
func renderMore(w io.Writer, r row) {
	fmt.Fprint(w, "<noscript>")
	renderLink(w, r.URL, "Archive")
	for _, file := range r.Files {
		fmt.Fprint(w, ", ")
		renderLink(w, file, label(file))
	}
	separator := "; refers to "
	if r.Self {
		fmt.Fprint(w, separator, "itself")
		separator = ", "
	}
	for _, ref := range r.References {
		hash, name := html.EscapeString(ref.Hash), html.EscapeString(ref.Name)
		if ref.Missing {
			fmt.Fprintf(w, `%s<span>%s-%s</span> (not in this cache)`, separator, hash, name)
		} else {
			fmt.Fprintf(w, `%s<a href="#%s">%s</a>`, separator, hash, name)
		}
		separator = ", "
	}
	fmt.Fprint(w, "</noscript></tr>")
}
