package promise

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// inSlot is owed between 14:00 and 16:00 on Tuesday 10 March 2026, with an hour of
// grace; the courier was to have the goods by 13:00.
func inSlot() Commitment {
	c := byTuesday()
	c.Owed, c.Clock, c.Grace = fact.DeliverInSlot, SlotClock, time.Hour
	c.From, c.Until, c.HandoverBy = local("2026-03-10 14:00"), local("2026-03-10 16:00"), local("2026-03-10 13:00")
	return c
}

// from one time to another of that Tuesday.
func from(a, b string) civil.Interval {
	return civil.Interval{From: local("2026-03-10 " + a), Until: local("2026-03-10 " + b)}
}

// brought is a parcel loaded at 12:30 and handed over in an interval.
func brought(i civil.Interval) Sighting {
	s := done(i)
	s.HandedOver = at("2026-03-10 12:30")
	return s
}

func TestRuleOfSlots(t *testing.T) {
	tests := []struct {
		law         string
		consented   string
		evidence    Evidence
		now         string
		state       fact.State
		reason      string
		late, early time.Duration
		liable      fact.Party
	}{
		{"the first instant of the slot → kept", "", parcels(brought(at("2026-03-10 14:00"))), "14:00", fact.Kept, InTime, 0, 0, fact.ByNobody},
		{"the last second → kept", "", parcels(brought(at("2026-03-10 15:59:59"))), "16:00", fact.Kept, InTime, 0, 0, fact.ByNobody},
		{"16:00 → broken, late by nothing", "", parcels(brought(at("2026-03-10 16:00"))), "16:00", fact.Broken, Late, 0, 0, fact.ByCarrier},
		{"16:31 → broken, 31 minutes late", "", parcels(brought(at("2026-03-10 16:31"))), "16:31", fact.Broken, Late, 31 * time.Minute, 0, fact.ByCarrier},
		{"13:45 → broken, 15 minutes early", "", parcels(brought(at("2026-03-10 13:45"))), "13:45", fact.Broken, Early, 0, 15 * time.Minute, fact.ByCarrier},
		{"13:45, allowed from 13:30 → kept", "13:30", parcels(brought(at("2026-03-10 13:45"))), "13:45", fact.Kept, InTime, 0, 0, fact.ByNobody},
		{"13:15, allowed from 13:30 → broken, 15 minutes early", "13:30", parcels(brought(at("2026-03-10 13:15"))), "13:15", fact.Broken, Early, 0, 15 * time.Minute, fact.ByCarrier},
		{"15:00, allowed from 13:30 → kept: the slot is still the slot", "13:30", parcels(brought(at("2026-03-10 15:00"))), "15:00", fact.Kept, InTime, 0, 0, fact.ByNobody},
		{"16:31, allowed from 13:30 → late all the same", "13:30", parcels(brought(at("2026-03-10 16:31"))), "16:31", fact.Broken, Late, 31 * time.Minute, 0, fact.ByCarrier},
		{"between 13:50 and 14:10 → open while better may come", "", parcels(brought(from("13:50", "14:10"))), "14:30", fact.Open, "", 0, 0, ""},
		{"between 13:50 and 14:10, and none better → void, unprovable", "", parcels(brought(from("13:50", "14:10"))), "17:00", fact.Void, Unprovable, 0, 0, fact.ByNobody},
		{"on that Tuesday, at an hour nobody wrote down → void", "", parcels(brought(on("2026-03-10"))), "17:00", fact.Void, Unprovable, 0, 0, fact.ByNobody},
		{"nothing by 16:59 → open", "", parcels(handed(nil)), "16:59", fact.Open, "", 0, 0, ""},
		{"nothing by the end of the grace → broken, the merchant loaded too late", "", parcels(Sighting{HandedOver: at("2026-03-10 13:00")}), "17:00", fact.Broken, NotDelivered, time.Hour, 0, fact.ByMerchant},
		{"nothing by the end of the grace, loaded in time → the carrier answers", "", parcels(Sighting{HandedOver: at("2026-03-10 12:59")}), "17:00", fact.Broken, NotDelivered, time.Hour, 0, fact.ByCarrier},
		{"16:31, in a storm → the storm answers", "", parcels(Sighting{
			HandedOver: at("2026-03-10 12:59"), Done: at("2026-03-10 16:31"), Liable: fact.ForceMajeure,
		}), "16:31", fact.Broken, Late, 31 * time.Minute, 0, fact.ForceMajeure},
		{"loaded too late, and there too early → not the loading's fault", "", parcels(Sighting{
			HandedOver: at("2026-03-10 13:10"), Done: at("2026-03-10 13:45"),
		}), "13:45", fact.Broken, Early, 0, 15 * time.Minute, fact.ByCarrier},
		{"one parcel in the slot and one before it → broken by the early one", "", parcels(
			brought(at("2026-03-10 13:00")), brought(at("2026-03-10 15:00"))), "15:00", fact.Broken, Early, 0, time.Hour, fact.ByCarrier},
		{"one parcel before the slot and one after it → both are said", "", parcels(
			brought(at("2026-03-10 13:00")), brought(at("2026-03-10 17:00"))), "17:00", fact.Broken, Late, time.Hour, time.Hour, fact.ByCarrier},
		{"one early parcel and one on the road → open: it is judged as a whole", "", parcels(
			brought(at("2026-03-10 13:00")), handed(nil)), "15:00", fact.Open, "", 0, 0, ""},
		{"refused at 09:00 because it was too early, in hand at 15:00 → kept", "", parcels(handed(func(s *Sighting) {
			s.Presented, s.Done, s.Liable = at("2026-03-10 09:00"), at("2026-03-10 15:00"), fact.ByShopper
		})), "15:00", fact.Kept, InTime, 0, 0, fact.ByNobody},
		{"refused at 09:00, and nobody came again → broken, and not by the shopper", "", parcels(handed(func(s *Sighting) {
			s.Presented, s.Liable = at("2026-03-10 09:00"), fact.ByShopper
		})), "17:00", fact.Broken, NotDelivered, time.Hour, 0, fact.ByCarrier},
		{"absent at 15:00, in hand the next day → void: it was there in the slot", "", parcels(handed(func(s *Sighting) {
			s.Presented, s.Done, s.Liable = at("2026-03-10 15:00"), at("2026-03-11 10:00"), fact.ByShopper
		})), "23:00", fact.Void, ShopperAct, 0, 0, fact.ByShopper},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			c := inSlot()
			if tt.consented != "" {
				c.Consented = local("2026-03-10 " + tt.consented)
			}
			got := Rule(c, tt.evidence, local("2026-03-10 "+tt.now))
			got.Trust, got.Next, got.LateKnown = "", 0, false
			want := Ruling{State: tt.state, Reason: tt.reason, LateBy: tt.late, EarlyBy: tt.early, Liable: tt.liable}
			if d := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Duration) bool { return a.Round(time.Second) == b.Round(time.Second) })); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestConsentOnlyEverHelps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := inSlot(), anyEvidence(t)
		now := local("2026-03-10 00:00").Add(time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "now")))
		before := Rule(c, e, now)
		c.Consented = c.From.Add(-time.Duration(rapid.Int64Range(0, int64(6*time.Hour)).Draw(t, "earlier")))
		after := Rule(c, e, now)
		if before.State == fact.Kept && after.State != fact.Kept {
			t.Fatalf("kept, and with consent %s: %s", after.State, after.Reason)
		}
		if after.LateBy > before.LateBy && before.State == fact.Broken {
			t.Fatalf("late by %v, and with consent by %v", before.LateBy, after.LateBy)
		}
	})
}

