package api

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// garbage is what no route that reads a body may stumble over.
var garbage = map[string]string{
	"nothing":                    "",
	"spaces":                     " \n\t ",
	"a word":                     "order",
	"half an object":             `{"reference":`,
	"an object and a half":       `{} {`,
	"two objects":                `{}{}`,
	"a comma too many":           `{"reference":"x",}`,
	"single quotes":              `{'reference':'x'}`,
	"a comment":                  `{/* hello */}`,
	"a list":                     `[]`,
	"a number":                   `12`,
	"a text":                     `"reference"`,
	"null":                       `null`,
	"true":                       `true`,
	"NaN":                        `{"units":NaN}`,
	"Infinity":                   `{"units":Infinity}`,
	"a leading zero":             `{"units":012}`,
	"a hexadecimal":              `{"units":0x1f}`,
	"bad UTF-8":                  "{\"reference\":\"\xff\xfe\"}",
	"overlong UTF-8":             "{\"reference\":\"\xc0\xaf\"}",
	"a surrogate in UTF-8":       "{\"reference\":\"\xed\xa0\x80\"}",
	"half a surrogate pair":      `{"reference":"\ud800"}`,
	"the other half":             `{"reference":"\udc00x"}`,
	"NUL":                        `{"reference":"a\u0000b"}`,
	"a raw NUL":                  "{\"reference\":\"a\x00b\"}",
	"a raw line break":           "{\"reference\":\"a\nb\"}",
	"an unknown escape":          `{"reference":"\x41"}`,
	"UTF-16":                     "\xff\xfe{\x00}\x00",
	"a key twice":                `{"reference":"a","reference":"b"}`,
	"a key twice, deep":          `{"a":{"b":1,"b":2}}`,
	"an unknown field":           `{"is_admin":true}`,
	"a field in capitals":        `{"Reference":"x"}`,
	"a prototype":                `{"__proto__":{"admin":true}}`,
	"a thousand brackets":        strings.Repeat("[", 1000),
	"a hundred thousand objects": strings.Repeat(`{"a":`, 100_000),
	"deep and closed":            strings.Repeat("[", 200) + strings.Repeat("]", 200),
	"XML":                        `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>`,
	"a form":                     "reference=x&units=2",
	"a very long key":            `{"` + strings.Repeat("k", 10_000) + `":1}`,
}

func TestGarbageIsRefusedInWords(t *testing.T) {
	w := open(t)
	s := w.shop()
	owner := s.as(merchant.Owner)
	n := 0
	for _, r := range w.api.Routes() {
		n++
		q := asks[r.ID](s, n)
		if q.body == "" {
			continue
		}
		for what, body := range garbage {
			n++
			mustRefuse(t, r.ID+": "+what, owner.try(r, request{q.path, body}, n), r.refusals()...)
		}
		mustRefuse(t, r.ID+": 10 MB", owner.try(r, request{q.path, strings.Repeat(" ", 10<<20+1)}, n), 413)
		if !r.AnyBody {
			mustRefuse(t, r.ID+": XML by name", owner.saying("Content-Type", "application/xml").try(r, q, n), 415)
		}
	}
	if n < 500 {
		t.Errorf("only %d requests", n)
	}
}

// refusals are the statuses by which a route refuses garbage: 415 for a file of
// a type that nobody reads, 401 for what nobody signed.
func (r Route) refusals() []int {
	if r.AnyBody && r.Access == Public {
		return []int{400, 401}
	}
	if r.Most > 0 {
		return []int{400, 415, 422}
	}
	return []int{400, 422}
}

// mustRefuse insists on a problem with a code and a sentence, and no word from inside.
func mustRefuse(t *testing.T, what string, a *httptest.ResponseRecorder, statuses ...int) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil {
		t.Errorf("%s: %d, no problem: %s", what, a.Code, a.Body)
		return p
	}
	good := false
	for _, s := range statuses {
		good = good || s == a.Code
	}
	if !good || p.Code == "" || len(p.Detail) < 20 || strings.HasPrefix(p.Detail, "[") || p.Status != a.Code {
		t.Errorf("%s: %d %+v", what, a.Code, p)
	}
	for _, word := range []string{"goroutine", ".go:", "select ", "SQL", "panic", "interface conversion", "json:"} {
		if strings.Contains(a.Body.String(), word) {
			t.Errorf("%s: the answer says %q: %s", what, word, a.Body)
		}
	}
	return p
}

