package indexpage

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"io"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/size"
	"mkbinarycache/builder/storepath"
)

// rowsPerGroup is the number of rows in a tbody of the table. The browser lays out a
// tbody only when the user scrolls near it.
const rowsPerGroup = 100

// rowFormat is the format of the row of a store path: its hash, its name, its NAR size
// and file size, each as number and as text, their ratio, and the numbers of its
// references and referrers.
const rowFormat = `
<tr id="%[1]s"><th scope="row"><a href="#%[1]s">%[2]s <small>%[1]s</small></a><td data-n="%[3]d">%[4]s<td data-n="%[5]d">%[6]s<td>%[7]s<td>%[8]d<td>%[9]d<td>`

// renderRows returns the tbody elements of the table and the number of rows. The rows
// show the roots and the largest of the other store paths, largest NAR first, with the
// files that are named after the hash of the store path. NB: for thousands of rows,
// html/template would take ten times as long, so renderRows escapes the values itself.
func renderRows(p Page, files map[string][]string) (rows template.HTML, count int) {
	referrers := countReferrers(p.NarInfos)
	shown := slices.SortedFunc(slices.Values(p.NarInfos), func(a, b *narinfo.NarInfo) int {
		return cmp.Or(cmp.Compare(b.NarSize, a.NarSize), cmp.Compare(a.StorePath, b.StorePath))
	})
	isShown := map[string]bool{}
	for _, root := range p.Roots {
		isShown[root.Path.Base()] = true
	}
	for _, info := range shown {
		isShown[baseName(info)] = isShown[baseName(info)] || len(isShown) < maxRows
	}
	shown = slices.DeleteFunc(shown, func(info *narinfo.NarInfo) bool { return !isShown[baseName(info)] })
	var b strings.Builder
	for group := range slices.Chunk(shown, rowsPerGroup) {
		b.WriteString("\n<tbody>")
		for _, info := range group {
			self := splitBaseName(baseName(info))
			nar, file := int64(info.NarSize), int64(info.FileSize)
			refs := otherReferences(info, referrers, isShown)
			fmt.Fprintf(&b, rowFormat, html.EscapeString(self.hash), html.EscapeString(self.name), nar, size.Format(nar),
				file, size.Format(file), formatPercent(file, nar), len(refs), referrers[baseName(info)])
			renderNoscript(&b, info, narLabelOf(info, p.Patches), refs, files[self.hash])
		}
		b.WriteString("\n</tbody>")
	}
	return template.HTML(b.String()), len(shown)
}

// renderNoscript writes the part of a row that is shown only without JavaScript. The
// script of the page reads the references from the links in this part.
func renderNoscript(w io.Writer, info *narinfo.NarInfo, narLabel string, refs []reference, files []string) {
	fmt.Fprint(w, "<noscript>")
	renderLink(w, info.URL, narLabel)
	for _, file := range files {
		fmt.Fprint(w, ", ")
		renderLink(w, file, cmp.Or(labels[path.Ext(file)], file))
	}
	separator := "; refers to "
	if slices.Contains(info.References, baseName(info)) {
		fmt.Fprint(w, separator, "itself")
		separator = ", "
	}
	for _, ref := range refs {
		hash, name := html.EscapeString(ref.hash), html.EscapeString(ref.name)
		if ref.missing != "" {
			fmt.Fprintf(w, `%s<span>%s-%s</span> (%s)`, separator, hash, name, ref.missing)
		} else {
			fmt.Fprintf(w, `%s<a href="#%s">%s</a>`, separator, hash, name)
		}
		separator = ", "
	}
	fmt.Fprint(w, "</noscript></tr>")
}

// narLabelOf returns the text of the link to the NAR file or patch of a store path.
func narLabelOf(info *narinfo.NarInfo, patches map[storepath.Path]Patch) string {
	if patch, ok := patches[storepath.Path(info.StorePath)]; ok {
		return "patch against " + patch.Base.Name() // without the hash, which would be a reference
	}
	return "NAR file"
}

func baseName(info *narinfo.NarInfo) string { return storepath.Path(info.StorePath).Base() }

// reference is the base name of a store path in two parts, hash and name.
type reference struct {
	hash, name string
	missing    string // why the page has no row of the store path, or ""
}

func splitBaseName(base string) reference {
	hash, name, _ := strings.Cut(base, "-")
	return reference{hash: hash, name: name}
}

// otherReferences returns the references of a store path to other store paths, sorted by
// name.
func otherReferences(info *narinfo.NarInfo, inCache map[string]int, isShown map[string]bool) (refs []reference) {
	for _, base := range info.References {
		if base == baseName(info) {
			continue
		}
		ref := splitBaseName(base)
		if _, ok := inCache[base]; !ok {
			ref.missing = "not in this cache"
		} else if !isShown[base] {
			ref.missing = "not on this page"
		}
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b reference) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.hash, b.hash))
	})
	return refs
}

// countReferrers returns the number of referrers of each store path in the cache,
// by base name. A reference of a store path to itself does not count.
func countReferrers(infos []*narinfo.NarInfo) map[string]int {
	referrers := make(map[string]int, len(infos))
	for _, info := range infos {
		referrers[baseName(info)] = 0
	}
	for _, info := range infos {
		for _, base := range info.References {
			if _, ok := referrers[base]; ok && base != baseName(info) {
				referrers[base]++
			}
		}
	}
	return referrers
}

// formatCount returns a number with a comma between the thousands.
func formatCount(n any) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// formatPercent returns the ratio of file size to NAR size in percent.
func formatPercent(file, nar int64) string {
	if nar == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Floor(100*float64(file)/float64(nar)+0.5), 'f', 0, 64) + "%"
}
