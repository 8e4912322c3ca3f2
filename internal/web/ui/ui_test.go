package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

func TestARouteMustSayWhoMayUseIt(t *testing.T) {
	if _, err := NewDoor(House{}, Route{Method: "GET", Path: "/x"}); err == nil {
		t.Error("a route for nobody knows whom passes")
	}
}

// The style of a page is the one its policy lets it use.
func TestTheStyleIsTheOneOfThePolicy(t *testing.T) {
	d, err := NewDoor(House{}, Route{Method: "GET", Path: "/x", Access: Anybody, Serve: func(*http.Request) (Answer, error) {
		return Answer{Page: oops(Frame{Locale: "fr", Title: "x"}, "y")}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	out := httptest.NewRecorder()
	d.ServeHTTP(out, httptest.NewRequest("GET", "/x", nil))
	found := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(out.Body.String(), -1)
	if len(found) != 1 {
		t.Fatalf("%d styles", len(found))
	}
	sum := sha256.Sum256([]byte(found[0][1]))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(out.Header().Get("Content-Security-Policy"), want) {
		t.Errorf("the policy %q does not hold %s", out.Header().Get("Content-Security-Policy"), want)
	}
	if !strings.Contains(out.Body.String(), `rel="icon" href="data:image/svg+xml`) {
		t.Errorf("no icon, so browsers ask for one that is not there: %s", out.Body)
	}
	if strings.Contains(out.Header().Get("Content-Security-Policy"), "unsafe") {
		t.Error("the policy lets anything pass")
	}
}

func TestWhatGoesWrongInsideIsNotToldOutside(t *testing.T) {
	var log bytes.Buffer
	fail := func(err error) func(*http.Request) (Answer, error) {
		return func(*http.Request) (Answer, error) { return Answer{}, err }
	}
	d, err := NewDoor(
		House{Log: slog.New(slog.NewTextHandler(&log, nil))},
		Route{Method: "GET", Path: "/error", Access: Anybody, Serve: fail(errors.New("disk on fire"))},
		Route{Method: "GET", Path: "/panic", Access: Anybody, Serve: func(*http.Request) (Answer, error) { panic("disk on fire") }},
		Route{Method: "GET", Path: "/gone", Access: Anybody, Serve: fail(fmt.Errorf("read: %w", fault.New(fault.NotFound, "not_found", "")))},
	)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/error": 500, "/panic": 500, "/gone": 404, "/nowhere": 404} {
		log.Reset()
		out := httptest.NewRecorder()
		d.ServeHTTP(out, httptest.NewRequest("GET", path, nil))
		if out.Code != want || strings.Contains(out.Body.String(), "fire") || !strings.Contains(out.Body.String(), "<h1>") {
			t.Errorf("%s: %d %s", path, out.Code, out.Body)
		}
		if logged := strings.Contains(log.String(), "disk on fire"); logged != (want == 500) {
			t.Errorf("%s: logged %q", path, &log)
		}
	}
}

// A database that is away comes back: the page says when to ask again, and the
// trouble is no fault of the program's.
func TestPassingTroubleAsksToComeBack(t *testing.T) {
	var log bytes.Buffer
	away, bug := errors.New("connection refused"), errors.New("disk on fire")
	fail := func(err error) func(*http.Request) (Answer, error) {
		return func(*http.Request) (Answer, error) { return Answer{}, fmt.Errorf("read order: %w", err) }
	}
	d, err := NewDoor(
		House{Log: slog.New(slog.NewTextHandler(&log, nil)), Passing: func(err error) bool { return errors.Is(err, away) }},
		Route{Method: "GET", Path: "/away", Access: Anybody, Serve: fail(away)},
		Route{Method: "GET", Path: "/bug", Access: Anybody, Serve: fail(bug)},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, title, retry, level string
		status                    int
	}{
		{"/away", "Un instant, s&#39;il vous plaît", "2", "WARN", 503},
		{"/bug", "Une erreur de notre côté", "", "ERROR", 500},
	} {
		log.Reset()
		out := httptest.NewRecorder()
		d.ServeHTTP(out, httptest.NewRequest("GET", c.path, nil))
		if out.Code != c.status || out.Header().Get("Retry-After") != c.retry || !strings.Contains(out.Body.String(), "<h1>"+c.title+"</h1>") {
			t.Errorf("%s: %d, Retry-After %q: %s", c.path, out.Code, out.Header().Get("Retry-After"), out.Body)
		}
		if !strings.Contains(log.String(), "level="+c.level) {
			t.Errorf("%s: logged %q", c.path, &log)
		}
	}
}

// Whoever is led here from another site gets a page, in words of their own.
func TestAFormOfAnotherSiteIsRefusedByAPage(t *testing.T) {
	d, err := NewDoor(House{}, Route{Method: "POST", Path: "/x", Access: ByLink, Serve: func(*http.Request) (Answer, error) {
		t.Error("served")
		return Answer{}, errors.New("served")
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/x", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	out := httptest.NewRecorder()
	d.ServeHTTP(out, r)
	if out.Code != 403 || !strings.Contains(out.Body.String(), "autre site") || !strings.HasPrefix(out.Header().Get("Content-Type"), "text/html") {
		t.Errorf("%d %s", out.Code, out.Body)
	}
}

// Text stands out from its ground by 4.5:1 or better, in the light and in the
// dark (WCAG 2.2, 1.4.3).
func TestTextCanBeRead(t *testing.T) {
	light, dark, ok := strings.Cut(sheet, "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("no dark mode")
	}
	for name, css := range map[string]string{"light": light, "dark": dark} {
		color := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
			color[m[1]] = m[2]
		}
		pairs := [][2]string{{"ink", "paper"}, {"ink", "card"}, {"soft", "paper"}, {"soft", "card"}, {"accent", "paper"}, {"accent", "card"}}
		for _, tone := range []Tone{Calm, Good, Care, Bad, Mute} {
			pairs = append(pairs, [2]string{string(tone), string(tone) + "-ground"})
		}
		for _, p := range pairs {
			if ratio := contrast(hex(t, color[p[0]]), hex(t, color[p[1]])); ratio < 4.5 {
				t.Errorf("%s: %s on %s is %.2f:1", name, p[0], p[1], ratio)
			}
		}
	}
}

func TestTheSheetIsSqueezedWithoutHarm(t *testing.T) {
	got := squeeze("/* hello */\na, b {\n\tcolor: red;\n\tmargin: 0 1px;\n}\n/* end */\n@media (width > 1px) { p { margin: calc(1px + 2px); } }\n")
	if want := "a,b{color:red;margin:0 1px}@media (width > 1px){p{margin:calc(1px + 2px)}}"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func hex(t *testing.T, s string) colour {
	t.Helper()
	c, ok := parseColour(s)
	if !ok {
		t.Fatalf("%q is no colour", s)
	}
	return c
}
