package returns_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Somebody who was refused again and again waits for a person, and is not refused
// by a machine.
func TestAHistoryHoldsAReturnAndRefusesNone(t *testing.T) {
	s := open(t)
	for range 3 {
		b := s.had()
		_, err := s.decides(s.agents[1], s.received(b, 1, "wrong_size").ID, returns.Ruling{Outcome: fact.Refused, Reasons: because("worn")})
		s.must(err)
	}
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size"))
	if r.State != returns.Held || r.Why != "doubt" || r.Doubts[0].Code != "refused_before" {
		t.Errorf("%+v", r)
	}
	held := told[fact.ReturnHeld](s, b.ID)
	if len(held) != 1 || held[0].Why != "doubt" || s.count(b.ID, "returns.accepted") != 0 {
		t.Errorf("told %+v", held)
	}
}

// A parcel left far from home, at a counter nobody chose, is deposited all the
// same; what was seen is noted beside it.
func TestADepositFarFromHomeIsNoted(t *testing.T) {
	s := open(t)
	var near, far ident.Point
	s.Do(s.m, func(tx *flow.Tx) error {
		point := func(city, postcode string, at geo.Point) relay.Point {
			return relay.Point{
				Code: city, Kind: relay.Shop, Name: "Point " + city, Street: "1 rue", Postcode: postcode, City: city, Country: "FR",
				Zone: "Europe/Paris", Services: []string{relay.Send}, At: at,
			}
		}
		_, err := relay.Feed(tx, s.m, "printer", []relay.Point{
			point("Paris", "75012", geo.Point{Lat: 48.84, Lon: 2.39}), point("Marseille", "13001", geo.Point{Lat: 43.3, Lon: 5.38}),
		}, true)
		if err != nil {
			return err
		}
		for city, id := range map[string]*ident.Point{"Paris": &near, "Marseille": &far} {
			p, err := relay.ByCode(tx.Tx, "printer", city)
			if err != nil {
				return err
			}
			*id = p.ID
		}
		return nil
	})
	for _, row := range []struct {
		law    string
		point  ident.Point
		doubts int
	}{
		{"at the point chosen", near, 0},
		{"660 km away, at another", far, 2},
		{"at a counter we do not list", "pnt_unlisted", 1},
	} {
		b := s.had()
		r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size", func(w *returns.Wanted) { w.Point = near }))
		s.labels(r.ID)
		s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac", Point: row.point}))
		if r = s.inState(row.law, r.ID, returns.Deposited); len(r.Doubts) != row.doubts {
			t.Errorf("%s: %+v", row.law, r.Doubts)
		}
	}
}

// Two agents who let each other's decisions pass do not pass their days' caps.
func TestCapsHoldForWhoConfirmsToo(t *testing.T) {
	s := open(t)
	c := s.conditions()
	c.DayCaps = map[merchant.Set]int64{merchant.Agent: 5000}
	s.Do(s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
	var ids []ident.Return
	for range 3 {
		b := s.had()
		ids = append(ids, s.received(b, 2, "wrong_size").ID)
	}
	var waiting []returns.Decision
	for _, id := range ids {
		d, err := s.decides(s.agents[1], id, returns.Ruling{Outcome: fact.InFull})
		s.must(err)
		if d.State == returns.Waiting {
			waiting = append(waiting, d)
		}
	}
	if len(waiting) != 2 {
		t.Fatalf("%d wait", len(waiting))
	}
	s.must(confirm(s, s.agents[2], waiting[0].ID))
	refused(t, "the second one's day is full", confirm(s, s.agents[2], waiting[1].ID), "limit_exceeded", "decision")
	s.must(confirm(s, s.owner, waiting[1].ID))
}

// The same article bought and sent back again and again is noted.
func TestTheVeryArticleSentBackBeforeIsNoted(t *testing.T) {
	s := open(t)
	same := func(in *order.New) { in.Lines[1].SKU = "SCARF" }
	for n, doubts := range []int{0, 1, 1} {
		b := s.had(same)
		r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size"))
		if len(r.Doubts) != doubts || doubts > 0 && r.Doubts[0].Code != "same_articles" {
			t.Errorf("return %d: %+v", n+1, r.Doubts)
		}
	}
	b := s.had()
	if r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size")); len(r.Doubts) != 0 {
		t.Errorf("another article: %+v", r.Doubts)
	}
}

func TestHalfAWarehouseIsRefused(t *testing.T) {
	s := open(t)
	c := s.conditions()
	c.Warehouse.Street = ""
	err := s.One(ctx, flow.ByStaff(s.agents[0]), s.m, func(tx *flow.Tx) error { return returns.SetConditions(tx, s.m, c) })
	refused(t, "no street", err, "field_required", "warehouse.street")
}
