package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/promesse-dev/promesse/internal/merchant"
)

// fuzzBody throws bodies at a path: whatever comes is answered, never by 5xx.
func fuzzBody(f *testing.F, set merchant.Set, path string, seeds ...string) {
	w := open(f)
	s := w.shop()
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	addGarbage(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		a := s.as(set).call("POST", path, string(body))
		if a.Code >= 500 {
			t.Fatalf("%d %s", a.Code, a.Body)
		}
		if a.Code >= 400 {
			mustRefuse(t, path, a, a.Code)
		}
	})
}

func FuzzQuotes(f *testing.F) {
	fuzzBody(
		f, merchant.Developer, "/api/v1/quotes", quoteBody("FR", "69003"), quoteBody("FR", "97400"), quoteBody("BE", "1000"),
		quoteBody("GB", "SW1A 1AA"), `{"destination":{"country":"fr","postcode":"F-75 001"},"lines":`+lines+`,"locale":"en","currency":"EUR"}`,
		`{"destination":{"country":"FR","postcode":"75001"},"lines":[{"name":"x","units":10000,"unit_price":{"minor":9223372036854775807,"currency":"EUR"}}]}`,
	)
}

func FuzzEvents(f *testing.F) {
	event := func(fields string) string { return fmt.Sprintf(`{"events":[{"tracking_number":"A-1",%s}]}`, fields) }
	fuzzBody(
		f, merchant.Carrier, "/api/v1/events",
		event(`"status":"delivered","occurred_at":"2026-03-02T08:00:00Z"`),
		event(`"code":"LIVCFM","label":"Livré","occurred_at":"2026-03-02"`),
		event(`"status":"delivered","occurred_at":"1970-01-01T00:00:00Z","place":"mailbox","precision":"day"`),
		event(`"status":"in_transit","occurred_at":"2099-12-31T23:59:59Z","zone":"Indian/Reunion","location":"Le Port"`),
		event(`"status":"exception","reason":"strike","party":"force_majeure","source":"carrier","occurred_at":"2026-10-25T02:30","zone":"Europe/Paris"`),
		event(`"status":"in_transit","supersedes":"delivered","occurred_at":"2026-03-02T08:00:00.123456+01:00"`),
	)
}

// Whatever JSON a body holds is read or refused with a place in it.
func FuzzParse(f *testing.F) {
	addGarbage(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := parse(raw)
		if err != nil {
			return
		}
		var same any
		if json.Unmarshal(raw, &same) != nil {
			t.Fatalf("%q was read as %v, and is no JSON", raw, v)
		}
	})
}

// addGarbage seeds with what is small enough to be changed quickly.
func addGarbage(f *testing.F) {
	for _, what := range slices.Sorted(maps.Keys(garbage)) {
		if body := garbage[what]; len(body) < 2000 {
			f.Add([]byte(body))
		}
	}
}
