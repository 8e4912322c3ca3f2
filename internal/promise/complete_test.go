package promise

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// complete is what an order owes beside byTuesday.
func complete() Commitment {
	c := byTuesday().beside()
	c.ID = "com_2"
	return c
}

func TestRuleOfCompleteOrders(t *testing.T) {
	there := done(at("2026-03-10 18:00"))
	named := func(p fact.Party) Sighting {
		s := there
		s.Liable = p
		return s
	}
	lacking := func(l Lack, ps ...Sighting) Evidence {
		e := parcels(ps...)
		e.Lack = l
		return e
	}
	tests := []struct {
		law          string
		evidence     Evidence
		now          string
		state        fact.State
		reason       string
		units, lines int
		liable       fact.Party
	}{
		{"all there → kept", parcels(there), "2026-03-10 18:00", fact.Kept, AllThere, 0, 0, fact.ByNobody},
		{"all there, two days late → kept: late is the delivery's affair", parcels(done(at("2026-03-12 18:00"))), "2026-03-12 18:00", fact.Kept, AllThere, 0, 0, fact.ByNobody},
		{"one of two parcels there → open", parcels(there, handed(nil)), "2026-03-10 18:00", fact.Open, "", 0, 0, ""},
		{"goods on their way at the deadline → open for the grace", parcels(handed(nil)), "2026-03-11 11:59", fact.Open, "", 0, 0, ""},
		{"goods on their way when the grace is over → void: nobody can say", parcels(handed(nil)), "2026-03-11 12:00", fact.Void, NotArrived, 0, 0, fact.ByNobody},
		{"a parcel lost → void: the delivery is broken, not the count", parcels(handed(func(s *Sighting) { s.Closed = at("2026-03-09 17:00") })), "2026-03-11 12:00", fact.Void, NotArrived, 0, 0, fact.ByNobody},
		{"a unit in no parcel, and nobody says it is missing → void", Evidence{Parcels: []Sighting{there}}, "2026-03-11 12:00", fact.Void, NotArrived, 0, 0, fact.ByNobody},
		{"the shop says 1 unit is missing, before it leaves → broken at once", lacking(Lack{1, 1, true}), "2026-03-06 09:00", fact.Broken, UnitsMissing, 1, 1, fact.ByMerchant},
		{"the shopper misses 3 units of 2 lines, nobody named → broken, nobody knows by whom", lacking(Lack{3, 2, false}, there), "2026-03-10 19:00", fact.Broken, UnitsMissing, 3, 2, fact.ByUnknown},
		{"the shopper misses one, and the events name the carrier → the carrier answers", lacking(Lack{1, 1, false}, named(fact.ByCarrier)), "2026-03-10 19:00", fact.Broken, UnitsMissing, 1, 1, fact.ByCarrier},
		{"the shopper misses one, and was absent before → that takes nothing out of a box", lacking(Lack{1, 1, false}, named(fact.ByShopper)), "2026-03-10 19:00", fact.Broken, UnitsMissing, 1, 1, fact.ByUnknown},
		{"two carriers' parcels, two parties named → nobody knows", lacking(Lack{1, 1, false}, named(fact.ByCarrier), named(fact.ByRelay)), "2026-03-10 19:00", fact.Broken, UnitsMissing, 1, 1, fact.ByUnknown},
		{"an incident of a parcel that has not come says nothing of the one that has", lacking(Lack{1, 1, false}, there, handed(func(s *Sighting) { s.Liable = fact.ByCarrier })), "2026-03-10 19:00", fact.Broken, UnitsMissing, 1, 1, fact.ByUnknown},
		{"both say so → the merchant answers", lacking(Lack{2, 1, true}, named(fact.ByCarrier)), "2026-03-10 19:00", fact.Broken, UnitsMissing, 2, 1, fact.ByMerchant},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			got := Rule(complete(), tt.evidence, local(tt.now))
			if got.State == fact.Broken && (!got.LateKnown || got.LateBy != 0 || got.Trust != fact.TrustSigned) {
				t.Errorf("%+v", got)
			}
			got.Trust, got.Next, got.LateKnown = "", 0, false
			want := Ruling{State: tt.state, Reason: tt.reason, MissingUnits: tt.units, MissingLines: tt.lines, Liable: tt.liable}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// both places an order of so many units owed by the end of a day, whole.
func (s *shop) both(units int, until string) (delivery, whole Commitment) {
	s.T.Helper()
	delivery = s.owe(units, until)
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		whole, err = CommitComplete(tx, s.m, delivery)
		return err
	})
	return delivery, whole
}

