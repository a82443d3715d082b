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

	"github.com/nix-community/go-nix/pkg/nixbase32"

	"mkbinarycache/builder/index"
)

// baseName returns what may be a store path's.
func baseName(name string) string {
	sum := sha256.Sum256([]byte(name))
	return nixbase32.EncodeToString(sum[:20]) + "-" + name
}

// aClosure returns a page of n store paths in a chain of sorts, package-0000 at
// its top: each refers to itself, to three of the next, and to the last.
func aClosure(n int) index.Page {
	name := func(i int) string { return baseName(fmt.Sprintf("package-%04d", i)) }
	page := index.Page{Name: "binary-cache", StoreDir: "/nix/store", Compression: "zstd", Files: []string{"nix-cache-info"}}
	for i := range n {
		path := index.Path{
			Name: name(i), URL: "nar/" + name(i)[:32] + ".nar.zst",
			NarSize: 100_000_000/int64(i+1) + int64(i*i*37%5000) + 112, References: []string{name(i)},
		}
		path.FileSize = path.NarSize * int64(10+i%90) / 100
		for _, j := range []int{i + 1, 2*i + 1, 3*i + 2, n - 1} {
			if i < j && j < n && !slices.Contains(path.References, name(j)) {
				path.References = append(path.References, name(j))
			}
		}
		page.Paths = append(page.Paths, path)
		page.Files = append(page.Files, path.URL, name(i)[:32]+".narinfo")
	}
	return page
}

// writePage writes a page into a new directory, and returns its URL there.
func writePage(t *testing.T, page index.Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := index.Write(&out, page); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return "file://" + file
}

const visibleRows = `[...document.querySelectorAll('tbody tr')]`

// openPage opens a page of a closure in a new browser.
func openPage(t *testing.T, n int) (*browser, index.Page) {
	t.Helper()
	b, page := newBrowser(t), aClosure(n)
	b.open(writePage(t, page))
	b.expect(visibleRows+`.length`, n)
	return b, page
}

// It renders from a server, and asks it for nothing but itself.
func TestPageRendersByItself(t *testing.T) {
	var requests []string
	var lock sync.Mutex
	dir := filepath.Dir(strings.TrimPrefix(writePage(t, aClosure(300)), "file://"))
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
	if errors := b.logged("browser"); len(errors) > 0 {
		t.Errorf("the console has %q", errors)
	}
	lock.Lock()
	defer lock.Unlock()
	if want := []string{"/some/cache/"}; !slices.Equal(requests, want) {
		t.Errorf("the server was asked for %q, want %q", requests, want)
	}
	if got, want := requested(b), []string{server.URL + "/some/cache/"}; !slices.Equal(got, want) {
		t.Errorf("the browser asked for %q, want %q", got, want)
	}
}

var sent = regexp.MustCompile(`"method":"Network.requestWillBeSent".*"request":\{[^}]*\}?[^}]*"url":"([^"]*)"`)

// requested returns the URLs that the page asked for, data: and its like aside.
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
	b.expect(visibleRows+`.map(row => row.querySelector('a').firstChild.data.trim())`, []string{"package-0295"})

	// A whole store path is found, of whatever its name is part of.
	b.eval(nil, `document.querySelector('#search').select()`)
	b.press("/nix/store/" + page.Paths[7].Name)
	b.expect(visibleRows+`.map(row => row.querySelector('a').firstChild.data.trim())`, []string{"package-0007"})

	b.press("x")
	b.expect(visibleRows+`.length`, 0)
	b.expect(`document.querySelector('#none').checkVisibility()`, true)
}

func TestPageSort(t *testing.T) {
	b, page := openPage(t, 300)
	names := visibleRows + `.slice(0, 3).map(row => row.querySelector('a').firstChild.data.trim())`
	sorting := `[...document.querySelectorAll('thead th')].map(th => th.ariaSort)`
	bySize := slices.SortedFunc(slices.Values(page.Paths), func(a, b index.Path) int { return int(b.NarSize - a.NarSize) })
	name := func(path index.Path) string { return path.Name[33:] }
	b.expect(names, []string{name(bySize[0]), name(bySize[1]), name(bySize[2])})
	b.expect(sorting, []any{nil, "descending", nil, nil, nil, nil})
	b.click("thead th:nth-child(2) button")
	b.expect(names, []string{name(bySize[299]), name(bySize[298]), name(bySize[297])})
	b.expect(sorting, []any{nil, "ascending", nil, nil, nil, nil})
	b.click("thead th:nth-child(1) button")
	b.expect(names, []string{"package-0000", "package-0001", "package-0002"})
	b.expect(sorting, []any{"ascending", nil, nil, nil, nil, nil})
	b.click("thead th:nth-child(6) button") // by referrers
	b.expect(names+`[0]`, "package-0299")
	b.expect(sorting, []any{nil, nil, nil, nil, nil, "descending"})
	if role := b.role("thead th"); role != "columnheader" {
		t.Errorf("a header has the role %q", role)
	}
	for selector, want := range map[string]string{"table": "table", "tbody tr": "row", "tbody th": "rowheader", "tbody td": "cell"} {
		if role := b.role(selector); role != want {
			t.Errorf("%s: got role %q, want %q", selector, role, want)
		}
	}
	// The last rows too, far from what the screen shows.
	if rows := b.count("row"); rows != 301 {
		t.Errorf("%d rows for 300 paths and a header", rows)
	}
}
