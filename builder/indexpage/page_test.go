package indexpage

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nix-community/go-nix/pkg/narinfo"

	"mkbinarycache/builder/storepath"
)

const (
	hello = "dc8pyljcy3xjdsskcyg2bsv1gb01gkdv-hello-2.10"
	glibc = "1b9p07z77phvv2hf6gm9f28syp39f1ag-glibc-2.40"
	extra = "mkihd8hgaz4fsq3da0gzwb2jyvmczsb6-extra"
	key   = "cache.example.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
)

func narInfo(base string, narSize, fileSize uint64, references ...string) *narinfo.NarInfo {
	return &narinfo.NarInfo{
		StorePath: "/nix/store/" + base, URL: "nar/" + base[:4] + ".nar.zst",
		NarSize: narSize, FileSize: fileSize, References: references,
	}
}

func example() Page {
	return Page{
		Name: "binary-cache", StoreDir: "/nix/store", Compression: "zstd", PublicKey: key,
		NarInfos: []*narinfo.NarInfo{
			narInfo(hello, 2048, 512, glibc, hello, extra),
			narInfo(glibc, 30_000_000, 10_000_000, glibc),
		},
		Files: []string{"nix-cache-info", "nar/dc8p.nar.zst", "nar/1b9p.nar.zst", hello[:32] + ".narinfo", hello[:32] + ".ls", glibc[:32] + ".narinfo"},
	}
}

// large returns a Page of n store paths with eight references each.
func large(n int) Page {
	name := func(i int) string { return fmt.Sprintf("%032d-package-%d", i, i%7) }
	page := Page{Name: "large", StoreDir: "/nix/store", Compression: "zstd"}
	for i := range n {
		info := narInfo(name(i), uint64(i%5)*4096, uint64(i%5)*1024)
		for j := range 8 {
			info.References = append(info.References, name(i*(j+1)%n))
		}
		page.NarInfos = append(page.NarInfos, info)
		page.Files = append(page.Files, fmt.Sprintf("%032d.narinfo", i), fmt.Sprintf("%032d.ls", i), fmt.Sprintf("debuginfo/%d", i))
	}
	return page
}

func write(t *testing.T, page Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, page); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// contents returns the text of the page between start and end.
func contents(t *testing.T, page, start, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, start)
	text, _, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("no %s in the page", start)
	}
	return text
}

// The index page contains and lacks certain texts, for each kind of cache.
func TestWrite(t *testing.T) {
	unsigned, roots, empty := example(), example(), Page{StoreDir: "/nix/store", Compression: "none"}
	unsigned.PublicKey = ""
	roots.Roots = []Root{
		{Attribute: "hello-2.10", Path: "/nix/store/" + hello, NarSize: 30_002_048, FileSize: 10_000_512},
		{Attribute: "extra", Path: "/nix/store/" + extra, NotInCache: true},
	}
	unsignedRoots := roots
	unsignedRoots.PublicKey = ""
	for name, test := range map[string]struct {
		page            Page
		contains, lacks []string
	}{
		"signed": {example(), []string{
			`<dd>2</dd>`,
			`<dt>Unpacked</dt><dd title="NAR size: 30,002,048 bytes">28.6 MiB</dd>`,
			`<dt>Packed, zstd</dt><dd title="file size: 10,000,512 bytes">9.5 MiB</dd>`,
			`<dt>Ratio</dt><dd>33%</dd>`,
			`signed by <code>cache.example.org-1</code>`,
			`--option trusted-public-keys</span> ` + html.EscapeString(key),
			// The table is complete: without JavaScript, nothing else shows the store
			// paths.
			`<tbody>
<tr id="1b9p07z77phvv2hf6gm9f28syp39f1ag"><th scope="row"><a href="#1b9p07z77phvv2hf6gm9f28syp39f1ag">glibc-2.40 <small>1b9p07z77phvv2hf6gm9f28syp39f1ag</small></a>` +
				`<td data-n="30000000">28.6 MiB<td data-n="10000000">9.5 MiB<td>33%<td>0<td>1<td><noscript><a href="nar/1b9p.nar.zst">NAR file</a>, <a href="1b9p07z77phvv2hf6gm9f28syp39f1ag.narinfo">narinfo</a>; refers to itself</noscript></tr>
<tr id="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv"><th scope="row"><a href="#dc8pyljcy3xjdsskcyg2bsv1gb01gkdv">hello-2.10 <small>dc8pyljcy3xjdsskcyg2bsv1gb01gkdv</small></a>` +
				`<td data-n="2048">2.0 KiB<td data-n="512">512 B<td>25%<td>2<td>0<td><noscript><a href="nar/dc8p.nar.zst">NAR file</a>, <a href="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv.ls">listing</a>, ` +
				`<a href="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv.narinfo">narinfo</a>; refers to itself, ` +
				`<span>mkihd8hgaz4fsq3da0gzwb2jyvmczsb6-extra</span> (not in this cache), <a href="#1b9p07z77phvv2hf6gm9f28syp39f1ag">glibc-2.40</a></noscript></tr>
</tbody>`,
			`<noscript><details id="other-files"><summary>Other files</summary>
<p><a href="nix-cache-info">nix-cache-info</a>
</p></details></noscript>`,
		}, []string{"?trusted=1", "not signed", `id="roots"`, "Install the roots"}},
		"unsigned": {unsigned, []string{"?trusted=1", "This cache is not signed"}, []string{"trusted-public-keys", "signed by"}},
		// A root that is not in the cache has no link, because the table has no row for
		// this root.
		"roots": {roots, []string{
			`<details name="usage" open><summary>Install the roots</summary>`,
			`<li><a href="#dc8pyljcy3xjdsskcyg2bsv1gb01gkdv">hello-2.10</a> <small>closure 28.6 MiB unpacked, 9.5 MiB packed</small></li>`,
			`<li><b>extra</b> <small>` + extra + `, not in this cache</small></li>`,
			`nix-store --realise $(<span class="root-list">cat <span class="directory">/path/to/this/directory</span>/roots</span>) <span class="option">--option substituters</span> `,
			`-A &#39;&#34;hello-2.10&#34;&#39; <span class="option">--option substituters</span> <span class="cache-address">file:///path/to/this/directory</span> <span class="option">--option trusted-public-keys</span> ` + key + `</code>`,
		}, []string{`open><summary>With any Nix command`}},
		"unsigned roots": {unsignedRoots, []string{`?trusted=1'</span></code></pre>
<p>Installs all roots.</p>`}, nil},
		"empty": {empty, []string{"This cache is empty.", "<title>Nix binary cache</title>", "<dt>Packed</dt>"}, []string{"<tbody>", "NaN", "Ratio</dt>"}},
	} {
		got := write(t, test.page)
		for _, text := range test.contains {
			if !strings.Contains(got, text) {
				t.Errorf("%s: the page lacks\n%s", name, text)
			}
		}
		for _, text := range test.lacks {
			if strings.Contains(got, text) {
				t.Errorf("%s: the page contains %q", name, text)
			}
		}
	}
	if got := write(t, roots); strings.Index(got, `id="roots"`) > strings.Index(got, `id="treemap"`) {
		t.Error("the treemap comes before the roots")
	}
}