// with puts another value at a path of a body such as lines.0.units; nil takes it out.
func with(t *testing.T, body, path string, value any) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	at, steps := v, strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		if l, ok := at.([]any); ok {
			at = l[int(step[0]-'0')]
		} else {
			at = at.(map[string]any)[step]
		}
	}
	last := steps[len(steps)-1]
	if value == nil {
		delete(at.(map[string]any), last)
	} else {
		at.(map[string]any)[last] = value
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// A field that is wrong is named, with what to do about it.
func TestEveryBrokenFieldIsNamed(t *testing.T) {
	w := open(t)
	s := w.shop()
	order, quoted := orderBody("E-1", ""), quoteBody("FR", "69003")
	parcels := "/api/v1/orders/" + string(s.order("P-1").ID) + "/parcels"
	fresh := s.order("P-2")
	amend := "/api/v1/commitments/" + string(fresh.Commitments[0].ID) + "/amend"
	parcel := fmt.Sprintf(`{"carrier":%q,"number":"A-1","units":[{"line":"x","units":1}]}`, s.carrier.ID)
	owner := s.as(merchant.Owner).saying("Accept-Language", "en")
	for i, c := range []struct {
		law, path, body, at string
		value               any
		status              int
		code, field         string
	}{
		{"a negative quantity", "/api/v1/orders", order, "lines.0.units", -2, 422, "negative_quantity", "lines[0].units"},
		{"a quantity of none", "/api/v1/quotes", quoted, "lines.0.units", 0, 422, "negative_quantity", "lines[0].units"},
		{"half a unit", "/api/v1/orders", order, "lines.0.units", 1.5, 422, "wrong_type", "lines[0].units"},
		{"a quantity in words", "/api/v1/orders", order, "lines.0.units", "two", 422, "wrong_type", "lines[0].units"},
		{"a quantity beyond counting", "/api/v1/orders", order, "lines.0.units", json.Number("1e400"), 422, "wrong_type", "lines[0].units"},
		{"a quantity beyond 64 bits", "/api/v1/orders", order, "lines.0.units", json.Number("99999999999999999999"), 422, "number_uncountable", "lines[0].units"},
		{"a share beyond counting", "/api/v1/settings", `{"target":0.9,"risk_at":0.5}`, "target", json.Number("1e400"), 422, "number_uncountable", "target"},
		{"a certain promise", "/api/v1/settings", `{"target":0.9,"risk_at":0.5}`, "target", 1, 422, "share_out_of_range", "target"},
		{"a negative price", "/api/v1/orders", order, "lines.0.unit_price", map[string]any{"minor": -1, "currency": "EUR"}, 422, "negative_amount", "lines[0].unit_price"},
		{"a price without currency", "/api/v1/orders", order, "lines.0.unit_price", map[string]any{"minor": 1}, 422, "field_required", "lines[0].unit_price.currency"},
		{"a price in gold", "/api/v1/orders", order, "lines.0.unit_price", map[string]any{"minor": 1, "currency": "XAU"}, 422, "unknown_currency", "lines[0].unit_price.currency"},
		{"a price in another currency", "/api/v1/orders", order, "lines.0.unit_price", map[string]any{"minor": 1, "currency": "USD"}, 422, "currency_mismatch", "lines[0].unit_price"},
		{"no lines", "/api/v1/orders", order, "lines", []any{}, 422, "field_required", "lines"},
		{"no reference", "/api/v1/orders", order, "reference", nil, 422, "field_required", "reference"},
		{"an empty reference", "/api/v1/orders", order, "reference", " ", 422, "field_required", "reference"},
		{"an endless reference", "/api/v1/orders", order, "reference", strings.Repeat("x", 101), 422, "field_too_long", "reference"},
		{"a reference with a bell", "/api/v1/orders", order, "reference", "a\ab", 422, "invalid_utf8", "reference"},
		{"an e-mail without at", "/api/v1/orders", order, "shopper.email", "camille", 422, "email_invalid", "shopper.email"},
		{"a language we do not write", "/api/v1/orders", order, "shopper.locale", "de", 422, "unknown_value", "shopper.locale"},
		{"an unknown country", "/api/v1/orders", order, "ship_to.country", "XX", 422, "unknown_country", "ship_to.country"},
		{"a postcode that can not be", "/api/v1/orders", order, "ship_to.postcode", "7500", 422, "postcode_invalid", "ship_to.postcode"},
		{"an address without street", "/api/v1/orders", order, "ship_to.street", "", 422, "field_required", "ship_to.street"},
		{"a quote to nowhere", "/api/v1/quotes", quoted, "destination.country", "XX", 422, "unknown_country", "destination.country"},
		{"a quote to no postcode", "/api/v1/quotes", quoted, "destination.postcode", "ABC", 422, "postcode_invalid", "destination.postcode"},
		{"a token that is none", "/api/v1/orders", order, "token", "hello", 422, "token_invalid", "token"},
		{"a service of nobody", "/api/v1/orders", order, "service", "srv_x", 422, "unknown_service", "service"},
		{"an unknown zone", "/api/v1/stock-points", stockPoint, "zone", "Mars/Olympus", 422, "unknown_zone", "zone"},
		{"a cut-off at 25:00", "/api/v1/stock-points", stockPoint, "cutoffs.monday", "25:00", 422, "time_of_day_invalid", "cutoffs.monday"},
		{"a cut-off at four", "/api/v1/stock-points", stockPoint, "cutoffs.monday", "4 pm", 422, "time_of_day_invalid", "cutoffs.monday"},
		{"a closure on 30 February", "/api/v1/stock-points", stockPoint, "closures", []any{"2026-02-30"}, 422, "day_invalid", "closures[0]"},
		{"a service on no day", "/api/v1/services", s.serviceBody(), "collects", []any{}, 422, "weekdays_missing", "collects"},
		{"a service on Funday", "/api/v1/services", s.serviceBody(), "collects", []any{"funday"}, 422, "unknown_value", "collects[0]"},
		{"a carrier nobody speaks to", "/api/v1/connections", `{"adapter":"x","name":"x","zone":"Europe/Paris"}`, "adapter", "pigeon", 422, "unknown_adapter", "adapter"},
		{"an endless grace", "/api/v1/connections", `{"adapter":"simulated","name":"x","zone":"Europe/Paris"}`, "grace_seconds", 1 << 40, 422, "duration_out_of_range", "grace_seconds"},
		{"a line of another order", parcels, parcel, "number", "A-2", 422, "unknown_line", "units[0]"},
		{"a day in 2099", amend, `{"day":"2026-03-09","asked_by":"shopper"}`, "day", "2099-01-01", 422, "date_out_of_range", "day"},
		{"a day past", amend, `{"day":"2026-03-09","asked_by":"shopper"}`, "day", "2025-01-01", 422, "window_out_of_order", "day"},
		{"the same day", amend, `{"day":"2026-03-09","asked_by":"shopper"}`, "day", "2026-03-03", 422, "amend_same_day", "day"},
		{"a day that is none", amend, `{"day":"2026-03-09","asked_by":"shopper"}`, "day", "tomorrow", 422, "day_invalid", "day"},
		{"an amendment by the carrier", amend, `{"day":"2026-03-09","asked_by":"shopper"}`, "asked_by", "carrier", 422, "unknown_value", "asked_by"},
		{"a policy that is none", "/api/v1/policies/remedy", `{"source":"1 +"}`, "source", "1 +", 422, "policy_invalid", "source"},
		{"a set nobody knows", "/api/v1/keys", `{"set":"viewer","label":"x"}`, "set", "god", 422, "unknown_value", "set"},
		{"a network's set", "/api/v1/keys", `{"set":"viewer","label":"x"}`, "set", "operator", 422, "permission_set_misplaced", "set"},
	} {
		method := "POST"
		if strings.HasPrefix(c.path, "/api/v1/settings") || strings.HasPrefix(c.path, "/api/v1/policies") {
			method = "PUT"
		}
		answer := owner.saying(keyHeader, fmt.Sprint("broken-", i)).call(method, c.path, with(t, c.body, c.at, c.value))
		p := mustRefuse(t, c.law, answer, c.status)
		if p.Code != c.code || len(p.Errors) == 0 || p.Errors[0].Field != c.field {
			t.Errorf("%s: %s at %+v, want %s at %s", c.law, p.Code, p.Errors, c.code, c.field)
		}
	}
}

// A body that breaks a rule in every other byte is not answered by a book.
func TestARefusalHasAnEnd(t *testing.T) {
	w := open(t)
	var body strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&body, `,"f%d":1`, i)
	}
	a := w.shop().as(merchant.Owner).call("POST", "/api/v1/quotes", "{"+body.String()[1:]+"}")
	if p := mustRefuse(t, "unknown fields", a, 422); len(p.Errors) != maxBroken {
		t.Errorf("%d broken rules are listed", len(p.Errors))
	}
}

