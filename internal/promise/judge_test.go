package promise

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	made      = fact.Kind("promise.made")
	kept      = fact.Kind("promise.kept")
	broken    = fact.Kind("promise.broken")
	voidedOf  = fact.Kind("promise.voided")
	corrected = fact.Kind("promise.corrected")
	amended   = fact.Kind("promise.amended")
	atRisk    = fact.Kind("promise.at_risk")
	told      = fact.Kind("promise.told")
)

func (s *shop) mustSay(o ident.Order, want ...fact.Kind) {
	s.T.Helper()
	if d := cmp.Diff(want, kinds(s.said(o))); d != "" {
		s.T.Errorf("facts (-want +got):\n%s", d)
	}
}

// last is the body of the last fact of an order.
func last[B fact.Body](s *shop, o ident.Order) (b B) {
	s.T.Helper()
	facts := s.said(o)
	b, ok := facts[len(facts)-1].Body.(B)
	if !ok {
		s.T.Fatalf("the last fact is %s", facts[len(facts)-1].Kind)
	}
	return b
}

func (s *shop) verdicts(c Commitment) (vs []Verdict) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		vs, err = Verdicts(tx, s.m, c.ID)
		return err
	})
	return vs
}

func TestDeliveredInTimeIsKeptAtTheScan(t *testing.T) {
	s := open(t)
	c := s.owe(2, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-06 17:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 16:30"))
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	s.mustSay(c.Order, made, kept)
	k := last[fact.PromiseKept](s, c.Order)
	if k.Commitment != c.ID || k.Until != c.Until || k.Trust != fact.TrustSigned || k.LateBy != 0 {
		t.Errorf("%+v", k)
	}
	got := s.now(c)
	if got.State != fact.Kept || got.Last.Reason != InTime || len(got.Last.Evidence) != 2 || got.Last.Cause == "" {
		t.Errorf("%+v", got)
	}
	s.wait("2026-03-20 09:00")
	s.mustSay(c.Order, made, kept)
}

func TestNothingByTheEndOfTheGraceIsBrokenByTheClock(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-02 09:00"))
	s.wait("2026-03-11 11:59")
	if got := s.now(c).State; got != fact.Open {
		t.Fatalf("%s within its grace", got)
	}
	s.wait("2026-03-11 12:00")
	b := last[fact.PromiseBroken](s, c.Order)
	if b.LateKnown || b.LateBy != 12*time.Hour || b.Liable != fact.ByCarrier || b.Reason != NotDelivered {
		t.Errorf("%+v", b)
	}
}

func TestLateDeliveryTeachesHowLate(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-02 09:00"))
	s.wait("2026-03-11 12:00")
	s.At("2026-03-12 18:00")
	late := s.scan("P1", fact.Delivered, "2026-03-12 17:00")
	s.hear(late)
	learned := last[fact.PromiseCorrected](s, c.Order)
	if learned.Was != fact.Broken || learned.Now != fact.Broken || !learned.LateKnown || learned.LateBy != 41*time.Hour {
		t.Errorf("%+v", learned)
	}
	s.hear(late, late)
	s.hear(s.scan("P1", fact.InTransit, "2026-03-12 08:00"))
	if vs := s.verdicts(c); len(vs) != 2 || vs[1].Sequence != 2 || vs[0].LateKnown {
		t.Errorf("verdicts: %+v", vs)
	}
}

func TestAFirstScanThatComesLateClearsTheMerchant(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.wait("2026-03-11 12:00")
	if b := last[fact.PromiseBroken](s, c.Order); b.Liable != fact.ByMerchant {
		t.Fatalf("never scanned: liable %s", b.Liable)
	}
	s.At("2026-03-12 09:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 16:00"))
	if b := last[fact.PromiseCorrected](s, c.Order); b.Liable != fact.ByCarrier || b.Was != fact.Broken || b.Now != fact.Broken || b.LateKnown {
		t.Errorf("%+v", b)
	}
}

func TestATimelyFactReportedAfterTheGraceCorrectsTheBreach(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-02 09:00"))
	s.wait("2026-03-11 12:00")
	s.At("2026-03-13 09:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 18:00"))
	s.mustSay(c.Order, made, broken, corrected)
	b := last[fact.PromiseCorrected](s, c.Order)
	if b.Was != fact.Broken || b.Now != fact.Kept || b.LateBy != 0 {
		t.Errorf("%+v", b)
	}
	if got := s.now(c); got.State != fact.Kept || got.Last.Sequence != 2 {
		t.Errorf("%s after verdict %d", got.State, got.Last.Sequence)
	}
}

