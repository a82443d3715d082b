package index

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inline returns what an element of the page holds.
func inline(t *testing.T, page, start, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, start)
	text, _, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("the page has no %s", start)
	}
	return text
}

// The page may run its own script and style, and load nothing at all.
func TestPolicy(t *testing.T) {
	page := write(t, example())
	policy := html.UnescapeString(inline(t, page, `http-equiv="Content-Security-Policy" content="`, `"`))
	want := "default-src 'none'; img-src data:; style-src '" + hash(inline(t, page, "<style>", "</style>")) +
		"'; script-src '" + hash(inline(t, page, `<script type="module">`, "</script>")) + "'; base-uri 'none'; form-action 'none'"
	if policy != want {
		t.Errorf("got the policy\n%s, want\n%s", policy, want)
	}
}

// What the policy would forbid is not even tried.
func TestSelfContained(t *testing.T) {
	page := write(t, example())
	for _, pattern := range []string{`\ssrc=`, `url\(`, `@import`, `@font-face`, `\sstyle=`, `\son[a-z]+="`} {
		if found := regexp.MustCompile(pattern).FindString(page); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	for _, address := range regexp.MustCompile(`https?://[^'"\s]*`).FindAllString(page, -1) {
		if address != "http://www.w3.org/2000/svg" { // a name, not an address
			t.Errorf("the page has %q", address)
		}
	}
}

// Every file is in the page.
func TestAssets(t *testing.T) {
	files, err := assets.ReadDir("assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		contents, err := assets.ReadFile("assets/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		isThere := strings.Contains(style()+script(), string(contents))
		if !isThere && !slices.Contains([]string{"page.html"}, file.Name()) {
			t.Errorf("%s is not in the page", file.Name())
		}
	}
}
