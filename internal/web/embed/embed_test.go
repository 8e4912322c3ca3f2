package embed

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/web/webtest"
)

func get(t *testing.T, headers ...string) webtest.Answer { return getFrom(t, Path, headers...) }

func getFrom(t *testing.T, path string, headers ...string) webtest.Answer {
	t.Helper()
	d, err := New(Config{Base: "https://suivi.example"})
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Get(t, d, path, headers...)
}

// A page of any site may load the module, keeps it an hour, and asks again with
// the tag of its copy.
func TestTheModuleIsServedToAnyPage(t *testing.T) {
	first := get(t)
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":  "*",
		"Cross-Origin-Resource-Policy": "cross-origin",
		"Content-Type":                 "text/javascript; charset=utf-8",
		"Cache-Control":                "public, max-age=3600",
		"X-Content-Type-Options":       "nosniff",
		"Vary":                         "Accept-Encoding",
		"Set-Cookie":                   "",
	} {
		if got := first.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	tag := first.Header.Get("ETag")
	if first.Status != http.StatusOK || tag == "" || !strings.Contains(first.Body, "customElements.define") {
		t.Errorf("%d %q", first.Status, tag)
	}
	if again := get(t, "If-None-Match", tag); again.Status != http.StatusNotModified || again.Body != "" || again.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the same again: %d, %d bytes", again.Status, len(again.Body))
	}
	if other := get(t, "If-None-Match", `W/"another"`); other.Status != http.StatusOK {
		t.Errorf("another copy: %d", other.Status)
	}
	packed := get(t, "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(strings.NewReader(packed.Body))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || string(plain) != first.Body || packed.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("packed: %d bytes of %d, %v", len(plain), len(first.Body), err)
	}
	if refused := get(t, "Accept-Encoding", "gzip;q=0"); refused.Body != first.Body {
		t.Error("packed for who does not unpack")
	}
	// A shop pays for it on each of its pages, and for the points where they stand.
	for path, most := range map[string]int{Path: 10 << 10, PointsPath: 4 << 10} {
		if got := len(getFrom(t, path, "Accept-Encoding", "gzip").Body); got > most {
			t.Errorf("%s: %d bytes on the wire, %d are the most", path, got, most)
		}
	}
}

// What the module would need to speak with others, to remember somebody or to
// write markup is not in it.
func TestTheModuleKeepsToItself(t *testing.T) {
	body := get(t).Body + getFrom(t, PointsPath).Body
	for _, word := range []string{
		"http:", "https:", "://", `"//`, "'//", "`//", "document.cookie", "localStorage", "sessionStorage", "indexedDB", "caches.", "sendBeacon",
		"innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "Function(", "XMLHttpRequest", "WebSocket", "import(", "@import", "url(",
	} {
		if strings.Contains(body, word) {
			t.Errorf("%q stands in it", word)
		}
	}
	for _, word := range []string{"credentials: 'omit'", "referrerPolicy: 'no-referrer'"} {
		if calls := strings.Count(body, "fetch("); strings.Count(body, word) != calls {
			t.Errorf("not each of the %d calls says %s", calls, word)
		}
	}
}

var (
	inModule = regexp.MustCompile(`\b(?:w|this\.words)\.(\w+)`)
	value    = regexp.MustCompile(`\{(\w+)\}`)
)

// The module asks for the sentences that it is given, each in both languages,
// with the same values.
func TestEverySentenceOfTheModuleIsThere(t *testing.T) {
	mustBeSaid(t, source, words(), 20)
	mustBeSaid(t, points, pointWords(), 12)
}

func mustBeSaid(t *testing.T, source string, all map[lang.Locale]map[string]string, least int) {
	t.Helper()
	used := map[string]bool{}
	for _, m := range inModule.FindAllStringSubmatch(source, -1) {
		used[m[1]] = true
	}
	if len(used) < least {
		t.Fatalf("only %d names found: the pattern is broken", len(used))
	}
	french, english := all[lang.French], all[lang.English]
	for name := range used {
		if french[name] == "" || english[name] == "" {
			t.Errorf("%s is in no language, or in one", name)
		}
	}
	for name, fr := range french {
		en := english[name]
		if !used[name] {
			t.Errorf("%s is used by nobody", name)
		}
		if en == fr || strings.Contains(fr+en, "[") || strings.Contains(fr+en, "{{") || strings.Contains(fr+en, "<no value>") {
			t.Errorf("%s: %q, %q", name, fr, en)
		}
		if a, b := values(fr), values(en); !slices.Equal(a, b) {
			t.Errorf("%s: %q in French, %q in English", name, a, b)
		}
	}
}

func values(sentence string) (names []string) {
	for _, m := range value.FindAllStringSubmatch(sentence, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestOnlyAuthorsReadComments(t *testing.T) {
	got := squeeze("/* a\n   b */\na {\n\tb: c;\n}\n// d\n\n\te(); // f\n")
	if want := "a {\nb: c;\n}\ne(); // f\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