func TestADeliveryTakenBackBeforeTheDeadlineIsJudgedAgainThen(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-09 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-09 11:00"))
	s.At("2026-03-09 18:00")
	s.hear(s.scan("P1", fact.InTransit, "2026-03-09 17:00", func(r *carrier.Report) { r.Supersedes = fact.Delivered }))
	if got := s.now(c); got.State != fact.Kept || got.dueAt != c.Due() {
		t.Fatalf("%s, judged again at %v", got.State, got.dueAt)
	}
	s.wait("2026-03-11 12:00")
	b := last[fact.PromiseCorrected](s, c.Order)
	if b.Was != fact.Kept || b.Now != fact.Broken || b.LateKnown {
		t.Errorf("%+v", b)
	}
}

func TestADeliveryTakenBackAndThenProvedStopsTheClock(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-09 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-09 11:00"))
	s.At("2026-03-09 18:00")
	s.hear(s.scan("P1", fact.InTransit, "2026-03-09 17:00", func(r *carrier.Report) { r.Supersedes = fact.Delivered }))
	s.At("2026-03-10 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 11:00"))
	if got := s.now(c); got.State != fact.Kept || got.dueAt != 0 {
		t.Fatalf("%s, judged again at %v", got.State, got.dueAt)
	}
	s.wait("2026-03-11 12:00")
	s.mustSay(c.Order, made, kept)
}

func TestAScanWithoutAnHourAcrossTheDeadlineIsUnprovable(t *testing.T) {
	s := open(t)
	p := s.promised("2026-03-10")
	p.Until = local("2026-03-10 13:00") // before 13:00
	c := s.commit(s.place(1), p)
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 20:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10"))
	s.mustSay(c.Order, made)
	s.wait("2026-03-11 01:00")
	v := last[fact.PromiseVoided](s, c.Order)
	if v.Reason != Unprovable || v.Liable != fact.ByNobody {
		t.Errorf("%+v", v)
	}
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 12:40"))
	if got := s.now(c); got.State != fact.Kept {
		t.Errorf("%s once the minute is known", got.State)
	}
}

func TestAnOrderIsKeptWithItsLastUnit(t *testing.T) {
	s := open(t)
	c := s.owe(2, "2026-03-10")
	s.ship(c.Order, "P1", 1)
	s.At("2026-03-09 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-09 11:00"))
	s.mustSay(c.Order, made)
	s.ship(c.Order, "P2", 1)
	s.At("2026-03-10 12:00")
	s.hear(s.scan("P2", fact.Delivered, "2026-03-10 11:00"))
	s.mustSay(c.Order, made, kept)
}

func TestAGiftSentAfterwardsBreaksNothing(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-09 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-09 11:00"))
	s.At("2026-03-09 14:00")
	s.ship(c.Order, "GIFT", 0)
	s.At("2026-03-12 12:00")
	s.hear(s.scan("GIFT", fact.Delivered, "2026-03-12 11:00"))
	s.wait("2026-03-20 12:00")
	s.mustSay(c.Order, made, kept)
}

func TestABoxSentForALostOneKeepsThePromise(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-06 12:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-05 11:00"), s.scan("P1", fact.Lost, "2026-03-06 11:00"))
	if got := s.now(c); got.State != fact.Open || got.dueAt != c.Until {
		t.Fatalf("lost: %s, judged at %v", got.State, got.dueAt)
	}
	s.ship(c.Order, "P2", 0)
	s.At("2026-03-10 12:00")
	s.hear(s.scan("P2", fact.Delivered, "2026-03-10 11:00"))
	if got := s.now(c).State; got != fact.Kept {
		t.Errorf("%s", got)
	}
}

func TestALostParcelBreaksThePromiseAtTheDeadlineItself(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-06 12:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-05 11:00"), s.scan("P1", fact.Lost, "2026-03-06 11:00"))
	s.wait("2026-03-11 00:00")
	b := last[fact.PromiseBroken](s, c.Order)
	if b.Reason != ParcelClosed || b.LateBy != 0 || b.LateKnown {
		t.Errorf("%+v", b)
	}
}

func TestCollectableAtTheChosenPointIsKept(t *testing.T) {
	s := open(t)
	p := s.promised("2026-03-10")
	p.Service, p.Collect = s.relay.ID, true
	o := s.place(1)
	c := s.commit(o, p)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, _, err := order.Announce(tx, s.m, order.NewParcel{Order: o, Connection: s.carrier.ID, Service: s.relay.ID, Number: "P1"})
		return err
	})
	s.At("2026-03-10 12:00")
	s.hear(s.scan("P1", fact.ReadyForPickup, "2026-03-10 11:00"))
	if got := s.now(c).State; got != fact.Kept {
		t.Errorf("%s", got)
	}
}

