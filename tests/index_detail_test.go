package tests

import (
	"fmt"
	"testing"
)

// listed returns a JavaScript expression for the names of store paths below a heading in
// the details of the index page.
func listed(heading string) string {
	return `[...document.querySelectorAll('#detail h3')].filter(h => h.textContent.startsWith('` + heading +
		`')).flatMap(h => [...h.nextElementSibling.querySelectorAll('li')].map(li => (li.firstElementChild ?? li).firstChild.data).sort())`
}

// On the index page, a click on a reference opens the details of that store path, and the
// back button returns to the details shown before.
func TestPageReferences(t *testing.T) {
	b, page := openPage(t, 300)
	first, second, last := page.NarInfos[0], page.NarInfos[1], page.NarInfos[299]
	b.click(`a[href="#` + hashOf(first) + `"]`)
	b.expect(detailName, nameOf(first))
	b.expect(`document.querySelector('#detail pre code').textContent`, first.StorePath)
	b.expect(listed("References"), []string{"package-0001", "package-0002", "package-0299"})
	b.expect(listed("Referrers"), []string{})
	b.expect(`document.querySelector('tr[aria-current] a').hash`, "#"+hashOf(first))
	b.expect(`document.querySelectorAll('#cells > .selected').length`, 1)
	b.expect(`document.querySelectorAll('#cells > .in-closure').length`, 300)

	b.click(`#detail li a[href="#` + hashOf(second) + `"]`)
	b.expect(detailName, nameOf(second))
	b.expect(`location.hash`, "#"+hashOf(second))
	b.expect(listed("Referrers"), []string{"package-0000"})
	b.expect(listed("Why it is in the cache"), []string{"package-0000", "package-0001"})

	b.click(`#detail li a[href="#` + hashOf(last) + `"]`)
	b.expect(detailName, nameOf(last))
	b.expect(`[...document.querySelectorAll('#detail h3')].map(h => h.textContent)[1]`, "Referrers (299)")
	b.expect(`document.querySelectorAll('#detail .list li').length`, 50)
	b.click(`#detail .list + button`)
	b.expect(`document.querySelectorAll('#detail .list li').length`, 299)

	b.eval(nil, `history.back()`)
	b.expect(detailName, nameOf(second))
	b.click(`#detail .close`)
	b.expect(detailName, "")
	b.eval(nil, `history.back()`)
	b.expect(detailName, nameOf(second))
}

// On the index page, the keyboard alone reaches the treemap, the table and the details,
// moves in them, and leaves them.
func TestPageByKeyboard(t *testing.T) {
	b, page := openPage(t, 300)
	tabTo := func(selector string) {
		t.Helper()
		var reached bool
		for range 20 {
			b.press(tabKey)
			if b.eval(&reached, `return document.activeElement.matches(arguments[0])`, selector); reached {
				return
			}
		}
		t.Fatalf("Tab does not reach %s", selector)
	}
	// The page ignores a key press with Alt, Control or Meta, which the browser handles.
	ignoresModified := func(key string) {
		t.Helper()
		const notPrevented = `['altKey', 'ctrlKey', 'metaKey'].filter(modifier => document.activeElement.dispatchEvent(
			new KeyboardEvent('keydown', { key: %q, bubbles: true, cancelable: true, [modifier]: true }))).length`
		b.expect(fmt.Sprintf(notPrevented, key), 3)
	}
	tabTo(".skip")
	tabTo("#usage summary")
	tabTo("#usage .copy")
	tabTo("input[name=area]")
	b.press(rightKey)
	b.expect(`document.querySelector('input[name=area]:checked').value`, "file")
	b.press(leftKey)
	tabTo("#cells > a")
	largest := b.text(`document.activeElement.hash`)
	b.press(rightKey)
	b.expect(`document.activeElement.matches('#cells > a') && document.activeElement.hash !== '`+largest+`'`, true)
	ignoresModified("ArrowRight")
	b.press(homeKey)
	b.expect(`document.activeElement.hash`, largest)
	b.press(enterKey)
	b.expect(`document.activeElement.matches('#detail h2') && location.hash`, largest)
	b.press(escapeKey)
	b.expect(`document.activeElement.matches('tbody a') && document.activeElement.hash`, largest)

	ignoresModified("ArrowDown")
	b.press(downKey, downKey, upKey, endKey)
	smallest := nameOf(bySize(page)[299])
	b.expect(`document.activeElement.textContent.split(' ')[0]`, smallest)
	b.press(enterKey)
	b.expect(detailName, smallest)
	tabTo("#detail .list a")
	reference := b.text(`document.activeElement.hash`)
	b.press(enterKey)
	b.expect(`location.hash`, reference)
	b.press(escapeKey)

	b.eval(nil, `document.querySelector('#treemap input').focus()`)
	tabTo("#search")
	tabTo("thead button")
	b.press(enterKey)
	b.expect(`document.querySelector('thead th').ariaSort`, "ascending")
	b.press(spaceKey)
	b.expect(`document.querySelector('thead th').ariaSort`, "descending")
}

// With many store paths, the treemap of the index page draws the small ones as one cell,
// and each as its own cell after a click on that cell. The table lays out rows when they
// come near the screen.
func TestPageManyPaths(t *testing.T) {
	b, page := openPage(t, 5000)
	b.expect(`document.querySelectorAll('#cells > a').length <= 1000`, true)
	b.click("#cells > .smaller")
	b.expect(`document.activeElement.matches('#cells > a')`, true)
	b.expect(`document.querySelector('#all').checkVisibility()`, true)
	b.click("#all")
	b.expect(`document.querySelectorAll('#cells > .smaller').length`, 1)
	b.eval(nil, `location.hash = arguments[0]`, hashOf(page.NarInfos[4321]))
	b.expect(listed("References"), []string{"package-4322", "package-4999"})
	b.eval(nil, `document.querySelector('tbody:last-of-type tr:last-of-type').scrollIntoView()`)
	b.expect(`document.elementFromPoint(200, innerHeight - 80).closest('tbody') === document.querySelector('tbody:last-of-type')`, true)
}

// The index page of an empty cache says that the cache is empty.
func TestPageOfEmptyCache(t *testing.T) {
	b, _ := openPage(t, 0)
	b.expect(`document.querySelector("#none").innerText`, "This cache is empty.")
	b.expect(`document.querySelector("#treemap").checkVisibility()`, false)
	b.expect(`document.querySelector("#count").textContent`, "0 paths")
}

// A URL of the index page with the hash of a store path opens the path's details and
// scrolls to its row. A reference that is not in the cache has no link. HTML in the name
// of a store path is shown as text.
func TestPageOpensAtPath(t *testing.T) {
	const name = `<img src=x onerror="window.hacked=1"><script>window.hacked=1<|script>&amp;`
	page := testPage(300, name)
	info, missing := page.NarInfos[1], baseName(`</noscript><script>window.hacked=1</script>`)
	info.References = append(info.References, missing)
	b := newBrowser(t)
	b.open(writePage(t, page) + "#" + hashOf(info))
	b.expect(detailName, name+"-0001")
	b.expect(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector('tr[aria-current]').getBoundingClientRect())`, true)
	b.expect(listed("Referrers"), []string{name + "-0000"})
	b.expect(listed("References")+`.at(-1)`, missing) // the hash is greater than <
	b.expect(`document.querySelectorAll('#detail .list a').length`, len(info.References)-2+1)
	b.expect(`document.querySelector('#cells > a').textContent.startsWith(`+"`"+name+"`"+`)`, true)
	b.expect(`[window.hacked, document.images.length, document.scripts.length]`, []any{nil, 0, 1})
}
