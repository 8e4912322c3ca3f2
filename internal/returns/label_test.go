package returns_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

func (s *shop) asksLabel(id ident.Return, f carrier.LabelFormat) (l returns.Label, err error) {
	err = s.Try(s.m, func(tx *flow.Tx) (err error) {
		l, err = returns.AskLabel(tx, s.m, id, f)
		return err
	})
	return l, err
}

func (s *shop) labelsOf(id ident.Return) (out []returns.Label) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := returns.Labels(tx, s.m, []ident.Return{id})
		out = of[id]
		return err
	})
	return out
}

func TestALabelAskedForSixtyFourTimesAtOnceIsOne(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	var all sync.WaitGroup
	labels := make([]returns.Label, 64)
	errs := make([]error, 64)
	for i := range labels {
		all.Go(func() { labels[i], errs[i] = s.asksLabel(r.ID, carrier.PDFA4) })
	}
	all.Wait()
	for i := range labels {
		if errs[i] != nil || labels[i].ID != labels[0].ID {
			t.Fatalf("%+v, %v", labels[i], errs[i])
		}
	}
	s.Quiet()
	s.Quiet()
	if s.printer.made != 1 {
		t.Errorf("%d labels made", s.printer.made)
	}
	l, err := s.asksLabel(r.ID, carrier.PDFA4)
	if err != nil || l.State != returns.LabelReady || l.Number != "BACK1" || l.Document == "" {
		t.Errorf("%+v, %v", l, err)
	}
}

// The carrier is told what a label needs, and nothing of what is inside.
func TestWhatTheCarrierIsTold(t *testing.T) {
	s := open(t)
	b := s.had(made(order.Traits{Category: "vêtements"}))
	r := s.asked(s.wants(b, map[ident.Line]int{b.coat: 1, b.scarf: 2}, "no_longer_needed"))
	s.labels(r.ID)
	got := s.printer.asked[0]
	if got.Grams != 1600 || got.Units != 3 || got.Contents != "vêtements" || got.From.Email != "camille@example.org" ||
		got.To.City != "Lyon" || got.Route != fact.BackByRelay || got.Key != string(r.ID)+"/qr" || got.Reference != b.Reference {
		t.Errorf("%+v", got)
	}
	parcel := s.get(r.ID).Parcel
	s.See(func(tx *db.Tx) error {
		parcels, err := order.Parcels(tx, s.m, []ident.Order{b.ID})
		inside, err2 := order.Contents(tx, s.m, []ident.Parcel{parcel})
		if err != nil || err2 != nil {
			return err
		}
		back := parcels[b.ID][1]
		if back.Direction != fact.Back || back.Number != "BACK1" || cmp.Diff(map[ident.Line]int{b.coat: 1, b.scarf: 2}, inside[back.ID]) != "" {
			t.Errorf("%+v with %v", back, inside[back.ID])
		}
		return nil
	})
}

// Another format is another label of the same parcel; the one that is deposited
// under voids the other, and serves once.
func TestALabelServesOnce(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	s.labels(r.ID)
	_, err := s.asksLabel(r.ID, carrier.PDFA4)
	s.must(err)
	s.Quiet()
	refused(t, "a number that is no label of it", s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Number: "BACK9", Place: "Tabac"}), "label_unknown", "number")
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Number: "back 2", Place: "Tabac", Clerk: "Paul"}))
	s.Quiet()
	var states []returns.LabelState
	for _, l := range s.labelsOf(r.ID) {
		states = append(states, l.State)
	}
	slices.Sort(states)
	if cmp.Diff([]returns.LabelState{returns.LabelUsed, returns.LabelVoid}, states) != "" || cmp.Diff([]string{"BACK1"}, s.printer.voided) != "" {
		t.Errorf("%v, voided %v", states, s.printer.voided)
	}
	var first returns.Proof
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		first, err = returns.Deposit(tx, s.m, r.ID, returns.Left{Source: returns.AtCounter, Number: "BACK2", Place: "Ailleurs"})
		return err
	})
	if first.Place != "Tabac" || s.count(b.ID, "returns.deposited") != 1 {
		t.Errorf("deposited again: %+v", first)
	}
	_, err = s.asksLabel(r.ID, carrier.ZPL)
	refused(t, "a label for what is deposited", err, "return_state", "return")
}

