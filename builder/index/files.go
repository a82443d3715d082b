package index

import (
	"fmt"
	"html"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"
)

// shareOut gives each store path the files that are named after its hash, by that
// hash, and returns what is left. Archives go without saying: they have rows.
func shareOut(files []string, paths []Path) (ofPath map[string][]string, rest []string) {
	ofPath = make(map[string][]string, len(paths))
	archives := make(map[string]bool, len(paths))
	for _, path := range paths {
		ofPath[split(path.Name).Hash] = nil
		archives[path.URL] = true
	}
	for _, file := range slices.Sorted(slices.Values(files)) {
		hash, _, _ := strings.Cut(file, ".")
		_, ok := ofPath[hash]
		switch {
		case ok:
			ofPath[hash] = append(ofPath[hash], file)
		case !archives[file]:
			rest = append(rest, file)
		}
	}
	return ofPath, rest
}

// fileLabels are the links to the files of a store path, by how their names end.
var fileLabels = map[string]string{".narinfo": "narinfo", ".ls": "listing"}

func label(file string) string {
	if label, ok := fileLabels[path.Ext(file)]; ok {
		return label
	}
	return file
}

// renderFiles returns links to files that belong to no store path.
func renderFiles(files []string) string {
	var b strings.Builder
	for _, file := range files {
		renderLink(&b, file, file)
		b.WriteByte('\n')
	}
	return b.String()
}

func renderLink(w io.Writer, file, label string) {
	address := url.URL{Path: file} // whose String is never taken for a scheme's
	fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(address.String()), html.EscapeString(label))
}
