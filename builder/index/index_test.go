package index

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	hello = "dc8pyljcy3xjdsskcyg2bsv1gb01gkdv-hello-2.10"
	glibc = "1b9p07z77phvv2hf6gm9f28syp39f1ag-glibc-2.40"
	extra = "mkihd8hgaz4fsq3da0gzwb2jyvmczsb6-extra"
)

func example() Page {
	return Page{
		Name: "binary-cache", StoreDir: "/nix/store", Compression: "zstd",
		PublicKey: "cache.example.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
		Paths: []Path{
			{Name: hello, URL: "nar/h.nar.zst", NarSize: 2048, FileSize: 512, References: []string{glibc, hello, extra}},
			{Name: glibc, URL: "nar/g.nar.zst", NarSize: 30_000_000, FileSize: 10_000_000, References: []string{glibc}},
		},
		Files: []string{"nix-cache-info", "nar/h.nar.zst", "nar/g.nar.zst", hello[:32] + ".narinfo", hello[:32] + ".ls", glibc[:32] + ".narinfo"},
	}
}

func write(t *testing.T, page Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, page); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The table is what there is without JavaScript, so it has it all.
func TestTable(t *testing.T) {
	got := write(t, example())
	for _, want := range []string{
		`<dd>2</dd>`,
		`<dd title="30,002,048 bytes of NARs">28.6 MiB</dd>`,
		`<dt>Files, zstd</dt><dd title="10,000,512 bytes of files">9.5 MiB</dd>`,
		`<dt>Ratio</dt><dd>33%</dd>`,
		`<tbody>
<tr id="1b9p07z77phvv2hf6gm9f28syp39f1ag"><th scope="row"><a href="#1b9p07z77phvv2hf6gm9f28syp39f1ag">glibc-2.40 <small>1b9p07z77phvv2hf6gm9f28syp39f1ag</small></a>` +
			`<td data-n="30000000">28.6 MiB<td data-n="10000000">9.5 MiB<td>33%<td>0<td>1<td><noscript><a href="nar/g.nar.zst">Archive</a>, <a href="1b9p07z77phvv2hf6gm9f28syp39f1ag.narinfo">narinfo</a>; refers to itself</noscript></tr>
<tr id="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv"><th scope="row"><a href="#dc8pyljcy3xjdsskcyg2bsv1gb01gkdv">hello-2.10 <small>dc8pyljcy3xjdsskcyg2bsv1gb01gkdv</small></a>` +
			`<td data-n="2048">2.0 KiB<td data-n="512">512 B<td>25%<td>2<td>0<td><noscript><a href="nar/h.nar.zst">Archive</a>, <a href="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv.ls">listing</a>, ` +
			`<a href="dc8pyljcy3xjdsskcyg2bsv1gb01gkdv.narinfo">narinfo</a>; refers to itself, ` +
			`<span>mkihd8hgaz4fsq3da0gzwb2jyvmczsb6-extra</span> (not in this cache), <a href="#1b9p07z77phvv2hf6gm9f28syp39f1ag">glibc-2.40</a></noscript></tr>
</tbody>`,
		`<noscript><details id="others"><summary>Other files</summary>
<p><a href="nix-cache-info">nix-cache-info</a>
</p></details></noscript>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks\n%s", want)
		}
	}
}

// Each file has one link, whatever it is and to whatever it belongs.
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

func TestGroups(t *testing.T) {
	page := Page{}
	for i := range 2*rowsInGroup + 1 {
		page.Paths = append(page.Paths, Path{Name: fmt.Sprintf("%032d-name", i), NarSize: 1})
	}
	got := write(t, page)
	if groups, rows := strings.Count(got, "<tbody>"), strings.Count(got, "<tr id="); groups != 3 || rows != len(page.Paths) {
		t.Errorf("%d rows in %d groups", rows, groups)
	}
}

// What the page says of signatures is what the cache has.
func TestUse(t *testing.T) {
	signed, page := write(t, example()), example()
	page.PublicKey = ""
	unsigned := write(t, page)
	for _, test := range []struct {
		text           string
		signed, absent bool
	}{
		{"--option trusted-public-keys cache.example.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=", true, false},
		{"signed by <code>cache.example.org-1</code>", true, false},
		{"?trusted=1", false, true},
		{"not signed", false, true},
	} {
		if strings.Contains(signed, test.text) != test.signed || strings.Contains(unsigned, test.text) != test.absent {
			t.Errorf("%q: in the signed page %t, in the unsigned %t", test.text, !test.absent, test.absent)
		}
	}
}

func TestEmptyCache(t *testing.T) {
	got := write(t, Page{StoreDir: "/nix/store", Compression: "none"})
	for _, want := range []string{"This cache is empty.", "<title>Nix binary cache</title>", "<dt>Files</dt>"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, bad := range []string{"<tbody>", "NaN", "Ratio</dt>"} {
		if strings.Contains(got, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// The order in which things come makes no difference.
func TestDeterminism(t *testing.T) {
	page := Page{Name: "many", StoreDir: "/nix/store"}
	for i := range 300 {
		path := Path{Name: fmt.Sprintf("%032d-name-%d", i, i%7), NarSize: int64(i % 5)}
		for range 5 {
			path.References = append(path.References, fmt.Sprintf("%032d-name-%d", i/2, i/2%7))
		}
		page.Files = append(page.Files, fmt.Sprintf("%032d.narinfo", i), fmt.Sprintf("%032d.ls", i), fmt.Sprintf("debuginfo/%d", i))
		page.Paths = append(page.Paths, path)
	}
	want := write(t, page)
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		random.Shuffle(len(page.Files), func(i, j int) { page.Files[i], page.Files[j] = page.Files[j], page.Files[i] })
		random.Shuffle(len(page.Paths), func(i, j int) { page.Paths[i], page.Paths[j] = page.Paths[j], page.Paths[i] })
		for _, path := range page.Paths {
			slices.Reverse(path.References)
		}
		if write(t, page) != want {
			t.Fatal("another order gives another page")
		}
	}
}

var tag = regexp.MustCompile(`</?[a-z][a-z0-9]*`)

// Store paths have no such names, and yet: whatever the names are, the page has
// the elements that it has with good ones.
func TestHostileNames(t *testing.T) {
	for _, text := range []string{
		`<script>alert(1)</script>`, `</noscript><img src=x onerror=alert(1)>`, `</style><b>`, `</title><b>`,
		`"onmouseover="alert(1)`, `' autofocus onfocus='alert(1)`, `javascript:alert(1)`, "a\nb", "\xff\xfe", `{{.}}`, `&lt;b&gt;`, `]]>`, `<!--`,
	} {
		hostile, good := example(), example()
		hostile.Name, hostile.StoreDir, hostile.PublicKey, hostile.Compression = text, text, text+":"+text, text
		for _, page := range []*Page{&hostile, &good} {
			name := "name"
			if page == &hostile {
				name = text
			}
			page.Paths[0] = Path{Name: name, URL: name, NarSize: 9, References: []string{name, "x-" + name}}
			page.Roots = []Root{{Attribute: name, Path: name}, {Attribute: "x", Path: name, Missing: true}}
			page.Files = []string{"x/" + name, glibc[:32] + "." + name}
		}
		got, want := write(t, hostile), write(t, good)
		if !slices.Equal(tag.FindAllString(got, -1), tag.FindAllString(want, -1)) {
			t.Errorf("%q: the page has other elements", text)
		}
		if strings.Contains(got, `href="javascript:`) || strings.Contains(got, `"onmouseover="`) || strings.Contains(got, `' autofocus`) {
			t.Errorf("%q: it came through", text)
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