// reserve owes an order of one unit between two times of Tuesday 10 March.
func (s *shop) reserve(a, b string) Commitment {
	s.T.Helper()
	p := s.promised("2026-03-10")
	p.Slot, p.From, p.Until = true, local("2026-03-10 "+a), local("2026-03-10 "+b)
	return s.commit(s.place(1), p)
}

// answer is what the shopper says to a courier who would come at a time.
func (s *shop) answer(c Commitment, id ident.Early, accepted bool, when string) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(c.Order), string(id), fact.EarlyAnswered{
			Early: id, Order: c.Order, Shopper: s.camille, Accepted: accepted, At: local("2026-03-10 " + when),
		})
	})
}

func TestASlotIsOwedByBothEnds(t *testing.T) {
	s := open(t)
	c := s.now(s.reserve("14:00", "16:00"))
	if c.Owed != fact.DeliverInSlot || c.Clock != SlotClock || c.From != local("2026-03-10 14:00") || c.Until != local("2026-03-10 16:00") {
		t.Errorf("%+v", c)
	}
	if m := last[fact.PromiseMade](s, c.Order); m.Owed != fact.DeliverInSlot || m.From != c.From || m.Until != c.Until {
		t.Errorf("%+v", m)
	}
}

func TestWhatTheShopperSaysToAnEarlyCourier(t *testing.T) {
	tests := []struct {
		law   string
		do    func(s *shop, c Commitment)
		came  string
		state fact.State
		early time.Duration
	}{
		{"nobody asked, there at 13:30 → broken", func(*shop, Commitment) {}, "13:30", fact.Broken, 30 * time.Minute},
		{"agreed to 13:30 → kept", func(s *shop, c Commitment) { s.answer(c, "ear_1", true, "13:30") }, "13:30", fact.Kept, 0},
		{"agreed to 13:30, there at 13:00 → broken by half an hour", func(s *shop, c Commitment) { s.answer(c, "ear_1", true, "13:30") }, "13:00", fact.Broken, 30 * time.Minute},
		{"refused 13:30 → broken", func(s *shop, c Commitment) { s.answer(c, "ear_1", false, "13:30") }, "13:30", fact.Broken, 30 * time.Minute},
		{"refused 09:00, there in the slot → kept", func(s *shop, c Commitment) { s.answer(c, "ear_1", false, "09:00") }, "15:00", fact.Kept, 0},
		{"agreed to 13:30, then refused 12:00 → what was agreed stands", func(s *shop, c Commitment) {
			s.answer(c, "ear_1", true, "13:30")
			s.answer(c, "ear_2", false, "12:00")
		}, "13:30", fact.Kept, 0},
		{"agreed to 13:30, then to 12:00 → the earlier counts", func(s *shop, c Commitment) {
			s.answer(c, "ear_1", true, "13:30")
			s.answer(c, "ear_2", true, "12:00")
		}, "12:15", fact.Kept, 0},
		{"agreed to an instant inside the slot → nothing is given up", func(s *shop, c Commitment) { s.answer(c, "ear_1", true, "15:00") }, "14:10", fact.Kept, 0},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			s := open(t)
			c := s.reserve("14:00", "16:00")
			s.ship(c.Order, "P1", 0)
			s.At("2026-03-10 12:00")
			tt.do(s, c)
			s.At("2026-03-10 " + tt.came)
			s.hear(s.scan("P1", fact.Delivered, "2026-03-10 "+tt.came))
			got := s.now(c)
			if got.State != tt.state || got.Last.EarlyBy.Round(time.Second) != tt.early {
				t.Errorf("%s: %s, early by %v", got.State, got.Last.Reason, got.Last.EarlyBy)
			}
		})
	}
}