// misses declares so many units of an order missing.
func (s *shop) misses(o ident.Order, by fact.Party, units int) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		lines, err := order.Lines(tx.Tx, s.m, o)
		if err != nil {
			return err
		}
		of, err := order.Shortages(tx.Tx, s.m, []ident.Order{o})
		if err != nil {
			return err
		}
		in := order.Missing{Order: o, By: by, Units: map[ident.Line]int{lines[0].ID: units}}
		if before := of[o]; len(before) > 0 {
			in.After = before[len(before)-1].ID
		}
		_, err = order.DeclareMissing(tx, s.m, in)
		return err
	})
}

func TestACompleteOrderIsOwedBesideItsDelivery(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	got := s.now(c)
	want := Commitment{
		ID: c.ID, Owed: fact.Complete, Order: d.Order, Shopper: d.Shopper, Service: d.Service, Stock: d.Stock,
		From: d.From, Until: d.Until, Zone: d.Zone, Clock: ShopperClock, Origin: FromQuote, Shown: d.Shown, Locale: d.Locale,
		Grace: d.Grace, State: fact.Open, Made: d.Made, Last: Verdict{Commitment: c.ID}, dueAt: d.Due(),
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Commitment{})); d != "" {
		t.Error(d)
	}
	s.mustSay(d.Order, made, made)
	s.See(func(tx *db.Tx) error {
		of, err := OfOrders(tx, s.m, []ident.Order{d.Order})
		if got := DeliveryOf(of[d.Order]); got.ID != d.ID {
			t.Errorf("the delivery of %s is %s", d.ID, got.ID)
		}
		if got := CompleteOf(of[d.Order]); got.ID != c.ID {
			t.Errorf("the whole of %s is %s", c.ID, got.ID)
		}
		open, errCount := Count(tx, s.m, fact.Open)
		if open != 1 || errCount != nil {
			t.Errorf("%d deliveries open, %v", open, errCount)
		}
		return err
	})
	if got := DeliveryOf(nil); got.ID != "" {
		t.Errorf("nothing owes %s", got.ID)
	}
}

func TestAllThereKeepsBoth(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.ship(d.Order, "P1", 0)
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	s.mustSay(d.Order, made, made, kept, kept)
	if got := s.now(c); got.Last.Reason != AllThere || len(got.Last.Evidence) == 0 {
		t.Errorf("%+v", got.Last)
	}
	s.wait("2026-03-20 09:00")
	s.mustSay(d.Order, made, made, kept, kept)
}

func TestTheShopSaysBeforeItLeavesThatAUnitIsMissing(t *testing.T) {
	s := open(t)
	d, c := s.both(3, "2026-03-10")
	s.misses(d.Order, fact.ByMerchant, 1)
	b := last[fact.PromiseBroken](s, d.Order)
	if b.Commitment != c.ID || b.Reason != UnitsMissing || b.MissingUnits != 1 || b.MissingLines != 1 || b.Liable != fact.ByMerchant || !b.LateKnown || b.Told {
		t.Errorf("%+v", b)
	}
	s.ship(d.Order, "P1", 0)
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	if got := s.now(d).State; got != fact.Kept {
		t.Errorf("what was sent came in time: %s", got)
	}
	s.mustSay(d.Order, made, made, broken, kept)
}