// Parameters and paths are checked like bodies.
func TestAddressesAreChecked(t *testing.T) {
	w := open(t)
	owner := w.shop().as(merchant.Owner)
	for _, c := range []struct {
		path   string
		status int
		code   string
	}{
		{"/api/v1/orders?limit=0", 422, "parameter_invalid"},
		{"/api/v1/orders?limit=101", 422, "parameter_invalid"},
		{"/api/v1/orders?limit=ten", 422, "parameter_invalid"},
		{"/api/v1/orders?after=ord_x", 422, "parameter_invalid"},
		{"/api/v1/orders?after=%00", 422, "query_invalid"},
		{"/api/v1/orders?after=%ff", 422, "query_invalid"},
		{"/api/v1/orders?after=%zz", 422, "query_invalid"},
		{"/api/v1/orders/%00", 404, "not_found"},
		{"/api/v1/orders/%ff", 404, "not_found"},
		{"/api/v1/orders/ord_' or 1=1 --", 404, "not_found"},
		{"/api/v1/orders/" + strings.Repeat("x", 5000), 404, "not_found"},
		{"/api/v1/commitments?state=lost", 422, "parameter_invalid"},
		{"/api/v1/parcels", 422, "field_required"},
		{"/api/v1/parcels?order=x", 404, "not_found"},
		{"/api/v1/reports/promises?since=2026-13-01", 422, "parameter_invalid"},
		{"/api/v1/reports/promises?since=2026-03-02&until=2026-03-01", 422, "until_before_since"},
		{"/api/v1/tariffs?on=today", 422, "parameter_invalid"},
	} {
		a := owner.call("GET", strings.ReplaceAll(c.path, " ", "%20"), "")
		if p := mustRefuse(t, c.path, a, c.status); p.Code != c.code {
			t.Errorf("%s: %s, want %s", c.path, p.Code, c.code)
		}
	}
}

