package tests

import (
	"strings"
	"testing"

	"mkbinarycache/builder/indexpage"
	"mkbinarycache/builder/storepath"
)

// Without JavaScript, the table of the index page is usable: a link to a store path opens
// its row, with the NAR file and the references.
func TestPageWithoutJavaScript(t *testing.T) {
	b, page := newBrowser(t), testPage(300, "package")
	b.cdp("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	url := writePage(t, page)
	b.open(url)
	const open = `[...document.querySelectorAll('td:last-child')].filter(td => td.getClientRects().length)`
	evaluate := func(expression, want string) {
		t.Helper()
		if got := b.text("String(" + expression + ")"); got != want {
			t.Errorf("%s: got %q, want %q", expression, got, want)
		}
	}
	evaluate(visibleRows+`.length`, "300")
	evaluate(`[...document.querySelectorAll('.script, button')].filter(e => e.getClientRects().length).length`, "0")
	evaluate(open+`.length`, "0")
	first, second := page.NarInfos[0], page.NarInfos[1]
	b.open(url + "#" + hashOf(first))
	evaluate(open+`.map(td => td.textContent)`, "NAR file, narinfo; refers to itself, package-0001, package-0002, package-0299")
	evaluate(open+`[0].querySelector('a').getAttribute('href')`, first.URL)
	b.click(`tr:target td:last-child a[href="#` + hashOf(second) + `"]`)
	evaluate(open+`.map(td => td.textContent)`, "NAR file, narinfo; refers to itself, package-0002, package-0003, package-0005, package-0299")
}

// The index page is never wider than the screen. In the page's table, two store paths
// whose names begin alike look different: the whole name and part of the hash are
// visible.
func TestPageFitsTheScreen(t *testing.T) {
	page := testPage(300, "package")
	long := strings.Repeat("a-long-name-", 15)
	page.NarInfos[0].StorePath = "/nix/store/" + baseName(long+"0")
	page.NarInfos[1].StorePath = "/nix/store/" + baseName(strings.Repeat("x", 200))
	page.PublicKey = strings.Repeat("k", 80) + ":6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
	page.Name = strings.Repeat("binary", 30)
	page.Roots = []indexpage.Root{
		{Attribute: strings.Repeat("x", 200), Path: storepath.Path(page.NarInfos[1].StorePath)},
		{Attribute: "y", Path: storepath.Path("/nix/store/" + baseName(long+"y")), NotInCache: true},
	}
	b := newBrowser(t)
	url := writePage(t, page)
	for _, width := range []int{320, 400, 704, 1119, 1120, 2560} {
		b.cdp("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
		for _, fragment := range []string{"", "#" + hashOf(page.NarInfos[1])} {
			b.open("about:blank")
			b.open(url + fragment)
			b.expect(`document.querySelectorAll('#cells > *').length > 0 && innerWidth`, width)
			b.expect(`document.documentElement.scrollWidth <= innerWidth`, true)
			b.expect(visibleRows+`.slice(0, 2).every(row => row.cells[0].scrollWidth <= row.cells[0].clientWidth && row.querySelector('small').clientWidth > 40)`, true)
		}
	}
}

// lowestContrast is JavaScript that returns the lowest contrast of any text with its
// background, by the formula of WCAG 2, and the element with that text.
const lowestContrast = `
	const parse = color => color.match(/[\d.]+/g).map(Number)
	const luminance = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
	const background = element => {
		for (; element; element = element.parentElement) {
			const color = parse(getComputedStyle(element).backgroundColor)
			if (color[3] !== 0) return color
		}
	}
	let lowest = [21, '']
	for (const element of document.querySelectorAll('body *')) {
		if (!element.checkVisibility() || ![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue
		const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(background(element))].sort((a, b) => a - b)
		const contrast = (b + 0.05) / (a + 0.05)
		if (contrast < lowest[0]) lowest = [contrast, element.outerHTML.slice(0, 200)]
	}
	return lowest`

// The index page differs in dark and light mode, and in both every text has the contrast
// that WCAG 2 requires for level AA.
func TestPageSchemes(t *testing.T) {
	b, page := openPage(t, 300)
	backgrounds := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.cdp("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]string{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		for _, fragment := range []string{"", hashOf(page.NarInfos[0]), hashOf(page.NarInfos[5])} {
			b.eval(nil, `location.hash = arguments[0]`, fragment)
			b.expect(`document.querySelectorAll('#cells > .selected').length === (location.hash ? 1 : 0)`, true)
			var lowest []any
			b.eval(&lowest, lowestContrast)
			if contrast := lowest[0].(float64); contrast < 4.5 {
				t.Errorf("%s: the contrast is %.2f of %s", scheme, contrast, lowest[1])
			}
		}
		backgrounds[scheme] = b.text(`getComputedStyle(document.documentElement).backgroundColor`)
	}
	if backgrounds["light"] == backgrounds["dark"] {
		t.Errorf("both modes have the background %s", backgrounds["light"])
	}
}
