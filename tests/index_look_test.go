package tests

import (
	"strings"
	"testing"

	"mkbinarycache/builder/index"
)

func (b *browser) screen(width, height int) {
	b.t.Helper()
	b.cdp("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
}

func (b *browser) scheme(value string) {
	b.t.Helper()
	feature := map[string]string{"name": "prefers-color-scheme", "value": value}
	b.cdp("Emulation.setEmulatedMedia", map[string]any{"features": []any{feature}}, nil)
}

// Without JavaScript the table is the page: a link opens the row that it names,
// with the references and the archive.
func TestPageWithoutJavaScript(t *testing.T) {
	b, page := newBrowser(t), aClosure(300)
	b.cdp("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	url := writePage(t, page)
	b.open(url)
	const shown = `[...document.querySelectorAll('td:last-child')].filter(td => td.getClientRects().length)`
	evaluate := func(expression, want string) {
		t.Helper()
		if got := b.text("String(" + expression + ")"); got != want {
			t.Errorf("%s: got %q, want %q", expression, got, want)
		}
	}
	evaluate(visibleRows+`.length`, "300")
	evaluate(`document.querySelectorAll('#map, #detail, #search, #count, button').length + ' ' + [...document.querySelectorAll('.script, button')].filter(e => e.getClientRects().length).length`, "5 0")
	evaluate(shown+`.length`, "0")
	first, second := page.Paths[0], page.Paths[1]
	b.open(url + "#" + hashOf(first))
	evaluate(shown+`.map(td => td.textContent)`, "Archive, narinfo; refers to itself, package-0001, package-0002, package-0299")
	evaluate(shown+`[0].querySelector('a').getAttribute('href')`, first.URL)
	b.click(`tr:target td:last-child a[href="#` + hashOf(second) + `"]`)
	evaluate(shown+`.map(td => td.textContent)`, "Archive, narinfo; refers to itself, package-0002, package-0003, package-0005, package-0299")
}

// The page is neither wider than a phone nor than any other screen.
func TestPageFitsTheScreen(t *testing.T) {
	page := aClosure(300)
	long := strings.Repeat("a-long-name-", 15)
	page.Paths[0].Name = baseName(long + "0")
	page.Paths[1].Name = baseName(strings.Repeat("x", 200))
	page.PublicKey = strings.Repeat("k", 80) + ":6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="
	page.Name = strings.Repeat("binary", 30)
	page.Roots = []index.Root{{Attribute: strings.Repeat("x", 200), Path: page.Paths[1].Name}, {Attribute: "y", Path: baseName(long + "y"), Missing: true}}
	b := newBrowser(t)
	url := writePage(t, page)
	for _, width := range []int{320, 360, 704, 1119, 1120, 2560} {
		b.screen(width, 800)
		for _, fragment := range []string{"", "#" + hashOf(page.Paths[1])} {
			b.open("about:blank")
			b.open(url + fragment)
			b.expect(`document.querySelectorAll('#cells > *').length > 0 && innerWidth`, width)
			b.expect(`document.documentElement.scrollWidth <= innerWidth`, true)
		}
	}
}

// contrasts returns the lowest contrast of any text with what is behind it, by
// the formula of WCAG 2, and what text it is.
const contrasts = `
	const parse = colour => colour.match(/[\d.]+/g).map(Number)
	const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
	const behind = element => {
		for (; element; element = element.parentElement) {
			const colour = parse(getComputedStyle(element).backgroundColor)
			if (colour[3] !== 0) return colour
		}
	}
	let lowest = [21, '']
	for (const element of document.querySelectorAll('body *')) {
		if (!element.checkVisibility() || ![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue
		const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => a - b)
		const contrast = (b + 0.05) / (a + 0.05)
		if (contrast < lowest[0]) lowest = [contrast, element.outerHTML.slice(0, 200)]
	}
	return lowest`

// Dark and light differ, and every text can be read in both: AA of WCAG 2.
func TestPageSchemes(t *testing.T) {
	b, page := openPage(t, 300)
	backgrounds := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		for _, fragment := range []string{"", hashOf(page.Paths[0]), hashOf(page.Paths[5])} {
			b.eval(nil, `location.hash = arguments[0]`, fragment)
			b.expect(`document.querySelectorAll('#cells > .chosen').length === (location.hash ? 1 : 0)`, true)
			var lowest []any
			b.eval(&lowest, contrasts)
			if contrast := lowest[0].(float64); contrast < 4.5 {
				t.Errorf("%s: the contrast is %.2f of %s", scheme, contrast, lowest[1])
			}
		}
		backgrounds[scheme] = b.text(`getComputedStyle(document.documentElement).backgroundColor`)
	}
	if backgrounds["light"] == backgrounds["dark"] {
		t.Errorf("both schemes have the background %s", backgrounds["light"])
	}
}
