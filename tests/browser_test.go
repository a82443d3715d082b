package tests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// browser is a headless Chromium, driven through Debian's chromedriver by the
// WebDriver protocol: https://www.w3.org/TR/webdriver2/
type browser struct {
	t       *testing.T
	session string // its URL
}

// newBrowser starts a browser. At the end of the test, the browser's console must be
// empty.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	if _, err := exec.LookPath("chromedriver"); err != nil {
		needsDebian(t, t.Name(), "chromedriver not found")
	}
	b := &browser{t: t, session: startDriver(t) + "/session"}
	options := map[string]any{
		"args": []string{
			"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
			"--disable-component-update", "--disable-sync", "--window-size=1600,1000", "--user-data-dir=" + t.TempDir(),
		},
		"perfLoggingPrefs": map[string]any{"enableNetwork": true},
	}
	var started struct{ SessionID string }
	b.call(http.MethodPost, "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"goog:chromeOptions": options,
		"goog:loggingPrefs":  map[string]string{"browser": "ALL", "performance": "ALL"},
	}}}, &started)
	b.session += "/" + started.SessionID
	t.Cleanup(func() {
		if errors := b.logged("browser"); len(errors) > 0 {
			t.Errorf("the console contains %q", errors)
		}
		b.call(http.MethodDelete, "", nil, nil)
	})
	b.open("about:blank") // instead of the browser's first page
	b.logged("performance")
	return b
}

var driverPort = regexp.MustCompile(`started successfully on port (\d+)`)

// startDriver starts a chromedriver for the test and returns its URL.
func startDriver(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("chromedriver", "--port=0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("run tests/setup --browser to install it: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := driverPort.FindStringSubmatch(lines.Text()); found != nil {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return "http://127.0.0.1:" + found[1]
		}
	}
	t.Fatal("chromedriver did not start")
	return ""
}

// call sends a WebDriver command and decodes the value in the response into result,
// unless result is nil.
func (b *browser) call(method, path string, parameters, result any) {
	b.t.Helper()
	body, err := json.Marshal(parameters)
	if err != nil {
		b.t.Fatal(err)
	}
	if method != http.MethodPost {
		body = nil // as the protocol requires
	}
	request, err := http.NewRequest(method, b.session+path, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s %s: %v %.500s", method, path, body, err, answer)
	}
	value := struct{ Value any }{result}
	if err := json.Unmarshal(answer, &value); err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
}

func (b *browser) open(url string) {
	b.t.Helper()
	b.call(http.MethodPost, "/url", map[string]any{"url": url}, nil)
}

// eval runs script, the body of a JavaScript function, in the page, and decodes the
// returned value into result, unless result is nil.
func (b *browser) eval(result any, script string, args ...any) {
	b.t.Helper()
	b.call(http.MethodPost, "/execute/sync", map[string]any{"script": script, "args": append([]any{}, args...)}, result)
}

// text returns the value of a JavaScript expression that is a string.
func (b *browser) text(expression string) (text string) {
	b.t.Helper()
	b.eval(&text, "return "+expression)
	return text
}

// expect waits up to 300 animation frames until a JavaScript expression has the value
// want.
func (b *browser) expect(expression string, want any) {
	b.t.Helper()
	var got struct {
		Value any
		Equal bool
	}
	const poll = `
		const want = JSON.stringify(arguments[0]), frames = 300
		for (let frame = 0; ; frame++) {
			const value = (%s) ?? null
			const equal = JSON.stringify(value) === want
			if (equal || frame === frames) return { value, equal }
			await new Promise(requestAnimationFrame)
		}`
	b.eval(&got, "return (async (...arguments) => {"+fmt.Sprintf(poll, expression)+"})(...arguments)", want)
	if !got.Equal {
		b.t.Errorf("%s: got %#v, want %#v", expression, got.Value, want)
	}
}

// find returns the WebDriver path of the first element that matches a CSS selector.
func (b *browser) find(selector string) string {
	b.t.Helper()
	var element map[string]string
	b.call(http.MethodPost, "/element", map[string]string{"using": "css selector", "value": selector}, &element)
	return "/element/" + element["element-6066-11e4-a52e-4f735466cecf"] // the protocol defines the key
}

// click clicks on the center of the first element that matches a CSS selector.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.call(http.MethodPost, b.find(selector)+"/click", map[string]any{}, nil)
}

// role returns the accessibility role of the first element that matches a CSS selector.
func (b *browser) role(selector string) (role string) {
	b.t.Helper()
	b.call(http.MethodGet, b.find(selector)+"/computedrole", nil, &role)
	return role
}

// count returns the number of elements of the page that have an accessibility role.
func (b *browser) count(role string) (n int) {
	b.t.Helper()
	var tree struct {
		Nodes []struct{ Role struct{ Value string } }
	}
	b.cdp("Accessibility.enable", map[string]any{}, nil)
	b.cdp("Accessibility.getFullAXTree", map[string]any{}, &tree)
	for _, node := range tree.Nodes {
		if node.Role.Value == role {
			n++
		}
	}
	return n
}

// Keys in WebDriver's encoding, for press.
const (
	tabKey, enterKey, escapeKey, spaceKey = "\ue004", "\ue007", "\ue00c", " "
	endKey, homeKey                       = "\ue010", "\ue011"
	leftKey, upKey, rightKey, downKey     = "\ue012", "\ue013", "\ue014", "\ue015"
)

// press presses keys, one after another.
func (b *browser) press(keys ...string) {
	b.t.Helper()
	var actions []map[string]string
	for _, key := range strings.Join(keys, "") {
		for _, kind := range []string{"keyDown", "keyUp"} {
			actions = append(actions, map[string]string{"type": kind, "value": string(key)})
		}
	}
	source := map[string]any{"type": "key", "id": "keyboard", "actions": actions}
	b.call(http.MethodPost, "/actions", map[string]any{"actions": []any{source}}, nil)
}

// cdp sends a command of the Chrome DevTools Protocol, and decodes the answer into
// result, unless result is nil.
func (b *browser) cdp(command string, parameters map[string]any, result any) {
	b.t.Helper()
	b.call(http.MethodPost, "/goog/cdp/execute", map[string]any{"cmd": command, "params": parameters}, result)
}

// logged returns the new messages of one of the browser's logs, such as "performance".
func (b *browser) logged(kind string) (messages []string) {
	b.t.Helper()
	var entries []struct{ Message string }
	b.call(http.MethodPost, "/se/log", map[string]string{"type": kind}, &entries)
	for _, entry := range entries {
		messages = append(messages, entry.Message)
	}
	return messages
}
