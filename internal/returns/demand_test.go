package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// late has the promise of an order broken: it was to come by now.
func (s *shop) late(b bought) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(b.ID), "com_"+b.Reference, fact.PromiseBroken{Ruling: fact.Ruling{
			Promise: fact.Promise{Commitment: "com_1", Owed: fact.DeliverBy, Order: b.ID, Shopper: s.camille, Until: tx.Now},
		}})
	})
}

func (s *shop) summons(o ident.Order) (d returns.Demand, fresh bool, err error) {
	err = s.One(ctx, flow.ByShopper(s.camille), s.m, func(tx *flow.Tx) (err error) {
		d, fresh, err = returns.Summon(tx, s.m, o)
		return err
	})
	return d, fresh, err
}

func (s *shop) resolves(o ident.Order) (r returns.Return, err error) {
	err = s.One(ctx, flow.ByShopper(s.camille), s.m, func(tx *flow.Tx) error {
		d, _, err := returns.DemandOf(tx.Tx, s.m, o)
		if err != nil {
			return err
		}
		r, err = d.Resolve(tx, s.m)
		return err
	})
	if err == nil {
		r = s.get(r.ID)
	}
	return r, err
}

func (s *shop) declines(o ident.Order) error {
	return s.by(s.owner, func(tx *flow.Tx) error {
		d, _, err := returns.DemandOf(tx.Tx, s.m, o)
		if err == nil {
			_, err = d.Decline(tx, s.m)
		}
		return err
	})
}

// What never came is owed once the further period is over, and once only.
func TestAContractIsResolvedForWhatNeverCame(t *testing.T) {
	coatOnly := func(s *shop, b bought) {
		s.Do(s.m, func(tx *flow.Tx) error {
			_, _, err := order.Announce(tx, s.m, order.NewParcel{Order: b.ID, Connection: s.line, Number: "OUT" + b.Reference, Units: map[ident.Line]int{b.coat: 1}})
			return err
		})
		s.scan("OUT"+b.Reference, fact.Delivered, s.Clock().Now())
	}
	for _, c := range []struct {
		law    string
		before func(*shop, bought)
		amount int64
		state  returns.State
		waits  string
	}{
		{law: "nothing came: all of it and its delivery, above what a rule pays alone", amount: 20090, state: returns.Accepted, waits: "above_limit"},
		{law: "the coat came: the scarves, and no delivery", before: coatOnly, amount: 7500, state: returns.Decided},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := open(t)
			b := s.buys()
			if c.before != nil {
				c.before(s, b)
			}
			s.late(b)
			d, fresh, err := s.summons(b.ID)
			if err != nil || !fresh || d.Until != civil.Date(2026, 3, 12).End(s.zone()) {
				t.Fatalf("fresh %v: %v until %v", fresh, err, d.Until)
			}
			if again, fresh, err := s.summons(b.ID); err != nil || fresh || again.ID != d.ID || again.Hash != ident.Hash(again.Statement) {
				t.Errorf("a second one: fresh %v: %v %+v", fresh, err, again)
			}
			if _, err := s.resolves(b.ID); !fault.Is(err, "demand_running") {
				t.Errorf("before the period is over: %v", err)
			}
			s.Pass(d.Until.Sub(s.Clock().Now()))
			s.Quiet()
			if n := s.count(b.ID, "returns.resolvable"); n != 1 {
				t.Errorf("told %d times that it may be resolved", n)
			}
			r, err := s.resolves(b.ID)
			if err != nil || r.State != c.state || r.Ground != fact.ByResolution || r.RefundBy != civil.Date(2026, 3, 27).End(s.zone()) {
				t.Fatalf("%v: %+v", err, r)
			}
			if again, err := s.resolves(b.ID); err != nil || again.ID != r.ID {
				t.Errorf("a second time: %v %s", err, again.ID)
			}
			ds := s.decisions(r.ID)
			if len(ds) != 1 || ds[0].Amount.Minor != c.amount || ds[0].Why != c.waits || s.count(b.ID, "returns.resolved") != 1 {
				t.Errorf("%+v", ds)
			}
			if err := s.declines(b.ID); !fault.Is(err, "demand_resolved") {
				t.Errorf("declined afterwards: %v", err)
			}
		})
	}
}

func (s *shop) zone() *time.Location {
	zone, err := civil.Zone("Europe/Paris")
	s.must(err)
	return zone
}

// A notice needs something that is late and awaited.
func TestNoticesThatAreNotTaken(t *testing.T) {
	for _, c := range []struct {
		law, code string
		what      func(*shop, bought)
	}{
		{"not late yet", "not_late", func(*shop, bought) {}},
		{"it came, late", "nothing_awaited", func(s *shop, b bought) {
			s.delivers(b, s.Clock().Now())
			s.late(b)
		}},
		{"withdrawn from before anything was sent", "nothing_awaited", func(s *shop, b bought) {
			_, _, err := s.renounces(returns.Renouncing{Order: b.ID, Name: "Camille", Contract: b.Reference, Email: "camille@example.org"})
			s.must(err)
			s.late(b)
		}},
		{"cancelled", "nothing_awaited", func(s *shop, b bought) {
			s.late(b)
			s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, b.ID, fact.ByShopper) })
		}},
	} {
		s := open(t)
		b := s.buys()
		c.what(s, b)
		if _, _, err := s.summons(b.ID); !fault.Is(err, c.code) {
			t.Errorf("%s: %v", c.law, err)
		}
	}
}

// The shop's word that nothing will come ends the waiting; what comes all the same
// leaves nothing to resolve.
func TestAShopThatDeclinesIsWaitedForNoLonger(t *testing.T) {
	s := open(t)
	b := s.buys()
	s.late(b)
	if _, _, err := s.summons(b.ID); err != nil {
		t.Fatal(err)
	}
	s.must(s.declines(b.ID))
	s.must(s.declines(b.ID))
	if n := s.count(b.ID, "returns.resolvable"); n != 1 {
		t.Errorf("told %d times", n)
	}
	s.delivers(b, s.Clock().Now())
	if _, err := s.resolves(b.ID); !fault.Is(err, "nothing_awaited") {
		t.Errorf("after it came: %v", err)
	}
	s.Pass(20 * aDay)
	s.Quiet()
	if n := s.count(b.ID, "returns.resolvable"); n != 1 {
		t.Errorf("told %d times in the end", n)
	}
	s.See(func(tx *db.Tx) error {
		open, err := returns.OpenDemands(tx, s.m, returns.Demand{}, 10)
		if len(open) != 1 || open[0].Declined == 0 {
			t.Errorf("%+v", open)
		}
		return err
	})
}
