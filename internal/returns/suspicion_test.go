package returns_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
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
		for _, at := range []struct {
			id             *ident.Point
			postcode, city string
			place          geo.Point
		}{{&near, "75012", "Paris", geo.Point{Lat: 48.84, Lon: 2.39}}, {&far, "13001", "Marseille", geo.Point{Lat: 43.3, Lon: 5.38}}} {
			p, err := relay.SetStore(tx, s.m, relay.Point{
				Code: at.city, Name: "Point " + at.city, Street: "1 rue", Postcode: at.postcode, City: at.city, Country: "FR",
				Zone: "Europe/Paris", Services: []string{relay.Send}, At: at.place,
			})
			if err != nil {
				return err
			}
			*at.id = p.ID
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
