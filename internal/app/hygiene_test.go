package app

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// secured is the program under https, with every door open and nobody in it.
func secured(t *testing.T) *App {
	t.Helper()
	now := civil.At(demoStart)
	clock := flow.NewClock(now, 0, func() civil.Instant { return now })
	keys, err := vault.Parse([]byte(ident.Hash("test")))
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Parts{DB: dbtest.New(t, db.Options{Now: clock.Now, Wall: clock.Wall}), Clock: clock, Vault: keys, Base: "https://promesse.example", Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// address is a path of a route where nothing is.
func address(pattern string) string {
	return strings.NewReplacer(
		"{$}", "", "{id}", "nothing", "{shop}", "nothing", "{token}", "nothing", "{order}", "nothing", "{link}", "nothing", "{sku}", "nothing",
	).Replace(pattern)
}

// knock asks a handler for a route.
func knock(h http.Handler, method, path string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = "127.0.0.1:4711"
	r.Host = "127.0.0.1:8080"
	if header != nil {
		r.Header = header
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

// Whatever a route answers, browsers are told how little it may do.
func TestEveryAnswerTellsBrowsersItsLimits(t *testing.T) {
	a := secured(t)
	doors := append(a.doors(), door{"GET", "/nothing/at/all", ""}, door{"GET", "/api/v1/nothing", ""}, door{"POST", "/", ""})
	for _, d := range doors {
		h := knock(a.Handler, d.method, address(d.path), nil).Header()
		policy := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors") {
			t.Errorf("%s %s: policy %q", d.method, d.path, policy)
		}
		for _, wide := range []string{"unsafe-inline", "unsafe-eval", "unsafe-hashes", "http:", "https:", "*", "blob:"} {
			if strings.Contains(policy, wide) {
				t.Errorf("%s %s: its policy lets in %s: %q", d.method, d.path, wide, policy)
			}
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=31536000",
		} {
			if h.Get(name) != want {
				t.Errorf("%s %s: %s is %q", d.method, d.path, name, h.Get(name))
			}
		}
		secret := d.who == "whoever holds the link" || d.who == "staff signed in"
		if secret && (h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("X-Robots-Tag"), "noindex")) {
			t.Errorf("%s %s may be kept or listed: %v", d.method, d.path, h)
		}
	}
}

// Cookies are out of reach of scripts and of other sites, and of http where the
// installation has https.
func TestCookiesStayAtHome(t *testing.T) {
	var seen []string
	look := func(base string, cookies []*http.Cookie) {
		for _, c := range cookies {
			seen = append(seen, c.Name)
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode || c.Secure != strings.HasPrefix(base, "https:") || c.Domain != "" {
				t.Errorf("%s: %s", base, c)
			}
		}
	}
	g := openGround(t)
	for _, e := range g.entries() {
		if e.api || strings.HasSuffix(e.pattern, "/live") {
			continue
		}
		header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Cookie": {g.cookie("owner")}}
		r := httptest.NewRequest(e.method, e.path+"?lang=en", strings.NewReader(e.form.Encode()))
		r.RemoteAddr, r.Host, r.Header = "127.0.0.1:4711", g.addr, header
		out := httptest.NewRecorder()
		g.app.Handler.ServeHTTP(out, r)
		look("http://"+g.addr, out.Result().Cookies())
	}
	for _, name := range []string{"promesse_console", "panier", "adresse", "langue"} {
		if !slices.Contains(seen, name) {
			t.Errorf("no page set %s: %q", name, seen)
		}
	}
	safe := secured(t)
	out := knock(safe.Handler, "GET", "/boutique/epicerie-bellecour/?lang=fr", nil)
	if look("https://promesse.example", out.Result().Cookies()); len(out.Result().Cookies()) == 0 {
		t.Error("no cookie under https")
	}
}

// A form of another site changes nothing, whatever page it is for.
func TestFormsOfOtherSitesAreRefusedEverywhere(t *testing.T) {
	a := secured(t)
	n := 0
	for _, r := range a.shown {
		if r.Method == http.MethodGet {
			continue
		}
		n++
		for law, header := range map[string]http.Header{
			"from another site":   {"Sec-Fetch-Site": {"cross-site"}},
			"from a sister site":  {"Sec-Fetch-Site": {"same-site"}},
			"from another origin": {"Origin": {"https://evil.example"}},
			"from no origin":      {"Origin": {"null"}},
		} {
			if out := knock(a.Handler, r.Method, address(r.Path), header); out.Code != http.StatusForbidden {
				t.Errorf("%s %s, %s: %d", r.Method, r.Path, law, out.Code)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d pages change something", n)
	}
}

// readable are the routes whose answers pages of any origin may read: what is in
// them opens nothing.
var readable = []string{"GET /api/v1/tracking/{token}", "GET /embed/", "GET /openapi.json", "GET /openapi.yaml"}

// Pages of other sites read nothing of ours, but what is made for them.
func TestOtherSitesReadNothing(t *testing.T) {
	a := secured(t)
	for _, d := range a.doors() {
		for _, method := range []string{d.method, http.MethodOptions} {
			h := knock(a.Handler, method, address(d.path), http.Header{
				"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {d.method}, "Access-Control-Request-Headers": {"authorization"},
			}).Header()
			allowed := h.Get("Access-Control-Allow-Origin")
			open := slices.ContainsFunc(readable, func(route string) bool { return strings.HasPrefix(d.method+" "+d.path, route) })
			if allowed != "" && !open || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s: %q may read, with cookies: %q", method, d.path, allowed, h.Get("Access-Control-Allow-Credentials"))
			}
		}
	}
}

// The limits of a connection are those that the documentation promises.
func TestTheLimitsOfAConnection(t *testing.T) {
	s := server(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if s.MaxHeaderBytes != 32<<10 || s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout != 10*time.Second {
		t.Errorf("header %d bytes in %v, request in %v", s.MaxHeaderBytes, s.ReadHeaderTimeout, s.ReadTimeout)
	}
	f := &flood{ground: openGround(t)}
	for _, c := range []struct {
		law, bytes string
		want       int
	}{
		{"a header of 30 KiB", fmt.Sprintf("GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: %s\r\n\r\n", strings.Repeat("a", 30<<10)), 200},
		{"a header of 40 KiB", fmt.Sprintf("GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: %s\r\n\r\n", strings.Repeat("a", 40<<10)), 431},
		{"a body of a megabyte", f.posted("/api/v1/quotes", "application/json", quoteBody+strings.Repeat(" ", 1<<20-len(quoteBody))), 200},
		{"one byte more", f.posted("/api/v1/quotes", "application/json", quoteBody+strings.Repeat(" ", 1<<20-len(quoteBody)+1)), 413},
		{"a form of 64 KiB", f.posted("/suivi", "application/x-www-form-urlencoded", "number=1&postcode=69003&a="+strings.Repeat("a", 1<<16-26)), 404}, // read, and no such order
		{"one byte more in a form", f.posted("/suivi", "application/x-www-form-urlencoded", "number=1&postcode=69003&a="+strings.Repeat("a", 1<<16-25)), 422},
	} {
		a, text, err := f.talk(c.bytes, false)
		if err != nil || a.StatusCode != c.want {
			t.Errorf("%s: %v %.100s, want %d: %v", c.law, a, text, c.want, err)
		}
	}
}

func (f *flood) posted(path, kind, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, f.addr, f.key, kind, len(body), body)
}
