package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// rules is somebody's decision on a claim about an order, which gives goods back.
func (s *shop) rules(who ident.Staff, b bought, question ident.Said, goods ...fact.Units) (r returns.Return, err error) {
	err = s.by(who, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(b.ID), string(question), fact.ClaimDecided{
			Complaint: fact.Complaint{Claim: "clm_1", Order: b.ID, Shopper: s.camille, What: fact.ClaimLost},
			Question:  question, By: who, At: tx.Now, Outcome: fact.InFull, Liable: fact.ByCarrier, Goods: goods,
		})
	})
	if err != nil {
		return r, err
	}
	s.See(func(tx *db.Tx) (err error) {
		all, err := returns.RedressFor(tx, s.m, []ident.Said{question})
		if err == nil && len(all) == 1 {
			r = all[0].Return
		}
		return err
	})
	return r, nil
}

func (s *shop) unreturned(b bought) (left map[ident.Line]int) {
	s.t.Helper()
	s.See(func(tx *db.Tx) (err error) {
		left, err = returns.Unreturned(tx, s.m, b.ID)
		return err
	})
	return left
}

// Goods that a person gives back on a claim are paid within fourteen days, once, and
// by two people above what one may give alone.
func TestAClaimGivesGoodsBack(t *testing.T) {
	all := func(b bought) []fact.Units { return []fact.Units{{Line: b.coat, Units: 1}, {Line: b.scarf, Units: 3}} }
	for _, c := range []struct {
		law    string
		goods  func(bought) []fact.Units
		owner  bool
		amount int64
		state  returns.State
		waits  string
	}{
		{"two scarves", func(b bought) []fact.Units { return []fact.Units{{Line: b.scarf, Units: 2}} }, false, 5000, returns.Decided, ""},
		{"all of it, with its delivery: more than an agent gives alone", all, false, 20090, returns.Accepted, "above_limit"},
		{"all of it, by an owner", all, true, 20090, returns.Decided, ""},
	} {
		t.Run(c.law, func(t *testing.T) {
			s := open(t)
			b := s.buys()
			who := s.agents[0]
			if c.owner {
				who = s.owner
			}
			r, err := s.rules(who, b, "sai_1", c.goods(b)...)
			if err != nil || r.State != c.state || r.Ground != fact.ByClaim || r.RefundBy != civil.Date(2026, 3, 16).End(s.zone()) {
				t.Fatalf("%v: %+v", err, r)
			}
			ds := s.decisions(r.ID)
			if len(ds) != 1 || ds[0].Amount.Minor != c.amount || ds[0].Why != c.waits || ds[0].By != flow.ByStaff(who) || ds[0].ByItsClaim() != (c.waits == "") {
				t.Errorf("%+v", ds)
			}
			if n := s.count(b.ID, "returns.made_good"); n != 1 {
				t.Errorf("told %d times", n)
			}
			if _, err := s.rules(who, b, "sai_2", fact.Units{Line: b.scarf, Units: 2}); !fault.Is(err, "claim_goods_gone") {
				t.Errorf("the same scarves again: %v", err)
			}
		})
	}
}

// No unit is paid twice, whichever way it was given back first.
func TestAUnitIsGivenBackOnce(t *testing.T) {
	scarf := func(b bought, units int) fact.Units { return fact.Units{Line: b.scarf, Units: units} }
	t.Run("a claim leaves less to a resolution", func(t *testing.T) {
		s := open(t)
		b := s.buys()
		if _, err := s.rules(s.agents[0], b, "sai_1", scarf(b, 1)); err != nil {
			t.Fatal(err)
		}
		s.late(b)
		d, _, err := s.summons(b.ID)
		s.must(err)
		s.Pass(d.Until.Sub(s.Clock().Now()))
		r, err := s.resolves(b.ID)
		if ds := s.decisions(r.ID); err != nil || r.Units != 3 || len(ds) != 1 || ds[0].Amount.Minor != 17590 {
			t.Errorf("the coat, two scarves and the delivery: %v %+v", err, ds)
		}
		if left := s.unreturned(b); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
	t.Run("a return leaves less to a claim, and a claim to a return", func(t *testing.T) {
		s := open(t)
		b := s.had()
		s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
		if _, err := s.rules(s.agents[0], b, "sai_1", scarf(b, 3)); !fault.Is(err, "claim_goods_gone") {
			t.Errorf("all three: %v", err)
		}
		if _, err := s.rules(s.agents[0], b, "sai_2", scarf(b, 2)); err != nil {
			t.Error(err)
		}
		if _, _, err := s.asks(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Key = "again" })); !fault.Is(err, "already_returned") {
			t.Errorf("one more scarf: %v", err)
		}
	})
	t.Run("a withdrawal leaves nothing", func(t *testing.T) {
		s := open(t)
		b := s.buys()
		_, _, err := s.renounces(returns.Renouncing{Order: b.ID, Name: "Camille", Contract: b.Reference, Email: "camille@example.org"})
		s.must(err)
		s.Pass(time.Hour)
		if _, err := s.rules(s.agents[0], b, "sai_1", scarf(b, 1)); !fault.Is(err, "claim_goods_gone") {
			t.Error(err)
		}
	})
	t.Run("a line named twice", func(t *testing.T) {
		s := open(t)
		b := s.buys()
		if _, err := s.rules(s.agents[0], b, "sai_1", scarf(b, 1), scarf(b, 1)); !fault.Is(err, "line_twice") {
			t.Error(err)
		}
	})
}
