package returns_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// The whole way: asked for, labelled, deposited, tracked, received, inspected,
// decided, paid, closed.
func TestTheWholeWayBack(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.coat: 1, b.scarf: 3}, "no_longer_needed"))
	if r.State != returns.Accepted || r.Units != 4 || r.Value != euros(19500) || r.Ground != fact.ByPolicy || !r.Legal {
		t.Fatalf("asked: %+v", r)
	}
	s.labels(r.ID)
	r = s.inState("labelled", r.ID, returns.Ready)
	if r.Parcel == "" || s.printer.made != 1 {
		t.Fatalf("parcel %q, %d labels made", r.Parcel, s.printer.made)
	}
	s.Pass(24 * time.Hour)
	s.scan("BACK1", fact.PickedUp, s.Clock().Now())
	r = s.inState("the carrier's first scan is a deposit", r.ID, returns.Deposited)
	s.Pass(72 * time.Hour)
	s.scan("BACK1", fact.Delivered, s.Clock().Now())
	r = s.inState("its delivery is a receipt", r.ID, returns.Received)
	if r.ProcessBy != s.get(r.ID).ProcessBy || r.RefundBy == 0 || r.RefundBy > r.ProcessBy {
		t.Errorf("process by %v, refund by %v", r.ProcessBy, r.RefundBy)
	}
	if _, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull}); err == nil {
		t.Error("decided before anybody looked")
	}
	s.inspects(r.ID, b)
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	s.must(err)
	if d.State != returns.Waiting || d.Why != "above_limit" { // 200.90 with the delivery: an agent decides 200.00
		t.Fatalf("above an agent's limit: %+v", d)
	}
	s.must(s.by(s.owner, func(tx *flow.Tx) error { _, err := returns.Confirm(tx, s.m, d.ID, "vu"); return err }))
	decided := told[fact.ReturnDecided](s, b.ID)
	want := []fact.RefundLine{
		{Line: b.coat, Units: 1, Amount: euros(12000)}, {Line: b.scarf, Units: 3, Amount: euros(7500)}, {Line: b.delivery, Amount: euros(590)},
	}
	if len(decided) != 1 || cmp.Diff(want, decided[0].Lines) != "" || decided[0].Amount != euros(20090) || decided[0].RefundBy != r.RefundBy {
		t.Fatalf("decided %+v", decided)
	}
	s.inState("decided, not paid", r.ID, returns.Decided)
	for range 2 { // told twice, it is paid once
		s.Do(s.m, func(tx *flow.Tx) error {
			id := ident.New[ident.Refund](tx.Mint)
			return tx.Emit(s.m, string(b.ID), string(id), fact.Refunded{Repayment: fact.Repayment{Refund: id, Decision: d.ID, Return: r.ID}})
		})
	}
	s.inState("paid in full: nothing is left to do", r.ID, returns.Closed)
	var kinds []fact.Kind
	for _, k := range []fact.Kind{"returns.requested", "returns.accepted", "returns.labelled", "returns.deposited", "returns.received", "returns.decided", "returns.closed"} {
		if n := s.count(b.ID, k); n != 1 {
			kinds = append(kinds, k)
		}
	}
	if kinds != nil {
		t.Errorf("not told once: %v", kinds)
	}
}

func (s *shop) count(o ident.Order, k fact.Kind) (n int) {
	for _, b := range told[fact.Body](s, o) {
		if b.Kind() == k {
			n++
		}
	}
	return n
}

func TestAStoreNeedsNoCarrierButACode(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size", func(w *returns.Wanted) { w.Route = fact.BackToStore }))
	if r = s.inState("ready at once", r.ID, returns.Ready); len(r.Code) != 8 {
		t.Fatalf("code %q", r.Code)
	}
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtStore, Place: "Au Fil, Lyon", Clerk: "Ana"}))
	s.inspects(r.ID, b)
	d, err := s.decides(s.agents[1], r.ID, returns.Ruling{Outcome: fact.InFull})
	if err != nil || d.State != returns.Final || d.Amount != euros(2500) {
		t.Errorf("%+v, %v", d, err)
	}
}

// Silence: nobody looks, nobody deposits, it never comes.
func TestDeadlinesThatPass(t *testing.T) {
	s := open(t)
	b := s.had(dangerous)
	held := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed", func(w *returns.Wanted) { w.Route = fact.BackToStore }))
	if held.State != returns.Held || held.Why != "dangerous" {
		t.Fatalf("%+v", held)
	}
	s.Pass(3 * 24 * time.Hour)
	s.Quiet()
	s.inState("on the third day it is not over yet", held.ID, returns.Held)
	s.Pass(24 * time.Hour)
	s.Quiet()
	s.inState("nobody looked in three days: accepted, never refused", held.ID, returns.Ready)
	if n := s.count(b.ID, "returns.accepted"); n != 1 {
		t.Errorf("told %d times", n)
	}
	s.Pass(15 * 24 * time.Hour)
	s.Quiet()
	s.inState("nobody deposited it in fourteen days", held.ID, returns.Expired)

	c := s.had()
	r := s.asked(s.wants(c, map[ident.Line]int{c.scarf: 1}, "no_longer_needed"))
	s.labels(r.ID)
	s.must(s.deposit(r.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac"}))
	s.Pass(30 * 24 * time.Hour)
	s.Quiet()
	s.inState("deposited, and nothing came in five working days and fourteen more: the risk of the way is not the shopper's", r.ID, returns.Decided)
}

func TestAReturnTakenBackVoidsItsLabels(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 2}, "no_longer_needed"))
	s.labels(r.ID)
	for range 2 {
		s.Do(s.m, func(tx *flow.Tx) error { _, err := returns.Cancel(tx, s.m, r.ID, fact.ByShopper); return err })
	}
	s.Quiet()
	if cmp.Diff([]string{"BACK1"}, s.printer.voided) != "" {
		t.Errorf("voided %v", s.printer.voided)
	}
	again := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 3}, "no_longer_needed", func(w *returns.Wanted) { w.Key = "again" }))
	s.inState("its units are free again", again.ID, returns.Accepted)
	s.scan("BACK1", fact.PickedUp, s.Clock().Now())
	s.inState("deposited all the same: the world is believed", r.ID, returns.Deposited)
}

func TestWhatNobodyVouchesForMovesNothing(t *testing.T) {
	s := open(t)
	b := s.had()
	r := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "no_longer_needed"))
	s.labels(r.ID)
	s.scanned("BACK1", fact.Delivered, s.Clock().Now(), fact.TrustClaimed)
	s.inState("an unsigned event", r.ID, returns.Ready)
	s.scanned("BACK1", fact.Delivered, s.Clock().Now(), fact.TrustSigned)
	s.inState("signed", r.ID, returns.Received)
}
