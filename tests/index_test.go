package tests

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"
	"github.com/nix-community/go-nix/pkg/nixbase32"

	"mkbinarycache/builder/indexpage"
	"mkbinarycache/builder/storepath"
)

// baseName returns the base name of a store path with the given name and a valid hash.
func baseName(name string) string {
	sum := sha256.Sum256([]byte(name))
	return nixbase32.EncodeToString(sum[:20]) + "-" + name
}

func hashOf(info *narinfo.NarInfo) string { return storepath.Path(info.StorePath).Hash() }
func nameOf(info *narinfo.NarInfo) string { return storepath.Path(info.StorePath).Base()[33:] }

// testPage returns an index page of n store paths, with prefix-0000 as the root: each
// store path references itself, up to three later ones and the last one.
func testPage(n int, prefix string) indexpage.Page {
	name := func(i int) string { return baseName(fmt.Sprintf("%s-%04d", prefix, i)) }
	page := indexpage.Page{Name: "binary-cache", StoreDir: "/nix/store", Compression: "zstd", Files: []string{"nix-cache-info"}}
	for i := range n {
		info := &narinfo.NarInfo{
			StorePath: "/nix/store/" + name(i), URL: "nar/" + name(i)[:32] + ".nar.zst",
			NarSize: uint64(100_000_000/(i+1) + i*i*37%5000 + 112), References: []string{name(i)},
		}
		info.FileSize = info.NarSize * uint64(10+i%90) / 100
		for _, j := range []int{i + 1, 2*i + 1, 3*i + 2, n - 1} {
			if i < j && j < n && !slices.Contains(info.References, name(j)) {
				info.References = append(info.References, name(j))
			}
		}
		page.NarInfos = append(page.NarInfos, info)
		page.Files = append(page.Files, info.URL, hashOf(info)+".narinfo")
	}
	return page
}

// bySize returns the narinfos of a page by NAR size, the largest first.
func bySize(page indexpage.Page) []*narinfo.NarInfo {
	return slices.SortedFunc(slices.Values(page.NarInfos), func(a, b *narinfo.NarInfo) int { return int(b.NarSize) - int(a.NarSize) })
}

// writePage writes an index page into a new directory, and returns its file URL.
func writePage(t *testing.T, page indexpage.Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := indexpage.Write(&out, page); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return "file://" + file
}

const (
	visibleRows = `[...document.querySelectorAll('tbody tr')]`
	rowNames    = visibleRows + `.map(row => row.querySelector('a').firstChild.data.trim())`
	detailName  = `document.querySelector('#detail h2')?.textContent ?? ''`
)

// openPage opens an index page of n store paths in a new browser.
func openPage(t *testing.T, n int) (*browser, indexpage.Page) {
	t.Helper()
	b, page := newBrowser(t), testPage(n, "package")
	b.open(writePage(t, page))
	b.expect(visibleRows+`.length`, n)
	return b, page
}

// The index page on a web server renders, and requests no other file.
func TestPageRendersByItself(t *testing.T) {
	var requests []string
	var lock sync.Mutex
	dir := filepath.Dir(strings.TrimPrefix(writePage(t, testPage(300, "package")), "file://"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		requests = append(requests, r.URL.Path)
		http.StripPrefix("/some/cache", http.FileServer(http.Dir(dir))).ServeHTTP(w, r)
	}))
	defer server.Close()

	b := newBrowser(t)
	b.open(server.URL + "/some/cache/")
	b.expect(visibleRows+`.length`, 300)
	b.expect(`document.querySelectorAll('#cells > a').length > 99`, true)
	b.expect(`document.querySelector('#options').textContent`, "--option substituters '"+server.URL+"/some/cache?trusted=1'")
	b.expect(`document.querySelector('#count').textContent`, "300 paths")
	lock.Lock()
	defer lock.Unlock()
	if want := []string{"/some/cache/"}; !slices.Equal(requests, want) {
		t.Errorf("the server got requests for %q, want %q", requests, want)
	}
	if got, want := requested(b), []string{server.URL + "/some/cache/"}; !slices.Equal(got, want) {
		t.Errorf("the browser sent requests for %q, want %q", got, want)
	}
}