func TestAnAnswerThatIsHeardAfterTheScanCorrectsTheBreach(t *testing.T) {
	s := open(t)
	c := s.reserve("14:00", "16:00")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 13:30")
	s.hear(s.scan("P1", fact.Delivered, "2026-03-10 13:30"))
	s.answer(c, "ear_1", true, "13:30")
	s.mustSay(c.Order, made, broken, corrected)
	if got := s.now(c); got.State != fact.Kept || got.Consented != local("2026-03-10 13:30") {
		t.Errorf("%s, agreed to %v", got.State, got.Consented)
	}
	if f := s.said(c.Order)[2]; f.Cause == "" {
		t.Error("the correction names no cause")
	}
}

func TestADayIsNotPutForward(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.answer(c, "ear_1", true, "09:00")
	if got := s.now(c); got.Consented != 0 {
		t.Errorf("consent to come before a day: %v", got.Consented)
	}
	s.mustSay(c.Order, made)
}

func TestTheShopperMayChooseAnotherSlotOrADay(t *testing.T) {
	for _, slot := range []bool{true, false} {
		s := open(t)
		c := s.reserve("14:00", "16:00")
		var next Commitment
		s.Do(s.m, func(tx *flow.Tx) (err error) {
			next, err = Amend(tx, s.m, c.ID, Amendment{
				From: local("2026-03-11 10:00"), Until: local("2026-03-11 12:00"), Slot: slot, By: fact.ByShopper, Shown: "Mercredi",
			})
			return err
		})
		got := s.now(next)
		want, clock := fact.DeliverBy, ShopperClock
		if slot {
			want, clock = fact.DeliverInSlot, SlotClock
		}
		if got.Owed != want || got.Clock != clock {
			t.Errorf("slot %v: %s by the clock of %s", slot, got.Owed, got.Clock)
		}
	}
}

// chance is the stated probability that the carrier keeps a slot.
func (s *shop) chance() (p float64) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		p, err = Punctual(tx, s.m, s.home.ID)
		return err
	})
	return p
}

func TestAChanceIsStatedOnceThirtySlotsWereJudged(t *testing.T) {
	s := open(t)
	came := slices.Concat(slices.Repeat([]string{"16:31"}, 2), slices.Repeat([]string{"15:00"}, 28))
	for i := range came {
		s.ship(s.reserve("14:00", "16:00").Order, fmt.Sprint("P", i), 0)
	}
	s.At("2026-03-10 17:00")
	deliver := func(i int) { s.hear(s.scan(fmt.Sprint("P", i), fact.Delivered, "2026-03-10 "+came[i])) }
	for i := range 29 {
		deliver(i)
	}
	if got := s.chance(); got != 0 {
		t.Errorf("after 29 slots: %v", got)
	}
	deliver(29)
	if got, want := s.chance(), 28.5/31; got != want {
		t.Errorf("28 of 30 kept: %v, want %v", got, want)
	}
}
