package tests

import "testing"

// The buttons copy what stands beside them, by the clipboard API and, where a
// page has none, as on plain HTTP, without it.
func TestPageCopies(t *testing.T) {
	b, page := openPage(t, 3)
	paste := func(want string) {
		t.Helper()
		b.eval(nil, `document.querySelector('#search').value = ''`)
		const controlV = "\ue009v"
		b.call("POST", b.find("#search")+"/value", map[string]string{"text": controlV}, nil)
		b.expect(`document.querySelector('#search').value`, want)
	}
	b.click("#use .copy")
	b.expect(`document.querySelector('#use .copy').textContent`, "Copied")
	paste(b.text(`document.querySelector('#options').textContent`))

	b.eval(nil, `Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
	b.eval(nil, `location.hash = arguments[0]`, hashOf(page.Paths[1]))
	b.expect(detailName, nameOf(page.Paths[1]))
	b.click("#detail .copy")
	paste("/nix/store/" + page.Paths[1].Name)
}