var sent = regexp.MustCompile(`"method":"Network.requestWillBeSent".*"request":\{[^}]*\}?[^}]*"url":"([^"]*)"`)

// requested returns the URLs that the browser requested for a page, except data: URLs.
func requested(b *browser) (urls []string) {
	for _, message := range b.logged("performance") {
		if found := sent.FindStringSubmatch(message); found != nil && !strings.HasPrefix(found[1], "data:") {
			urls = append(urls, found[1])
		}
	}
	return urls
}

func TestPageSearch(t *testing.T) {
	b, page := openPage(t, 300)
	b.click("#search")
	b.press("package-029")
	b.expect(visibleRows+`.length`, 10)
	b.expect(`document.querySelectorAll('#cells > *').length`, 10)
	b.expect(`document.querySelector('#count').textContent.split(':')[0]`, "10 of 300 paths")
	b.press("5")
	b.expect(rowNames, []string{"package-0295"})
	// In the table, a search for a whole store path finds that path.
	b.eval(nil, `document.querySelector('#search').select()`)
	b.press(page.NarInfos[7].StorePath)
	b.expect(rowNames, []string{"package-0007"})
	b.press("x")
	b.expect(visibleRows+`.length`, 0)
	b.expect(`document.querySelector('#none').checkVisibility()`, true)
}

func TestPageSort(t *testing.T) {
	b, page := openPage(t, 300)
	sorted := bySize(page)
	for _, test := range []struct {
		column int // to click, from 1; 0 for none
		names  []string
		order  []any
	}{
		{0, []string{nameOf(sorted[0]), nameOf(sorted[1])}, []any{nil, "descending", nil, nil, nil, nil}},
		{2, []string{nameOf(sorted[299]), nameOf(sorted[298])}, []any{nil, "ascending", nil, nil, nil, nil}},
		{1, []string{"package-0000", "package-0001"}, []any{"ascending", nil, nil, nil, nil, nil}},
		{6, []string{"package-0299", "package-0005"}, []any{nil, nil, nil, nil, nil, "descending"}}, // by referrers
	} {
		if test.column > 0 {
			b.click(fmt.Sprintf("thead th:nth-child(%d) button", test.column))
		}
		b.expect(rowNames+`.slice(0, 2)`, test.names)
		b.expect(`[...document.querySelectorAll('thead th')].map(th => th.ariaSort)`, test.order)
	}
	for selector, want := range map[string]string{"thead th": "columnheader", "table": "table", "tbody tr": "row", "tbody th": "rowheader", "tbody td": "cell"} {
		if role := b.role(selector); role != want {
			t.Errorf("%s: got role %q, want %q", selector, role, want)
		}
	}
	// Table rows far below the screen have the accessibility role "row", too.
	if rows := b.count("row"); rows != 301 {
		t.Errorf("%d rows for 300 paths and a header", rows)
	}
}

// A copy button of the index page copies the code next to it, with the clipboard API or,
// on plain HTTP, without that API.
func TestPageCopies(t *testing.T) {
	b, page := openPage(t, 3)
	paste := func(want string) {
		t.Helper()
		b.eval(nil, `document.querySelector('#search').value = ''`)
		const controlV = "\ue009v"
		b.call("POST", b.find("#search")+"/value", map[string]string{"text": controlV}, nil)
		b.expect(`document.querySelector('#search').value`, want)
	}
	b.click("#usage .copy")
	b.expect(`document.querySelector('#usage .copy').textContent`, "Copied")
	paste(b.text(`document.querySelector('#options').textContent`) + " --option substitute true")

	b.eval(nil, `Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
	b.eval(nil, `location.hash = arguments[0]`, hashOf(page.NarInfos[1]))
	b.expect(detailName, nameOf(page.NarInfos[1]))
	b.click("#detail .copy")
	paste(page.NarInfos[1].StorePath)
}