// The roots come first, by their names; what is not in the cache has no row to lead to.
// Without them nothing on the page is about roots.
func TestRoots(t *testing.T) {
	page := example()
	if got := write(t, page); strings.Contains(got, `id="roots"`) || strings.Contains(got, "Get what it was made for") {
		t.Error("roots out of nowhere")
	}
	page.Roots = []Root{
		{Attribute: "hello-2.10", Path: hello, NarSize: 30_002_048, FileSize: 10_000_512},
		{Attribute: "extra", Path: extra, Missing: true},
	}
	got := write(t, page)
	for _, want := range []string{
		`<li><a href="#dc8pyljcy3xjdsskcyg2bsv1gb01gkdv">hello-2.10</a> <small>28.6 MiB with all that it needs, in 9.5 MiB</small></li>`,
		`<li><b>extra</b> <small>` + extra + `, not in this cache</small></li>`,
		`nix-store --realise $(<span class="list">cat <span class="directory">/path/to/this/directory</span>/roots</span>) --option substituters`,
		`-A &#39;&#34;hello-2.10&#34;&#39; --option substituters <span class="place">file:///path/to/this/directory</span> --option trusted-public-keys ` + page.PublicKey + `</code>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks\n%s", want)
		}
	}
	if strings.Index(got, `id="roots"`) > strings.Index(got, `id="map"`) {
		t.Error("the roots are not the first")
	}
	page.PublicKey = ""
	if got := write(t, page); !strings.Contains(got, `?trusted=1'</span></code></pre>
<p>All of it.</p>`) {
		t.Error("the command for an unsigned cache is another")
	}
}
