package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// corsOf is what an answer tells a browser.
func corsOf(h http.Header) string {
	return fmt.Sprintf("%q %q %q", h.Get("Access-Control-Allow-Origin"), h.Get("Vary"), h.Get("Access-Control-Allow-Credentials"))
}

func (s *shop) allowed() string { return fmt.Sprintf(`%q "Origin" ""`, s.storefront()) }

func TestAPageOfTheShopAsksForDates(t *testing.T) {
	w := open(t)
	s := w.shop()
	page := s.as(merchant.Browser)
	answer := page.call("POST", "/api/v1/quotes", quoteBody("FR", "69003"))
	if answer.Code != 200 || corsOf(answer.Header()) != s.allowed() {
		t.Errorf("%d, %s: %s", answer.Code, corsOf(answer.Header()), answer.Body)
	}
	// A refusal can be read, too: the page must say what is wrong.
	bad := page.call("POST", "/api/v1/quotes", quoteBody("FR", "nowhere"))
	if bad.Code != 422 || corsOf(bad.Header()) != s.allowed() {
		t.Errorf("refused: %d, %s", bad.Code, corsOf(bad.Header()))
	}
	for law, c := range map[string]struct {
		secret, origin string
		status         int
		code, cors     string
	}{
		"another site":                   {s.keys[merchant.Browser], "https://evil.example", 403, "origin_not_allowed", `"" "" ""`},
		"no page at all":                 {s.keys[merchant.Browser], "", 403, "origin_not_allowed", `"" "" ""`},
		"a page that hides where it is":  {s.keys[merchant.Browser], "null", 403, "origin_not_allowed", `"" "" ""`},
		"the same host, not encrypted":   {s.keys[merchant.Browser], strings.Replace(s.storefront(), "https", "http", 1), 403, "origin_not_allowed", `"" "" ""`},
		"a key that nobody issued":       {"pk_guess", s.storefront(), 401, "unauthorized", s.allowed()},
		"another shop's key, our origin": {w.elsewhere(), s.storefront(), 403, "origin_not_allowed", s.allowed()},
	} {
		p := w.with(c.secret)
		if c.origin != "" {
			p = p.saying("Origin", c.origin)
		}
		answer := p.call("POST", "/api/v1/quotes", quoteBody("FR", "69003"))
		if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.code) || corsOf(answer.Header()) != c.cors {
			t.Errorf("%s: %d, %s: %s", law, answer.Code, corsOf(answer.Header()), answer.Body)
		}
	}
}

// elsewhere is the browser key of another shop, for its own site.
func (w *world) elsewhere() (key string) {
	w.T.Helper()
	other, _ := w.organisation(merchant.Merchant)
	w.Do(other, func(tx *flow.Tx) error {
		k, err := merchant.IssueBrowserKey(tx, other, "Volt", []string{"https://volt.example"})
		key = k.Public
		return err
	})
	return key
}

// A browser asks first, without the key, whether pages of an origin may ask.
func TestABrowserAsksFirst(t *testing.T) {
	w := open(t)
	s := w.shop()
	ask := func(path, origin string) (int, http.Header, string) {
		answer := w.with("").saying("Origin", origin).saying("Access-Control-Request-Method", "POST").
			saying("Access-Control-Request-Headers", "authorization,content-type").call("OPTIONS", path, "")
		return answer.Code, answer.Header(), answer.Body.String()
	}
	status, h, body := ask("/api/v1/quotes", s.storefront())
	if status != 204 || corsOf(h) != s.allowed() || h.Get("Access-Control-Allow-Methods") != "POST" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "authorization") {
		t.Errorf("ours: %d %v %s", status, h, body)
	}
	if status, h, body = ask("/api/v1/quotes", "https://evil.example"); status != 403 || corsOf(h) != `"" "" ""` || !strings.Contains(body, "origin_not_allowed") {
		t.Errorf("a stranger: %d %v %s", status, h, body)
	}
	for _, path := range []string{"/api/v1/orders", "/api/v1/keys", "/api/v1/me"} {
		if status, h, _ := ask(path, s.storefront()); status != 405 || corsOf(h) != `"" "" ""` {
			t.Errorf("%s is no affair of pages: %d %s", path, status, corsOf(h))
		}
	}
	w.Do(s.id, func(tx *flow.Tx) error {
		keys, err := merchant.BrowserKeys(tx.Tx, s.id)
		if err != nil {
			return err
		}
		return merchant.RevokeBrowserKey(tx, s.id, keys[0].ID)
	})
	if status, h, _ := ask("/api/v1/quotes", s.storefront()); status != 403 || corsOf(h) != `"" "" ""` {
		t.Errorf("after the key was revoked: %d %s", status, corsOf(h))
	}
}

// Beside what one asks before buying, nothing can be asked from a page, and
// nothing says that it could.
func TestOnlyWhatOneAsksBeforeBuyingIsForPages(t *testing.T) {
	w := open(t)
	var open []string
	for _, r := range w.api.Routes() {
		if r.pages() {
			open = append(open, r.Method+" "+r.Path)
		}
	}
	if want := []string{"POST /api/v1/quotes", "POST /api/v1/returns/terms", "GET /api/v1/points"}; !slices.Equal(open, want) {
		t.Errorf("pages may use %q, want %q", open, want)
	}
}

func TestBrowserKeysAreManaged(t *testing.T) {
	w := open(t)
	owner := w.shop().as(merchant.Owner)
	var k BrowserKey
	owner.must(201, "POST", "/api/v1/browser-keys", `{"label":"Site","origins":["https://www.boutique.example/"]}`, &k)
	if !strings.HasPrefix(k.Key, "pk_") || !slices.Equal(k.Origins, []string{"https://www.boutique.example"}) {
		t.Errorf("issued %+v", k)
	}
	var all List[BrowserKey]
	owner.must(200, "GET", "/api/v1/browser-keys", "", &all)
	if len(all.Items) != 2 || all.Items[1].Key != k.Key || all.Items[1].Revoked != 0 {
		t.Errorf("listed %+v", all)
	}
	owner.must(204, "DELETE", "/api/v1/browser-keys/"+string(k.ID), "", nil)
	owner.must(200, "GET", "/api/v1/browser-keys", "", &all)
	if all.Items[1].Revoked == 0 {
		t.Errorf("listed %+v", all)
	}
	for body, code := range map[string]string{
		`{"label":"Site","origins":["http://boutique.example"]}`: "origin_invalid",
		`{"label":"Site","origins":[]}`:                          "origins_missing",
		`{"label":"","origins":["https://boutique.example"]}`:    "field_required",
	} {
		if p := owner.refused(422, "POST", "/api/v1/browser-keys", body); p.Code != code {
			t.Errorf("%s: %s", body, p.Code)
		}
	}
}