func TestAUnitGivenUpSettlesADeliveryThatWaitsForIt(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.ship(d.Order, "P1", 1)
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	s.mustSay(d.Order, made, made)
	s.misses(d.Order, fact.ByMerchant, 1)
	if delivery, whole := s.now(d).State, s.now(c).State; delivery != fact.Kept || whole != fact.Broken {
		t.Errorf("delivery %s, complete %s", delivery, whole)
	}
}

func TestNothingSentAtAllIsNoDelivery(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.misses(d.Order, fact.ByMerchant, 2)
	if got := s.now(c).State; got != fact.Broken {
		t.Fatalf("complete: %s", got)
	}
	s.wait("2026-03-11 12:00")
	if got := s.now(d); got.State != fact.Broken || got.Last.Reason != NotPacked || got.Last.Liable != fact.ByMerchant {
		t.Errorf("%s: %s", got.State, got.Last.Reason)
	}
}

func TestTheShopperMissesAUnitAndThenOneMore(t *testing.T) {
	s := open(t)
	d, c := s.both(3, "2026-03-10")
	s.ship(d.Order, "P1", 0)
	s.At("2026-03-10 11:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 10:30"))
	s.misses(d.Order, fact.ByShopper, 1)
	first := last[fact.PromiseCorrected](s, d.Order)
	if first.Commitment != c.ID || first.Was != fact.Kept || first.Now != fact.Broken || first.MissingUnits != 1 || first.Liable != fact.ByUnknown {
		t.Errorf("%+v", first)
	}
	s.misses(d.Order, fact.ByShopper, 1)
	second := last[fact.PromiseCorrected](s, d.Order)
	if second.Was != fact.Broken || second.Now != fact.Broken || second.MissingUnits != 2 || second.MissingLines != 1 {
		t.Errorf("%+v", second)
	}
	vs := s.verdicts(c)
	if len(vs) != 3 || vs[1].MissingUnits != 1 || vs[2].MissingUnits != 2 || vs[2].MissingLines != 1 || vs[2].Cause == "" {
		t.Errorf("%+v", vs)
	}
	if got := s.now(d); got.State != fact.Kept || got.Last.Sequence != 1 {
		t.Errorf("the delivery is %s after %d verdicts", got.State, got.Last.Sequence)
	}
	s.wait("2026-03-20 09:00")
	s.mustSay(d.Order, made, made, kept, kept, corrected, corrected)
}

func TestGoodsStillTravellingLeaveItOpenToLaterProof(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.ship(d.Order, "P1", 0)
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-02 09:00"))
	s.wait("2026-03-11 12:00")
	if got := s.now(c); got.State != fact.Void || got.Last.Reason != NotArrived {
		t.Fatalf("%s: %s", got.State, got.Last.Reason)
	}
	s.At("2026-03-12 18:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-12 17:00"))
	if got := s.now(c); got.State != fact.Kept || got.Last.Sequence != 2 {
		t.Errorf("%s after %d verdicts", got.State, got.Last.Sequence)
	}
	if got := s.now(d); got.State != fact.Broken || !got.Last.LateKnown {
		t.Errorf("the delivery is %s", got.State)
	}
}

func TestABoxThatLeavesAfterTheDeadlineIsWaitedFor(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.wait("2026-03-11 12:00")
	s.ship(d.Order, "P1", 0)
	s.At("2026-03-13 18:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-13 17:00"))
	if got := s.now(c); got.State != fact.Kept {
		t.Errorf("%s: %s", got.State, got.Last.Reason)
	}
}

func TestACancelledOrderNeedNotBeComplete(t *testing.T) {
	s := open(t)
	d, c := s.both(1, "2026-03-10")
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, d.Order, fact.ByShopper) })
	s.mustSay(d.Order, made, made, voidedOf, voidedOf)
	if got := s.now(c); got.Last.Reason != OrderCancelled {
		t.Errorf("%+v", got.Last)
	}
}

