package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

const aDay = 24 * time.Hour

// left is a return that was deposited, with a proof.
func (s *shop) left(w returns.Wanted) returns.Return {
	s.t.Helper()
	r := s.asked(w)
	if w.Route == fact.BackByRelay {
		s.labels(r.ID)
	}
	s.must(s.deposit(r.ID, returns.Left{Source: returns.ByReceipt, Place: "Tabac du Port, Paris"}))
	return s.get(r.ID)
}

func (s *shop) loses(who ident.Staff, id ident.Return) error {
	return s.by(who, func(tx *flow.Tx) error { _, err := returns.Lose(tx, s.m, id); return err })
}

func (s *shop) decisions(id ident.Return) (ds []returns.Decision) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := returns.Decisions(tx, s.m, []ident.Return{id})
		ds = of[id]
		return err
	})
	return ds
}

// What follows from a loss, and from whose word.
func TestWhatWasLostIsOwed(t *testing.T) {
	owner := func(s *shop) ident.Staff { return s.owner }
	agent := func(s *shop) ident.Staff { return s.agents[0] }
	ownWay := func(w *returns.Wanted) { w.Route = fact.BackOnTheirs }
	tooLong := func(s *shop) { s.Pass(24 * aDay) } // fourteen days after the articles were in hand are over
	for _, c := range []struct {
		law    string
		units  map[string]int
		wish   func(*returns.Wanted)
		first  func(*shop)
		who    func(*shop) ident.Staff // nil: the clock
		state  returns.State
		waits  string
		amount int64 // of the decision; 0: there is none
	}{
		{law: "nothing came in five working days and fourteen more: the clock gives it up", units: map[string]int{"scarf": 1}, state: returns.Decided, amount: 2500},
		{law: "all of the order, and its delivery: above what a rule pays alone", units: map[string]int{"coat": 1, "scarf": 3}, state: returns.Lost, waits: "above_limit", amount: 20090},
		{law: "an agent's word, within their limit", units: map[string]int{"scarf": 1}, who: agent, state: returns.Decided, amount: 2500},
		{law: "an agent's word, above it", units: map[string]int{"coat": 1, "scarf": 3}, who: agent, state: returns.Lost, waits: "above_limit", amount: 20090},
		{law: "an owner's", units: map[string]int{"coat": 1, "scarf": 3}, who: owner, state: returns.Decided, amount: 20090},
		{law: "sent as they liked, while they could withdraw: the proof releases the refund", units: map[string]int{"scarf": 1}, wish: ownWay, state: returns.Decided, amount: 2500},
		{law: "sent as they liked, on the shop's own offer: a person looks", units: map[string]int{"scarf": 1}, wish: ownWay, first: tooLong, state: returns.Lost},
		{law: "on the shop's own offer, with its label", units: map[string]int{"scarf": 1}, first: tooLong, state: returns.Decided, amount: 2500},
	} {
		s := open(t)
		b := s.had()
		if c.first != nil {
			c.first(s)
		}
		line := map[string]ident.Line{"coat": b.coat, "scarf": b.scarf}
		units := map[ident.Line]int{}
		for name, n := range c.units {
			units[line[name]] = n
		}
		w := s.wants(b, units, "no_longer_needed")
		if c.wish != nil {
			c.wish(&w)
		}
		r := s.left(w)
		if c.who == nil {
			s.Pass(40 * aDay)
			s.Quiet()
		} else {
			s.must(s.loses(c.who(s), r.ID))
			s.must(s.loses(c.who(s), r.ID)) // said again, it is said once
		}
		r = s.inState(c.law, r.ID, c.state)
		lost := told[fact.ReturnLost](s, b.ID)
		if len(lost) != 1 || lost[0].RefundBy == 0 || lost[0].RefundBy != r.RefundBy || !r.GivenUp() {
			t.Errorf("%s: told %+v, refund by %v", c.law, lost, r.RefundBy)
		}
		ds := s.decisions(r.ID)
		if c.amount == 0 {
			if len(ds) != 0 {
				t.Errorf("%s: decided %+v", c.law, ds)
			}
			continue
		}
		if len(ds) != 1 || ds[0].Why != c.waits || ds[0].Amount != euros(c.amount) || ds[0].ForLoss() != (c.waits == "") {
			t.Errorf("%s: decided %+v", c.law, ds)
		}
	}
}

// Whoever gave the parcel up is nobody's second person, and what comes after all
// is looked at like any other.
func TestALossThatWaitsForASecondPerson(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.left(s.wants(b, map[ident.Line]int{b.coat: 1, b.scarf: 3}, "no_longer_needed"))
	s.must(s.loses(s.agents[0], r.ID))
	waiting := s.decisions(r.ID)[0]
	confirm := func(who ident.Staff) error {
		return s.by(who, func(tx *flow.Tx) error { _, err := returns.Confirm(tx, s.m, waiting.ID, "vu"); return err })
	}
	refused(t, "the same person", confirm(s.agents[0]), "second_person", "return")
	s.scan("BACK1", fact.Delivered, s.Clock().Now())
	r = s.inState("it came after all", r.ID, returns.Received)
	if r.GivenUp() {
		t.Error("what is there is still called lost")
	}
	s.must(confirm(s.owner))
	s.inState("confirmed", r.ID, returns.Decided)
}

// The way back that led nowhere costs nothing, and the money is dated: by the law
// where it runs, by the merchant's own days elsewhere.
func TestALossIsDatedAndFree(t *testing.T) {
	s := open(t)
	b := s.had()
	s.Do(s.m, func(tx *flow.Tx) error {
		c := s.conditions()
		c.ProcessDays = 30
		return returns.SetConditions(tx, s.m, c)
	})
	r := s.left(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	byLaw := r.RefundBy
	s.Pass(aDay)
	s.must(s.loses(s.owner, r.ID))
	if r = s.get(r.ID); r.RefundBy != byLaw || r.Fee.Minor != 0 {
		t.Errorf("refund by %v, want the law's %v; fee %v", r.RefundBy, byLaw, r.Fee)
	}

	late := s.had()
	s.Pass(24 * aDay)
	o := s.left(s.wants(late, map[ident.Line]int{late.scarf: 1}, "no_longer_needed"))
	if o.RefundBy != 0 {
		t.Fatalf("nothing runs before it is back or lost: %v", o.RefundBy)
	}
	s.must(s.loses(s.owner, o.ID))
	if o = s.get(o.ID); o.RefundBy != o.ProcessBy || o.RefundBy == 0 {
		t.Errorf("refund by %v, the merchant's own %v", o.RefundBy, o.ProcessBy)
	}
}