// The row of a patched store path links the patch and names its base.
func TestPatches(t *testing.T) {
	page := example()
	page.NarInfos[0].URL, page.NarInfos[0].FileSize = "patches/dc8p.zst", 100
	page.Files[1] = "patches/dc8p.zst"
	page.Files = append(page.Files, "apply", "patches/list")
	page.Patches = map[storepath.Path]Patch{"/nix/store/" + hello: {Base: "/nix/store/" + extra, NarFileSize: 512}}
	got := write(t, page)
	for _, text := range []string{
		`<a href="patches/dc8p.zst">patch against extra</a>, <a href="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv.ls">`,
		`<a href="nar/1b9p.nar.zst">NAR file</a>`,
		`<td data-n="100">100 B<td>5%`,
		`<dt>Patches</dt><dd title="saved: 412 bytes">1, save 412 B</dd>`,
		`<p>Patches replace a NAR file. On`,
		`<a href="apply">apply</a>`, `<a href="patches/list">patches/list</a>`,
	} {
		if !strings.Contains(got, text) {
			t.Errorf("the page lacks\n%s", text)
		}
	}
	if got := write(t, example()); strings.Contains(got, "Patches") || strings.Contains(got, "patch against") {
		t.Error("a page without patches mentions them")
	}
}

// The index page has exactly one link to each file, whatever the name of the file.
func TestFiles(t *testing.T) {
	page := example()
	page.Files = append(page.Files, "debuginfo/0123.debug", "log/a b:c", "a:b", extra[:32]+".narinfo", hello[:32], hello[:32]+".more")
	got := write(t, page)
	for _, file := range page.Files {
		address := url.URL{Path: file}
		if n := strings.Count(got, `href="`+address.String()+`"`); n != 1 {
			t.Errorf("%s has %d links", file, n)
		}
	}
}

// The index page has the same bytes for any order of files, narinfos and references. The
// page in this test has more rows than fit into one tbody.
func TestDeterminism(t *testing.T) {
	page := large(2*rowsPerGroup + 1)
	want := write(t, page)
	if groups, rows := strings.Count(want, "<tbody>"), strings.Count(want, "<tr id="); groups != 3 || rows != len(page.NarInfos) {
		t.Errorf("%d rows in %d groups", rows, groups)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		random.Shuffle(len(page.Files), func(i, j int) { page.Files[i], page.Files[j] = page.Files[j], page.Files[i] })
		random.Shuffle(len(page.NarInfos), func(i, j int) { page.NarInfos[i], page.NarInfos[j] = page.NarInfos[j], page.NarInfos[i] })
		for _, info := range page.NarInfos {
			slices.Reverse(info.References)
		}
		if write(t, page) != want {
			t.Fatal("another order gives another page")
		}
	}
}

