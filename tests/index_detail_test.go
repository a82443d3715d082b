package tests

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mkbinarycache/builder/index"
)

// name and hash of a store path's base name.
func nameOf(path index.Path) string { return path.Name[33:] }
func hashOf(path index.Path) string { return path.Name[:32] }

const (
	detailName = `document.querySelector('#detail h2')?.textContent ?? ''`
	focused    = `document.activeElement.textContent`
)

// listed are the names below a heading of the details.
func listed(heading string) string {
	return `[...document.querySelectorAll('#detail h3')].filter(h => h.textContent.startsWith('` + heading +
		`')).flatMap(h => [...h.nextElementSibling.querySelectorAll('li')].map(li => (li.firstElementChild ?? li).textContent).sort())`
}

// A click on a reference leads to it, and back leads back.
func TestPageReferences(t *testing.T) {
	b, page := openPage(t, 300)
	first, second, last := page.Paths[0], page.Paths[1], page.Paths[299]
	b.click(`a[href="#` + hashOf(first) + `"]`)
	b.expect(detailName, nameOf(first))
	b.expect(`document.querySelector('#detail pre code').textContent`, "/nix/store/"+first.Name)
	b.expect(listed("Refers to"), []string{"package-0001", "package-0002", "package-0299"})
	b.expect(listed("Referred to by"), []string{})
	b.expect(`document.querySelector('tr[aria-current] a').hash`, "#"+hashOf(first))
	b.expect(`document.querySelectorAll('#cells > .chosen').length`, 1)
	b.expect(`document.querySelectorAll('#cells > .within').length`, 300) // it is the root

	b.click(`#detail li a[href="#` + hashOf(second) + `"]`)
	b.expect(detailName, nameOf(second))
	b.expect(`location.hash`, "#"+hashOf(second))
	b.expect(listed("Referred to by"), []string{"package-0000"})
	b.expect(listed("Why it is here"), []string{"package-0000", "package-0001"})

	b.click(`#detail li a[href="#` + hashOf(last) + `"]`)
	b.expect(detailName, nameOf(last))
	b.expect(`[...document.querySelectorAll('#detail h3')].map(h => h.textContent)[1]`, "Referred to by 299 paths")
	b.expect(`document.querySelectorAll('#detail .list li').length`, 50)
	b.click(`#detail .list + button`)
	b.expect(`document.querySelectorAll('#detail .list li').length`, 299)

	b.eval(nil, `history.back()`)
	b.expect(detailName, nameOf(second))
	b.click(`#detail .close`)
	b.expect(detailName, "")
	b.eval(nil, `history.back()`)
	b.expect(detailName, nameOf(second))
	if errors := b.logged("browser"); len(errors) > 0 {
		t.Errorf("the console has %q", errors)
	}
}