// A token is what we gave, for what it was given, once, and not for ever.
func TestATokenIsTakenAsItWasGiven(t *testing.T) {
	w := open(t)
	s, other := w.shop(), w.shop()
	dev := s.as(merchant.Developer)
	token := func() string {
		var q Quote
		dev.must(200, "POST", "/api/v1/quotes", quoteBody("FR", "69003"), &q)
		return q.Options[0].Token
	}
	n := 0
	place := func(c caller, reference, token string) *httptest.ResponseRecorder {
		n++
		return c.saying(keyHeader, fmt.Sprint("token-", n)).call("POST", "/api/v1/orders", orderBody(reference, fmt.Sprintf(`"token":%q,`, token)))
	}
	used := token()
	if a := place(dev, "E-1", used); a.Code != 201 {
		t.Fatalf("%d %s", a.Code, a.Body)
	}
	altered := []byte(token())
	altered[10] ^= 1
	expired := token()
	for _, c := range []struct {
		law, code string
		answer    *httptest.ResponseRecorder
	}{
		{"used twice", "token_used", place(dev, "E-2", used)},
		{"altered", "token_altered", place(dev, "E-3", string(altered))},
		{"cut", "token_invalid", place(dev, "E-4", used[:40])},
		{"of another shop", "token_mismatch", place(other.as(merchant.Developer), "E-5", token())},
	} {
		if p := mustRefuse(t, c.law, c.answer, 409, 422); p.Code != c.code || p.Errors[0].Field != "token" {
			t.Errorf("%s: %+v", c.law, p)
		}
	}
	w.At("2026-03-04 09:00")
	if p := mustRefuse(t, "expired", place(dev, "E-6", expired), 409); p.Code != "token_expired" {
		t.Errorf("expired: %+v", p)
	}
	if a := place(dev, "E-1", used); a.Code != 200 {
		t.Errorf("the same order again: %d %s", a.Code, a.Body)
	}
}