func TestLabelsThatCanNotBe(t *testing.T) {
	s := open(t)
	b := s.had()
	store := s.asked(s.wants(b, map[ident.Line]int{b.coat: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Route, w.Key = fact.BackToStore, "store" }))
	_, err := s.asksLabel(store.ID, carrier.QR)
	refused(t, "a store needs none", err, "no_label_needed", "return")
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	_, err = s.asksLabel(r.ID, "papyrus")
	refused(t, "a format nobody prints", err, "unknown_value", "format")
	_, err = s.asksLabel("ret_none", carrier.QR)
	refused(t, "a return that is not there", err, "not_found", "return")

	s.printer.says = carrier.Refusal{Why: carrier.RefusedAddress, Code: "STAT 30", Text: "adresse inconnue", Final: true}
	s.labels(r.ID)
	_, err = s.asksLabel(r.ID, carrier.QR)
	refused(t, "the carrier said no for good", err, "label_refused", "format")
	s.inState("and another format may be asked for", r.ID, returns.Accepted)

	s.printer.says = errDead
	_, err = s.asksLabel(r.ID, carrier.PDFA4)
	s.must(err)
	s.Quiet()
	s.printer.says = nil
	s.Pass(time.Hour)
	s.Quiet()
	s.inState("a line that was dead for a while", r.ID, returns.Ready)
}

func TestALabelThatComesTooLateIsVoid(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	s.printer.says = errDead
	_, err := s.asksLabel(r.ID, carrier.QR)
	s.must(err)
	s.Quiet()
	s.printer.says = nil
	s.Do(s.m, func(tx *flow.Tx) error { _, err := returns.Cancel(tx, s.m, r.ID, fact.ByShopper); return err })
	s.Pass(time.Hour)
	s.Quiet()
	if ls := s.labelsOf(r.ID); ls[0].State != returns.LabelVoid || s.printer.made != 0 {
		t.Errorf("%+v, %d made", ls, s.printer.made)
	}
}

func TestDepositsThatAreNot(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	s.labels(r.ID)
	now := s.Clock().Now()
	for _, row := range []struct {
		law  string
		left returns.Left
		code string
	}{
		{"before it was asked for", returns.Left{Place: "Tabac", At: r.Asked - 1}, "deposit_back_dated"},
		{"ten minutes from now", returns.Left{Place: "Tabac", At: now.Add(10 * time.Minute)}, "deposit_back_dated"},
		{"nowhere", returns.Left{At: now}, "field_required"},
	} {
		row.left.Source = returns.AtCounter
		refused(t, row.law, s.deposit(r.ID, row.left), row.code, "")
	}
	s.Pass(72 * time.Hour)
	refused(t, "longer ago than a shift", s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac", At: now.Add(time.Hour)}), "deposit_back_dated", "at")
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac", At: s.Clock().Now().Add(-47 * time.Hour)}))
}

// Deposited on Thursday 30 April: Friday is 1 May. Five working days are those of
// the carrier, and end on Friday the 8th, a holiday too: Monday the 11th.
func TestADepositBeforeTheFirstOfMay(t *testing.T) {
	s := open(t)
	s.At("2026-04-28 09:00")
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	s.labels(r.ID)
	s.At("2026-04-30 18:00")
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac"}))
	if r = s.get(r.ID); r.ReceiveBy != local("2026-05-12 00:00") {
		t.Errorf("there by %v", r.ReceiveBy.In(paris))
	}
}

func TestProofsAreAChain(t *testing.T) {
	s := open(t)
	for range 3 {
		b := s.had()
		r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Route = fact.BackToStore }))
		s.must(s.deposit(r.ID, returns.Left{Source: returns.AtStore, Place: "Au Fil, Lyon", Clerk: "Ana"}))
	}
	look := func() (p returns.Proof, head string, found bool) {
		s.See(func(tx *db.Tx) (err error) {
			p, head, found, err = returns.BrokenProof(tx, s.m)
			return err
		})
		return p, head, found
	}
	_, whole, found := look()
	if found || whole == "" {
		t.Fatalf("a whole chain is found broken")
	}
	for _, row := range []struct {
		law, change, undo string
		at                int64
	}{
		{"a place changed", `update returns_deposit set place = 'ailleurs' where merchant = $1 and sequence = 2`, `update returns_deposit set place = 'Au Fil, Lyon' where merchant = $1 and sequence = 2`, 2},
		{"an instant moved", `update returns_deposit set at = at - 1 where merchant = $1 and sequence = 1`, `update returns_deposit set at = at + 1 where merchant = $1 and sequence = 1`, 1},
		{"a clerk taken out", `update returns_deposit set clerk = '' where merchant = $1 and sequence = 3`, `update returns_deposit set clerk = 'Ana' where merchant = $1 and sequence = 3`, 3},
		{"a proof taken away", `delete from returns_deposit where merchant = $1 and sequence = 2`, ``, 3},
	} {
		s.Do(s.m, func(tx *flow.Tx) error { return tx.Do(row.change, s.m) })
		if p, _, found := look(); !found || p.Sequence != row.at {
			t.Errorf("%s: found %v at %d", row.law, found, p.Sequence)
		}
		if row.undo != "" {
			s.Do(s.m, func(tx *flow.Tx) error { return tx.Do(row.undo, s.m) })
		}
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Do(`delete from returns_deposit where merchant = $1 and sequence > 1`, s.m)
	})
	if _, head, found := look(); found || head == whole {
		t.Error("a tail cut off shows only against a head kept elsewhere")
	}
}