func TestTheWholeMovesWithItsDelivery(t *testing.T) {
	s := open(t)
	d, c := s.both(1, "2026-03-10")
	if _, err := s.amend(c, "2026-03-13", fact.ByShopper); !fault.Is(err, "amend_no_date") {
		t.Errorf("by itself: %v", err)
	}
	next, err := s.amend(d, "2026-03-13", fact.ByShopper)
	s.must(err)
	s.mustSay(d.Order, made, made, amended, made, amended, made)
	old := s.now(c)
	whole := s.now(Commitment{ID: old.Successor})
	if old.State != fact.Amended || whole.Owed != fact.Complete || whole.Predecessor != c.ID || whole.Until != next.Until || whole.Origin != FromRule {
		t.Errorf("%s, followed by %+v", old.State, whole)
	}
	s.ship(d.Order, "P1", 0)
	s.At("2026-03-12 12:00")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-12 11:00"))
	if delivery, whole := s.now(next).State, s.now(whole).State; delivery != fact.Kept || whole != fact.Kept {
		t.Errorf("delivery %s, complete %s", delivery, whole)
	}
}

func TestAWholeThatIsBrokenStaysWhereItWas(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.misses(d.Order, fact.ByMerchant, 1)
	_, err := s.amend(d, "2026-03-13", fact.ByShopper)
	s.must(err)
	if got := s.now(c); got.State != fact.Broken || got.Successor != "" {
		t.Errorf("%s, followed by %s", got.State, got.Successor)
	}
}

// Whatever comes first, the scans, the taps or the clock: the same evidence
// leads to the same verdict.
func TestTheOrderOfScansAndTapsChangesNoVerdict(t *testing.T) {
	s := open(t)
	var cs []Commitment
	for i, turns := range permutations(4) {
		d, c := s.both(4, "2026-03-10")
		number := fmt.Sprintf("P%d", i)
		s.misses(d.Order, fact.ByMerchant, 1)
		s.ship(d.Order, number, 3)
		s.At("2026-03-11 10:00")
		s.hear(s.scan(number, fact.Delivered, "2026-03-11 09:00"))
		steps := []func(){
			func() { s.misses(d.Order, fact.ByShopper, 1) },
			func() { s.misses(d.Order, fact.ByShopper, 2) },
			func() {
				s.hear(s.scan(number, fact.FailedAttempt, "2026-03-10 14:00", func(r *carrier.Report) { r.Reason = fact.ReasonAccess }))
			},
			func() { s.wait("2026-03-11 12:00") },
		}
		for _, turn := range turns {
			steps[turn]()
		}
		cs = append(cs, c)
		s.At("2026-03-02 09:00")
	}
	s.wait("2026-03-12 12:00")
	for i, c := range cs {
		if got := s.now(c).Last; got.State != fact.Broken || got.MissingUnits != 4 || got.MissingLines != 1 || got.Liable != fact.ByMerchant {
			t.Errorf("turns %v: %+v", permutations(4)[i], got)
		}
	}
}

func TestTheSameShortageHeardTwiceIsOneVerdict(t *testing.T) {
	s := open(t)
	d, c := s.both(2, "2026-03-10")
	s.misses(d.Order, fact.ByMerchant, 1)
	var taps []flow.Fact
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(d.Order))
		for _, f := range all {
			if f.Kind == (fact.UnitsMissing{}).Kind() {
				taps = append(taps, f)
			}
		}
		return err
	})
	for range 3 {
		s.Do(s.m, func(tx *flow.Tx) error { return Shortened(tx, append(taps, taps...)) })
	}
	if vs := s.verdicts(c); len(vs) != 1 {
		t.Errorf("%d verdicts", len(vs))
	}
}

func TestNobodyIsWarnedThatAUnitMayBeMissing(t *testing.T) {
	s := open(t)
	d, c := s.both(1, "2026-03-10")
	s.ship(d.Order, "P1", 0)
	s.At("2026-03-10 15:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 17:00"), s.scan("P1", fact.FailedAttempt, "2026-03-10 14:00", func(r *carrier.Report) { r.Reason = fact.ReasonAccess }))
	s.mustSay(d.Order, made, made, atRisk)
	if got := s.warned(c); got != nil {
		t.Errorf("warned of %v", got)
	}
}