// What a carrier sends is kept before anybody understands it, and what can be
// understood of it counts.
func TestEventsAreKeptWhateverTheyAre(t *testing.T) {
	w := open(t)
	s := w.shop()
	carrier := s.as(merchant.Carrier)
	var r Received
	carrier.must(202, "POST", "/api/v1/events", `{"events":[
		{"tracking_number":"A","status":"in_transit","occurred_at":"2026-03-02T08:00:00Z"},
		{"tracking_number":"A","status":"flying","occurred_at":"2026-03-02T08:00:00Z"},
		{"tracking_number":"A","status":"delivered","occurred_at":"yesterday"}]}`, &r)
	if r.Accepted != 1 || len(r.Rejected) != 2 || r.Rejected[0].Field != "events[1].status" || r.Rejected[1].Code != "instant_invalid" {
		t.Errorf("half of it: %+v", r)
	}
	mustRefuse(t, "garbage", carrier.saying("Content-Type", "text/xml").call("POST", "/api/v1/events", "<scan>\xff</scan>"), 400, 422)
	w.See(func(tx *db.Tx) error {
		raws, err := tracking.RawUnread(tx, s.id, "", 10)
		if len(raws) != 2 || string(raws[1].Body) != "<scan>\xff</scan>" || raws[1].ContentType != "text/xml" || raws[1].Trust != "signed" {
			t.Errorf("kept: %+v", raws)
		}
		return err
	})
	// An event that came before its parcel was announced is found again.
	early := s.order("E-1")
	p := s.parcel(early, "A")
	w.Quiet()
	var d ParcelDetail
	s.as(merchant.Owner).must(200, "GET", "/api/v1/parcels/"+string(p.ID), "", &d)
	if d.Status != "in_transit" {
		t.Errorf("the parcel is %s", d.Status)
	}
}

// A handler that panics answers without a word of it, and what came before is kept.
func TestAPanicStaysInside(t *testing.T) {
	w := open(t)
	s := w.shop()
	var hasty Connection
	owner := s.as(merchant.Owner)
	owner.must(201, "POST", "/api/v1/connections", `{"adapter":"hasty","name":"Trop vite","zone":"Europe/Paris"}`, &hasty)
	a := owner.call("POST", "/api/v1/events?carrier="+string(hasty.ID), `{"events":[]}`)
	if p := mustRefuse(t, "a parser that panics", a, 500); p.Code != "internal" || strings.Contains(a.Body.String(), "fire") {
		t.Errorf("%+v", p)
	}
	w.See(func(tx *db.Tx) error {
		raws, err := tracking.RawUnread(tx, s.id, "", 10)
		if len(raws) != 1 {
			t.Errorf("kept: %+v", raws)
		}
		return err
	})
}

func TestNoServiceIsAnAnswer(t *testing.T) {
	w := open(t)
	dev := w.shop().as(merchant.Developer).saying("Accept-Language", "fr")
	for _, c := range []struct{ law, body, code string }{
		{"a place no carrier serves", quoteBody("DE", "10115"), "country_not_served"},
		{"overseas", quoteBody("FR", "97400"), "country_not_served"},
	} {
		var q Quote
		dev.must(200, "POST", "/api/v1/quotes", c.body, &q)
		if len(q.Options) != 0 || len(q.Hidden) != 1 || q.Hidden[0].Code != c.code || strings.HasPrefix(q.Hidden[0].Text, "[") {
			t.Errorf("%s: %+v", c.law, q)
		}
	}
}