func TestBroughtToAPostOfficeInsteadOfTheDoorIsNotKept(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 12:00")
	s.hear(s.scan("P1", fact.ReadyForPickup, "2026-03-10 11:00", func(r *carrier.Report) { r.Place = fact.PostOffice }))
	if got := s.now(c).State; got != fact.Open {
		t.Errorf("%s", got)
	}
}

func TestACancelledOrderOwesNothing(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, c.Order, fact.ByShopper) })
	v := last[fact.PromiseVoided](s, c.Order)
	if v.Reason != OrderCancelled || v.Liable != fact.ByNobody {
		t.Errorf("%+v", v)
	}
	s.wait("2026-03-20 12:00")
	s.mustSay(c.Order, made, voidedOf)
}

func TestCancellingAfterTheDeadlineUndoesNoBreach(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.At("2026-03-11 08:00")
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, c.Order, fact.ByMerchant) })
	if got := s.now(c).State; got != fact.Open {
		t.Fatalf("%s", got)
	}
	s.wait("2026-03-11 12:00")
	b := last[fact.PromiseBroken](s, c.Order)
	if b.Liable != fact.ByMerchant {
		t.Errorf("liable %s", b.Liable)
	}
}

func TestTheClockJudgesAHundredAtOnce(t *testing.T) {
	s := open(t)
	var cs []Commitment
	for i := range 100 {
		c := s.owe(1, "2026-03-10")
		s.ship(c.Order, fmt.Sprintf("P%d", i), 0)
		cs = append(cs, c)
	}
	s.wait("2026-03-11 12:00")
	for _, c := range cs {
		if got := s.now(c); got.State != fact.Broken || got.Last.Sequence != 1 {
			t.Fatalf("%s: %s after %d verdicts", c.ID, got.State, got.Last.Sequence)
		}
	}
	var n int
	s.See(func(tx *db.Tx) (err error) {
		n, err = Count(tx, s.m, fact.Broken)
		return err
	})
	if n != 100 {
		t.Errorf("%d broken", n)
	}
}

func TestDuplicatesAndReplaysOfAFactSettleOnce(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 12:00")
	r := s.scan("P1", fact.Delivered, "2026-03-10 11:00")
	s.hear(r, r, r)
	s.hear(r)
	var moves []flow.Fact
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(c.Order))
		for _, f := range all {
			if f.Kind == (fact.ParcelMoved{}).Kind() {
				moves = append(moves, f)
			}
		}
		return err
	})
	for range 3 {
		s.Do(s.m, func(tx *flow.Tx) error { return Judge(tx, append(moves, moves...)) })
	}
	s.mustSay(c.Order, made, kept)
}

// permutations of n things, in a fixed order.
func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	return all
}

func TestTheOrderInWhichScansComeChangesNoVerdict(t *testing.T) {
	s := open(t)
	var cs []Commitment
	for i, order := range permutations(4) {
		c, number := s.owe(1, "2026-03-10"), fmt.Sprintf("P%d", i)
		s.ship(c.Order, number, 0)
		scans := []carrier.Report{
			s.scan(number, fact.PickedUp, "2026-03-06 17:00"),
			s.scan(number, fact.OutForDelivery, "2026-03-10 08:00"),
			s.scan(number, fact.FailedAttempt, "2026-03-10 14:00", func(r *carrier.Report) { r.Reason = fact.ReasonAccess }),
			s.scan(number, fact.Delivered, "2026-03-11 10:00"),
		}
		s.At("2026-03-11 10:30")
		for _, at := range order {
			s.hear(scans[at], scans[order[0]])
		}
		cs = append(cs, c)
	}
	s.wait("2026-03-12 12:00")
	for i, c := range cs {
		if got := s.now(c); got.State != fact.Broken || got.Last.LateBy != 10*time.Hour || !got.Last.LateKnown || got.Last.Liable != fact.ByCarrier {
			t.Errorf("order %v: %s, late by %v, liable %s", permutations(4)[i], got.State, got.Last.LateBy, got.Last.Liable)
		}
	}
}

func TestACommitmentOfAnotherMerchantIsNotThere(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	stranger := s.Merchant()
	s.See(func(tx *db.Tx) error {
		if _, err := Get(tx, stranger, c.ID); !fault.Is(err, "not_found") {
			t.Errorf("read by a stranger: %v", err)
		}
		of, err := OfOrders(tx, stranger, []ident.Order{c.Order})
		if len(of) != 0 {
			t.Errorf("read by a stranger: %v", of)
		}
		return err
	})
}
