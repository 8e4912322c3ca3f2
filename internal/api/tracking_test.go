package api

import (
	"net/http"
	"strings"
	"testing"
)

// Any page may read an order's story, for its secret is in the address; nothing
// keeps the answer, and browsers tell the address to nobody.
func TestTheStoryIsForWhoeverHoldsTheLink(t *testing.T) {
	w := open(t)
	o := w.shop().order("E-1")
	for law, c := range map[string]struct{ query, locale string }{
		"the order's own language":     {"", "fr"},
		"the one asked for":            {"?lang=en", "en"},
		"one that nobody writes":       {"?lang=xx", "fr"},
		"a language without an end":    {"?lang=" + strings.Repeat("e", 5000), "fr"},
		"whatever else stands beside":  {"?utm_source=mail", "fr"},
		"the browser's is not the one": {"?lang=", "fr"},
	} {
		answer := w.with("").saying("Origin", "https://boutique.example").saying("Accept-Language", "en").
			call(http.MethodGet, "/api/v1/tracking/"+tokenOf(o)+c.query, "")
		if answer.Code != 200 || !strings.Contains(answer.Body.String(), `"locale":"`+c.locale+`"`) {
			t.Errorf("%s: %d %s", law, answer.Code, answer.Body)
		}
		h := answer.Header()
		if got := corsOf(h); got != `"*" "" ""` || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %s, %v", law, got, h)
		}
	}
	var told Tracking
	w.with("").must(200, http.MethodGet, "/api/v1/tracking/"+tokenOf(o)+"?lang=en", "", &told)
	if told.Page != o.Page+"?lang=en" {
		t.Errorf("the page is at %s", told.Page)
	}
}

// What opens nothing gets one answer, whatever it looks like.
func TestATokenThatOpensNothing(t *testing.T) {
	w := open(t)
	s := w.shop()
	o := s.order("E-1")
	real := tokenOf(o)
	once := ""
	for law, token := range map[string]string{
		"guessed":               "0000000000000000000000",
		"cut short":             real[:len(real)-1],
		"one letter too many":   real + "0",
		"in other letters":      strings.ToUpper(real) + "x",
		"the order's number":    string(o.ID),
		"its reference":         "E-1",
		"not one character":     "%20",
		"no text":               "%00",
		"longer than any":       strings.Repeat("z", 4000),
		"somebody else's idea":  "..%2F..%2Fetc",
		"a script":              "%3Cscript%3E",
		"the key of the seller": "pk_0000000000000000000000",
	} {
		answer := w.with("").saying("Origin", "https://boutique.example").call(http.MethodGet, "/api/v1/tracking/"+token, "")
		if once == "" {
			once = answer.Body.String()
		}
		if answer.Code != 404 || answer.Body.String() != once || strings.Contains(once, "E-1") {
			t.Errorf("%s: %d %s", law, answer.Code, answer.Body)
		}
		if got := corsOf(answer.Header()); got != `"*" "" ""` {
			t.Errorf("%s: the page can not read why: %s", law, got)
		}
	}
	// Nothing but reading is let in from elsewhere.
	if answer := w.with("").saying("Origin", "https://boutique.example").call(http.MethodPost, "/api/v1/tracking/"+real, "{}"); answer.Code != 405 {
		t.Errorf("written: %d", answer.Code)
	}
}