// The page of a large cache is small and shows the roots, the largest store paths and the
// numbers of those that it omits.
func TestLargeCache(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	page := large(20_000)
	for i := range 2000 {
		page.Roots = append(page.Roots, Root{Attribute: fmt.Sprint("root-", i), Path: storepath.Path(page.NarInfos[5*i].StorePath)})
	}
	got := write(t, page)
	if rows := strings.Count(got, "<tr id="); rows != maxRows || len(got) > 10_000_000 {
		t.Errorf("%d rows, %d bytes", rows, len(got))
	}
	for _, root := range page.Roots[:maxRoots] { // the smallest store paths
		if !strings.Contains(got, `<tr id="`+root.Path.Hash()) {
			t.Fatalf("no row of the root %s", root.Path)
		}
	}
	for _, text := range []string{"shows 5,000 of 20,000 store paths", "<dd>20,000</dd>", `And 1,000 more, listed in the file <code>roots</code>.`, "(not on this page)"} {
		if !strings.Contains(got, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	for _, row := range strings.SplitAfter(got, "</tr>")[:100] {
		for _, match := range regexp.MustCompile(`href="#(\d+)"`).FindAllStringSubmatch(row, -1) {
			if !strings.Contains(got, `<tr id="`+match[1]) {
				t.Fatalf("a link to %s, which has no row", match[1])
			}
		}
	}
}

var tag = regexp.MustCompile(`</?[a-z][a-z0-9]*`)

// A name with HTML in it does not add an element to the index page, although no store
// path can have such a name.
func TestHostileNames(t *testing.T) {
	fill := func(text string) Page {
		page := example()
		base := hello[:33] + strings.ReplaceAll(text, "/", "|") // a base name has no slash
		page.Name, page.StoreDir, page.PublicKey, page.Compression = text, text, text+":"+text, text
		page.NarInfos[0] = &narinfo.NarInfo{StorePath: "/nix/store/" + base, URL: text, NarSize: 9, References: []string{base, "x-" + text}}
		path := storepath.Path("/nix/store/" + base)
		page.Roots = []Root{{Attribute: text, Path: path}, {Attribute: "x", Path: path, NotInCache: true}}
		page.Files = []string{"x/" + text, glibc[:32] + "." + text}
		return page
	}
	want := tag.FindAllString(write(t, fill("name")), -1)
	for _, text := range []string{
		`<script>alert(1)</script>`, `</noscript><img src=x onerror=alert(1)>`, `</style><b>`, `</title><b>`,
		`"onmouseover="alert(1)`, `' autofocus onfocus='alert(1)`, `javascript:alert(1)`, "a\nb", "\xff\xfe", `{{.}}`, `&lt;b&gt;`, `]]>`, `<!--`,
	} {
		got := write(t, fill(text))
		if !slices.Equal(tag.FindAllString(got, -1), want) {
			t.Errorf("%q: the page has other elements", text)
		}
		if strings.Contains(got, `href="javascript:`) || strings.Contains(got, `"onmouseover="`) || strings.Contains(got, `' autofocus`) {
			t.Errorf("%q is not escaped", text)
		}
	}
}

// The content security policy allows the style sheet and the script of the page, and the
// page contains nothing that the policy forbids.
func TestPolicy(t *testing.T) {
	page := write(t, example())
	got := html.UnescapeString(contents(t, page, `http-equiv="Content-Security-Policy" content="`, `"`))
	want := "default-src 'none'; img-src data:; style-src '" + cspHash(contents(t, page, "<style>", "</style>")) +
		"'; script-src '" + cspHash(contents(t, page, `<script type="module">`, "</script>")) + "'; base-uri 'none'; form-action 'none'"
	if got != want {
		t.Errorf("got the policy\n%s, want\n%s", got, want)
	}
	page = strings.ReplaceAll(page, "http://www.w3.org/2000/svg", "") // a namespace, not an address
	if found := regexp.MustCompile(`\ssrc=|url\(|@import|@font-face|\sstyle=|\son[a-z]+="|https?://[^'"\s]*`).FindString(page); found != "" {
		t.Errorf("the page contains %q", found)
	}
}

// Each style sheet and script in assets is part of the index page.
func TestAssets(t *testing.T) {
	files, err := assets.ReadDir("assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text := readAssets(file.Name()); file.Name() != "page.html" && !strings.Contains(style()+script(), text) {
			t.Errorf("%s is not in the page", file.Name())
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteFails(t *testing.T) {
	if err := Write(brokenWriter{}, example()); !errors.Is(err, errBroken) {
		t.Errorf("got error %v", err)
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567"} {
		if got := formatCount(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	for want, sizes := range map[string][2]int64{"": {5, 0}, "0%": {0, 5}, "33%": {1, 3}, "67%": {2, 3}, "100%": {7, 7}, "250%": {5, 2}} {
		if got := formatPercent(sizes[0], sizes[1]); got != want {
			t.Errorf("%v: got %q, want %q", sizes, got, want)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	page := large(5000)
	for b.Loop() {
		if err := Write(io.Discard, page); err != nil {
			b.Fatal(err)
		}
	}
}
