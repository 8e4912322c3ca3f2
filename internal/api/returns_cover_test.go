package api

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/returns"
)

// seePickup is a bottle that is fetched at the door, on a day the shopper chose.
func seePickup(t *testing.T, s *shop) {
	t.Helper()
	r := s.fetched("F-1")
	var d ReturnDetail
	s.as(merchant.Owner).must(200, "GET", path(r, ""), "", &d)
	if d.State != returns.Ready || d.Pickup == nil {
		t.Errorf("fetched: %+v", d)
	}
	var days PickupDays
	if s.as(merchant.Developer).must(200, "GET", path(r, "/pickup"), "", &days); len(days.Days) != 0 {
		t.Errorf("a day stands, and %v are offered", days.Days)
	}
	s.as(merchant.Developer).must(200, "POST", path(r, "/pickup"), `{"day":"`+d.Pickup.String()+`"}`, &r)
}

// seeCover buys cover for a way back: offered with its price, chosen by what it
// covers, and kept of the refund under its own name.
func seeCover(t *testing.T, s *shop) {
	t.Helper()
	dev := s.as(merchant.Developer)
	o := s.had("C-1")
	root, wish := "/api/v1/orders/"+string(o.ID), strings.Replace(s.wish(o, "no_longer_needed"), `"units":1`, `"units":2`, 1)
	var options ReturnOptions
	dev.must(200, "POST", root+"/returns/options", "{"+wish+"}", &options)
	for _, way := range options.Options {
		want := 0
		if way.Route == fact.BackByPost {
			want = 1 // 29.80 are covered by the first
		}
		if len(way.Covers) != want || want == 1 && way.Covers[0] != (ReturnCover{money.Of(10000, "EUR"), money.Of(150, "EUR")}) {
			t.Errorf("covers by %s: %+v", way.Route, way.Covers)
		}
	}
	body := func(cover string) string {
		return "{" + wish + `,"route":"post","cover":{"minor":` + cover + `,"currency":"EUR"}}`
	}
	if p := s.counter().saying(keyHeader, "cover-0").refused(422, "POST", root+"/returns", body("9999")); p.Errors[0].Field != "cover" || p.Code != "cover_not_offered" {
		t.Errorf("a cover nobody offers: %+v", p)
	}
	var r Return
	s.counter().saying(keyHeader, "cover-1").must(201, "POST", root+"/returns", body("10000"), &r)
	if r.Insured != money.Of(10000, "EUR") || r.Premium != money.Of(150, "EUR") || r.Claim != nil {
		t.Errorf("bought: %+v", r)
	}
	s.counter().must(202, "POST", path(r, "/label"), `{"format":"qr"}`, nil)
	s.w.Quiet()
	all := strings.TrimSuffix(strings.TrimPrefix(s.allWell(r), `{"findings":[`), "]}")
	s.counter().must(200, "POST", path(r, "/inspect"), `{"findings":[`+all+","+all+"]}", nil)
	var d Decision
	s.as(merchant.Owner).must(201, "POST", path(r, "/decide"), `{"outcome":"full"}`, &d)
	if d.Amount != money.Of(2980-150, "EUR") || len(d.Withheld) != 1 || d.Withheld[0].Charge != fact.ChargeCover || d.Withheld[0].Amount != money.Of(150, "EUR") {
		t.Errorf("decided: %+v", d)
	}
}
