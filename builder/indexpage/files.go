package indexpage

import (
	"fmt"
	"html"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/nix-community/go-nix/pkg/narinfo"
)

// groupFiles returns the files that are named after the hash of a store path, by hash,
// and the other files. NAR files and patches are in neither result: the row of a store
// path links its NAR file or patch.
func groupFiles(files []string, infos []*narinfo.NarInfo) (byHash map[string][]string, others []string) {
	byHash = make(map[string][]string, len(infos))
	isNarFile := make(map[string]bool, len(infos))
	for _, info := range infos {
		byHash[splitBaseName(baseName(info)).hash] = nil
		isNarFile[info.URL] = true
	}
	for _, file := range slices.Sorted(slices.Values(files)) {
		hash, _, _ := strings.Cut(file, ".")
		_, ok := byHash[hash]
		switch {
		case ok:
			byHash[hash] = append(byHash[hash], file)
		case !isNarFile[file]:
			others = append(others, file)
		}
	}
	return byHash, others
}

// labels are the texts of links to files of a store path, by extension.
var labels = map[string]string{".narinfo": "narinfo", ".ls": "listing"}

// renderFiles returns links to files that do not belong to a store path.
func renderFiles(files []string) template.HTML {
	var b strings.Builder
	for _, file := range files {
		renderLink(&b, file, file)
		b.WriteByte('\n')
	}
	return template.HTML(b.String())
}

func renderLink(w io.Writer, file, label string) {
	address := url.URL{Path: file} // String adds ./ if the name looks like a scheme
	fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(address.String()), html.EscapeString(label))
}