// A link with a hash opens the path's details, in the table and beside it.
func TestPageOpensAtPath(t *testing.T) {
	b, page := newBrowser(t), aClosure(300)
	b.open(writePage(t, page) + "#" + hashOf(page.Paths[200]))
	b.expect(detailName, nameOf(page.Paths[200]))
	b.expect(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector('tr[aria-current]').getBoundingClientRect())`, true)
}

// A reference to what the cache lacks is told, and leads nowhere.
func TestPageTellsWhatIsMissing(t *testing.T) {
	page := aClosure(3)
	missing := baseName("not-in-the-cache")
	page.Paths[0].References = append(page.Paths[0].References, missing)
	b := newBrowser(t)
	b.open(writePage(t, page) + "#" + hashOf(page.Paths[0]))
	b.expect(listed("Refers to"), []string{"package-0001", "package-0002", missing})
	b.expect(`document.querySelectorAll('#detail .list a').length`, 2)
}

// The keys alone get everywhere: into the treemap, the table and the details,
// about in them, and out.
func TestPageByKeyboard(t *testing.T) {
	b, page := openPage(t, 300)
	tabTo := func(selector string) {
		t.Helper()
		var there bool
		for range 20 {
			b.press(tabKey)
			if b.eval(&there, `return document.activeElement.matches(arguments[0])`, selector); there {
				return
			}
		}
		t.Fatalf("Tab does not lead to %s", selector)
	}
	tabTo(".skip")
	tabTo("#use summary")
	tabTo("#use .copy")
	tabTo("input[name=area]")
	b.press(rightKey)
	b.expect(`document.querySelector('input[name=area]:checked').value`, "file")
	b.press(leftKey)
	tabTo("#cells > a")
	largest := b.text(`document.activeElement.hash`)
	b.press(rightKey)
	b.expect(`document.activeElement.matches('#cells > a') && document.activeElement.hash !== '`+largest+`'`, true)
	leavesToBrowser(b, "ArrowRight")
	b.press(homeKey)
	b.expect(`document.activeElement.hash`, largest)
	b.press(enterKey)
	b.expect(`document.activeElement.matches('#detail h2') && location.hash`, largest)
	b.press(escapeKey)
	b.expect(`document.activeElement.matches('tbody a') && document.activeElement.hash`, largest)

	leavesToBrowser(b, "ArrowDown")
	b.press(downKey, downKey, upKey, endKey)
	b.expect(focused+`.split(' ')[0]`, nameOf(bySize(page)[299]))
	b.press(enterKey)
	b.expect(detailName, nameOf(bySize(page)[299]))
	tabTo("#detail .list a")
	reference := b.text(`document.activeElement.hash`)
	b.press(enterKey)
	b.expect(`location.hash`, reference)
	b.press(escapeKey)

	b.eval(nil, `document.querySelector('#map input').focus()`)
	tabTo("#search")
	tabTo("thead button")
	b.press(enterKey)
	b.expect(`document.querySelector('thead th').ariaSort`, "ascending")
	b.press(spaceKey)
	b.expect(`document.querySelector('thead th').ariaSort`, "descending")
}

// leavesToBrowser checks that the page does nothing of its own with a key that is
// pressed together with Alt, Control or Meta.
func leavesToBrowser(b *browser, key string) {
	b.t.Helper()
	const left = `['altKey', 'ctrlKey', 'metaKey'].filter(held => document.activeElement.dispatchEvent(
		new KeyboardEvent('keydown', { key: %q, bubbles: true, cancelable: true, [held]: true }))).length`
	b.expect(fmt.Sprintf(left, key), 3)
}

// bySize are the paths in the order that the page comes in.
func bySize(page index.Page) []index.Path {
	return slices.SortedFunc(slices.Values(page.Paths), func(a, b index.Path) int { return int(b.NarSize - a.NarSize) })
}

// What the treemap is too small for is in one cell, which opens.
func TestPageManyPaths(t *testing.T) {
	b, page := openPage(t, 5000)
	b.expect(`document.querySelectorAll('#cells > a').length <= 1000`, true)
	b.click("#cells > .others")
	b.expect(`document.activeElement.matches('#cells > a')`, true)
	b.expect(`document.querySelector('#all').checkVisibility()`, true)
	b.click("#all")
	b.expect(`document.querySelectorAll('#cells > .others').length`, 1)
	b.click("thead th:nth-child(1) button")
	b.expect(visibleRows+`[0].querySelector('a').firstChild.data.trim()`, "package-0000")
	b.click("#search")
	b.press("4321")
	b.expect(visibleRows+`.length`, 1)
	b.press(tabKey)
	b.eval(nil, `document.querySelector('tbody a').click()`)
	b.expect(detailName, "package-4321")
	b.expect(listed("Refers to"), []string{"package-4322", "package-4999"})
	// All the way down the rows are laid out as they come.
	b.eval(nil, `document.querySelector('#search').value = ''; document.querySelector('#search').dispatchEvent(new Event('input'))`)
	b.expect(visibleRows+`.length`, len(page.Paths))
	b.eval(nil, `document.querySelector('tbody:last-of-type tr:last-of-type').scrollIntoView()`)
	b.expect(`document.elementFromPoint(200, innerHeight - 80).closest('tbody') === document.querySelector('tbody:last-of-type')`, true)
	if errors := b.logged("browser"); len(errors) > 0 {
		t.Errorf("the console has %q", errors)
	}
}

// A cache of nothing is told to be one.
func TestPageOfEmptyCache(t *testing.T) {
	b, _ := openPage(t, 0)
	b.expect(`document.querySelector("#none").innerText`, "This cache is empty.")
	b.expect(`document.querySelector("#map").checkVisibility()`, false)
	b.expect(`document.querySelector("#count").textContent`, "0 paths")
	if errors := b.logged("browser"); len(errors) > 0 {
		t.Errorf("the console has %q", errors)
	}
}

// Whatever a name holds stays text, also where the script shows it.
func TestPageEscapes(t *testing.T) {
	const name = `<img src=x onerror="window.hacked=1"></noscript><script>window.hacked=1</script>&amp;`
	page := aClosure(4)
	for i := range page.Paths {
		page.Paths[i].Name = strings.ReplaceAll(page.Paths[i].Name, "package", name)
		for j := range page.Paths[i].References {
			page.Paths[i].References[j] = strings.ReplaceAll(page.Paths[i].References[j], "package", name)
		}
	}
	page.Paths[1].References = append(page.Paths[1].References, baseName(name))
	b := newBrowser(t)
	b.open(writePage(t, page) + "#" + hashOf(page.Paths[1]))
	b.expect(detailName, name+"-0001")
	b.expect(listed("Referred to by"), []string{name + "-0000"})
	b.expect(listed("Refers to")+`.length`, 3)
	b.expect(`document.querySelector('#cells > a').textContent.startsWith(`+"`"+name+"`"+`)`, true)
	b.expect(`[window.hacked, document.images.length, document.scripts.length]`, []any{nil, 0, 1})
}
