package promise

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// local reads "2006-01-02 15:04[:05]" in Paris.
func local(s string) civil.Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04:05"[:len(s)], s, flowtest.Paris)
	if err != nil {
		panic(err)
	}
	return civil.At(t)
}

func day(s string) civil.Day {
	d, err := civil.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at is evidence with its second, on evidence with no more than its day.
func at(s string) civil.Interval {
	return civil.IntervalOf(local(s), civil.Exact, flowtest.Paris)
}

func on(s string) civil.Interval {
	return civil.Interval{From: day(s).Start(flowtest.Paris), Until: day(s).End(flowtest.Paris)}
}

// byTuesday is owed until the end of Tuesday 10 March 2026, with twelve hours of
// grace; the carrier was to have the parcel on Monday.
func byTuesday() Commitment {
	return Commitment{
		ID: "com_1", Owed: fact.DeliverBy, Order: "ord_1", Clock: ShopperClock, State: fact.Open,
		From: day("2026-03-10").Start(flowtest.Paris), Until: day("2026-03-10").End(flowtest.Paris),
		HandoverBy: day("2026-03-09").End(flowtest.Paris), Grace: 12 * time.Hour,
	}
}

// parcels is the evidence of an order that is packed.
func parcels(ps ...Sighting) Evidence { return Evidence{Packed: true, Parcels: ps} }

// handed is a parcel that the carrier had on Monday, as planned.
func handed(more func(*Sighting)) Sighting {
	s := Sighting{HandedOver: at("2026-03-09 17:00"), Trust: fact.TrustSigned}
	if more != nil {
		more(&s)
	}
	return s
}

func done(i civil.Interval) Sighting { return handed(func(s *Sighting) { s.Done, s.Presented = i, i }) }

func TestRule(t *testing.T) {
	monday := at("2026-03-09 17:00")
	tests := []struct {
		law      string
		evidence Evidence
		now      string
		state    fact.State
		reason   string
		late     time.Duration
		known    bool
		liable   fact.Party
	}{
		{"in hand on Tuesday at 18:00 → kept", parcels(done(at("2026-03-10 18:00"))), "2026-03-10 18:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"a day early breaks no deliver_by", parcels(done(at("2026-03-09 18:00"))), "2026-03-10 18:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"the last second of Tuesday → kept", parcels(done(at("2026-03-10 23:59:59"))), "2026-03-11 00:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"midnight is Wednesday already → broken, late by nothing", parcels(done(at("2026-03-11 00:00"))), "2026-03-11 00:00", fact.Broken, Late, 0, true, fact.ByCarrier},
		{"a minute after midnight → broken by a minute", parcels(done(at("2026-03-11 00:01"))), "2026-03-11 00:01", fact.Broken, Late, time.Minute, true, fact.ByCarrier},
		{"a date stamp of Tuesday → kept: the whole day is inside", parcels(done(on("2026-03-10"))), "2026-03-10 08:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"a date stamp of Wednesday → broken, late by at least nothing", parcels(done(on("2026-03-11"))), "2026-03-11 20:00", fact.Broken, Late, 0, true, fact.ByCarrier},
		{"a date stamp of Thursday → late by at least a day", parcels(done(on("2026-03-12"))), "2026-03-12 20:00", fact.Broken, Late, 24 * time.Hour, true, fact.ByCarrier},
		{"reported on Wednesday morning, delivered on Tuesday → kept", parcels(done(at("2026-03-10 18:00"))), "2026-03-11 09:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"a timely fact reported after the grace still keeps it", parcels(done(at("2026-03-10 18:00"))), "2026-03-14 09:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"nothing known on Tuesday evening → open", parcels(handed(nil)), "2026-03-10 23:59", fact.Open, "", 0, false, ""},
		{"nothing known at the deadline → open for its grace", parcels(handed(nil)), "2026-03-11 00:00", fact.Open, "", 0, false, ""},
		{"a second before the grace is over → open", parcels(handed(nil)), "2026-03-11 11:59:59", fact.Open, "", 0, false, ""},
		{"nothing by the end of the grace → broken, twelve hours late at least", parcels(handed(nil)), "2026-03-11 12:00", fact.Broken, NotDelivered, 12 * time.Hour, false, fact.ByCarrier},
		{"evidence across midnight → open while better may come", parcels(done(civil.Interval{From: local("2026-03-10 23:30"), Until: local("2026-03-11 00:30")})), "2026-03-11 01:00", fact.Open, "", 0, false, ""},
		{"evidence across midnight, and none better → void, unprovable", parcels(done(civil.Interval{From: local("2026-03-10 23:30"), Until: local("2026-03-11 00:30")})), "2026-03-11 12:00", fact.Void, Unprovable, 0, false, fact.ByNobody},
		{"two parcels, one in time and one on the road → open", parcels(done(at("2026-03-10 10:00")), handed(nil)), "2026-03-10 20:00", fact.Open, "", 0, false, ""},
		{"two parcels, the later one late → broken by the later one", parcels(done(at("2026-03-11 02:00")), done(at("2026-03-10 10:00"))), "2026-03-11 03:00", fact.Broken, Late, 2 * time.Hour, true, fact.ByCarrier},
		{"two parcels in time → kept", parcels(done(at("2026-03-10 10:00")), done(at("2026-03-10 11:00"))), "2026-03-10 20:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"all parcels in time but a unit never packed → open until the grace is over", Evidence{Parcels: []Sighting{done(at("2026-03-10 10:00"))}}, "2026-03-11 11:00", fact.Open, "", 0, false, ""},
		{"a unit never packed → broken, and the merchant answers", Evidence{Parcels: []Sighting{done(at("2026-03-10 10:00"))}}, "2026-03-11 12:00", fact.Broken, NotPacked, 12 * time.Hour, false, fact.ByMerchant},
		{"the missing unit packed and delivered on Friday → broken by the unit", parcels(done(at("2026-03-10 10:00")), handed(func(s *Sighting) {
			s.HandedOver, s.Done = at("2026-03-12 17:00"), at("2026-03-13 10:00")
		})), "2026-03-13 10:00", fact.Broken, Late, 58 * time.Hour, true, fact.ByMerchant},
		{"no parcel at all → broken, the merchant answers", Evidence{}, "2026-03-11 12:00", fact.Broken, NotPacked, 12 * time.Hour, false, fact.ByMerchant},
		{"announced and never handed over → the merchant answers", parcels(Sighting{}), "2026-03-11 12:00", fact.Broken, NotDelivered, 12 * time.Hour, false, fact.ByMerchant},
		{"handed over on Tuesday instead of Monday → the merchant answers", parcels(handed(func(s *Sighting) { s.HandedOver = at("2026-03-10 00:00") })), "2026-03-11 12:00", fact.Broken, NotDelivered, 12 * time.Hour, false, fact.ByMerchant},
		{"handed over in the last second of Monday → the carrier answers", parcels(handed(func(s *Sighting) { s.HandedOver = at("2026-03-09 23:59:59") })), "2026-03-11 12:00", fact.Broken, NotDelivered, 12 * time.Hour, false, fact.ByCarrier},
		{"no scan before the door → the carrier had it", parcels(Sighting{Done: at("2026-03-11 09:00")}), "2026-03-11 09:00", fact.Broken, Late, 9 * time.Hour, true, fact.ByCarrier},
		{"the events name the relay → the relay answers", parcels(handed(func(s *Sighting) { s.Done, s.Liable = at("2026-03-11 09:00"), fact.ByRelay })), "2026-03-11 09:00", fact.Broken, Late, 9 * time.Hour, true, fact.ByRelay},
		{"events that name nobody → the carrier answers", parcels(handed(func(s *Sighting) { s.Done, s.Liable = at("2026-03-11 09:00"), fact.ByUnknown })), "2026-03-11 09:00", fact.Broken, Late, 9 * time.Hour, true, fact.ByCarrier},
		{"lost on Monday → open: another box may come", parcels(handed(func(s *Sighting) { s.Closed = monday })), "2026-03-10 12:00", fact.Open, "", 0, false, ""},
		{"lost on Monday → broken at the deadline, no grace for what can not come", parcels(handed(func(s *Sighting) { s.Closed = monday })), "2026-03-11 00:00", fact.Broken, ParcelClosed, 0, false, fact.ByCarrier},
		{"lost after the deadline → broken at once", parcels(handed(func(s *Sighting) { s.Closed = at("2026-03-11 03:00") })), "2026-03-11 03:00", fact.Broken, ParcelClosed, 3 * time.Hour, false, fact.ByCarrier},
		{"delivered in time, then sent back → kept", parcels(handed(func(s *Sighting) { s.Done, s.Closed = at("2026-03-10 10:00"), at("2026-03-12 10:00") })), "2026-03-12 10:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"at the door in time, the shopper absent → open until the grace is over", parcels(handed(func(s *Sighting) { s.Presented, s.Liable = at("2026-03-10 10:00"), fact.ByShopper })), "2026-03-11 11:00", fact.Open, "", 0, false, ""},
		{"at the door in time, the shopper absent, nothing since → void", parcels(handed(func(s *Sighting) { s.Presented, s.Liable = at("2026-03-10 10:00"), fact.ByShopper })), "2026-03-11 12:00", fact.Void, ShopperAct, 0, false, fact.ByShopper},
		{"absent on Tuesday, in hand on Wednesday → void: it was there in time", parcels(handed(func(s *Sighting) {
			s.Presented, s.Done, s.Liable = at("2026-03-10 10:00"), at("2026-03-11 10:00"), fact.ByShopper
		})), "2026-03-11 10:00", fact.Void, ShopperAct, 0, false, fact.ByShopper},
		{"absent in the morning, in hand in the evening → kept", parcels(handed(func(s *Sighting) {
			s.Presented, s.Done, s.Liable = at("2026-03-10 10:00"), at("2026-03-10 19:00"), fact.ByShopper
		})), "2026-03-10 19:00", fact.Kept, InTime, 0, false, fact.ByNobody},
		{"refused at the door on Tuesday, on its way back → void at once", parcels(handed(func(s *Sighting) {
			s.Presented, s.Closed, s.Liable = at("2026-03-10 10:00"), at("2026-03-10 10:00"), fact.ByShopper
		})), "2026-03-10 10:01", fact.Void, ShopperAct, 0, false, fact.ByShopper},
		{"refused because it came on Thursday → broken, and not by the shopper", parcels(handed(func(s *Sighting) {
			s.Presented, s.Closed, s.Liable = at("2026-03-12 10:00"), at("2026-03-12 10:00"), fact.ByShopper
		})), "2026-03-12 10:00", fact.Broken, ParcelClosed, 34 * time.Hour, false, fact.ByCarrier},
		{"one parcel refused, the other late → broken: the act excuses its own parcel only", parcels(
			handed(func(s *Sighting) {
				s.Presented, s.Closed, s.Liable = at("2026-03-10 10:00"), at("2026-03-10 10:00"), fact.ByShopper
			}), handed(nil)), "2026-03-11 12:00", fact.Broken, NotDelivered, 12 * time.Hour, false, fact.ByCarrier},
		{"a wrong address, says the carrier → broken: its word alone excuses nobody", parcels(handed(func(s *Sighting) { s.Liable = fact.ByShopper })), "2026-03-11 12:00", fact.Broken, NotDelivered, 12 * time.Hour, false, fact.ByShopper},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			got := Rule(byTuesday(), tt.evidence, local(tt.now))
			got.Trust, got.Next, got.EarlyBy = "", 0, 0
			want := Ruling{State: tt.state, Reason: tt.reason, LateBy: tt.late, LateKnown: tt.known, Liable: tt.liable}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRuleOnDaysOfChangingClocks(t *testing.T) {
	tests := []struct {
		law   string
		until civil.Day
		done  civil.Interval
		late  time.Duration
		state fact.State
	}{
		{"29 March 2026 has 23 hours: 23:59 is inside", day("2026-03-29"), at("2026-03-29 23:59"), 0, fact.Kept},
		{"and a date stamp of it too", day("2026-03-29"), on("2026-03-29"), 0, fact.Kept},
		{"25 October 2026 has 25 hours: 23:59 is inside", day("2026-10-25"), at("2026-10-25 23:59"), 0, fact.Kept},
		{"promised for the 24th: a stamp of the 25th is outside", day("2026-10-24"), on("2026-10-25"), 0, fact.Broken},
		{"promised for the 24th, in hand on the 26th at 00:00: 25 hours late", day("2026-10-24"), at("2026-10-26 00:00"), 25 * time.Hour, fact.Broken},
		{"promised for the 28th, in hand on the 30th at 00:00: 23 hours late", day("2026-03-28"), at("2026-03-30 00:00"), 23 * time.Hour, fact.Broken},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			c := byTuesday()
			c.Until, c.HandoverBy = tt.until.End(flowtest.Paris), 0
			got := Rule(c, parcels(done(tt.done)), c.Due().Add(240*time.Hour))
			if got.State != tt.state || got.LateBy != tt.late {
				t.Errorf("%s late by %v, want %s late by %v", got.State, got.LateBy, tt.state, tt.late)
			}
		})
	}
}

func TestRuleSaysWhenToLookAgain(t *testing.T) {
	c := byTuesday()
	now := local("2026-03-10 12:00")
	if got := Rule(c, parcels(handed(nil)), now).Next; got != c.Due() {
		t.Errorf("on the road: next at %v, want the end of the grace %v", got, c.Due())
	}
	lost := parcels(handed(func(s *Sighting) { s.Closed = at("2026-03-10 09:00") }))
	if got := Rule(c, lost, now).Next; got != c.Until {
		t.Errorf("lost: next at %v, want the deadline %v", got, c.Until)
	}
}

func TestRuleTrustsNoMoreThanItsWeakestWitness(t *testing.T) {
	signed, claimed := done(at("2026-03-10 10:00")), done(at("2026-03-10 11:00"))
	claimed.Trust = fact.TrustClaimed
	if got := Rule(byTuesday(), parcels(signed, claimed), local("2026-03-10 12:00")).Trust; got != fact.TrustClaimed {
		t.Errorf("trust %q", got)
	}
	if got := Rule(byTuesday(), parcels(handed(nil)), local("2026-03-12 12:00")).Trust; got != fact.TrustConfirmed {
		t.Errorf("silence is witnessed by our own clock: trust %q", got)
	}
}

// anything draws an interval around the deadline, or none.
func anything(t *rapid.T, name string) civil.Interval {
	if rapid.Bool().Draw(t, name+" unknown") {
		return civil.Interval{}
	}
	from := local("2026-03-09 00:00").Add(time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, name)) * time.Minute)
	length := rapid.SampledFrom([]time.Duration{time.Microsecond, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, name+" length")
	return civil.Interval{From: from, Until: from.Add(length)}
}

func anySighting(t *rapid.T) Sighting {
	return Sighting{
		HandedOver: anything(t, "handed over"), Presented: anything(t, "presented"), Done: anything(t, "done"), Closed: anything(t, "closed"),
		Liable: rapid.SampledFrom(append([]fact.Party{""}, fact.Parties...)).Draw(t, "liable"),
		Trust:  rapid.SampledFrom([]fact.Trust{"", fact.TrustClaimed, fact.TrustSigned, fact.TrustConfirmed}).Draw(t, "trust"),
		Events: []ident.Event{"evt_1"},
	}
}

func anyEvidence(t *rapid.T) Evidence {
	return Evidence{
		Packed: rapid.Bool().Draw(t, "packed"), Parcels: rapid.SliceOfN(rapid.Custom(anySighting), 0, 3).Draw(t, "parcels"),
		Lack: rapid.SampledFrom([]Lack{{}, {}, {1, 1, false}, {3, 2, true}}).Draw(t, "lack"),
	}
}

// anyCommitment is one of each kind, all due on Tuesday.
func anyCommitment(t *rapid.T) Commitment {
	kinds := []Commitment{byTuesday(), inSlot(), complete()}
	if rapid.Bool().Draw(t, "consented") {
		kinds[1].Consented = local("2026-03-10 11:00")
	}
	return rapid.SampledFrom(kinds).Draw(t, "commitment")
}

func TestEveryCommitmentSettlesByTheEndOfItsGrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := anyCommitment(t), anyEvidence(t)
		now := c.Due().Add(time.Duration(rapid.Int64Range(0, int64(90*24*time.Hour)).Draw(t, "later")))
		r := Rule(c, e, now)
		if r.State == fact.Open {
			t.Fatalf("open at %v", now)
		}
		if r.LateBy < 0 || r.EarlyBy < 0 || r.Liable == "" || r.Reason == "" || r.Trust == "" {
			t.Fatalf("half a ruling: %+v", r)
		}
	})
}

func TestAnOpenRulingSaysWhenItMayChangeAndDoesNotChangeBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := anyCommitment(t), anyEvidence(t)
		now := local("2026-03-09 00:00").Add(time.Duration(rapid.Int64Range(0, int64(4*24*time.Hour)).Draw(t, "now")))
		r := Rule(c, e, now)
		if r.State != fact.Open {
			return
		}
		if r.Next <= now || r.Next > c.Due() {
			t.Fatalf("open at %v until %v", now, r.Next)
		}
		if again := Rule(c, e, r.Next-1); again.State != fact.Open {
			t.Fatalf("%s before %v", again.State, r.Next)
		}
		if again := Rule(c, e, r.Next); again.State == fact.Open {
			t.Fatalf("still open at %v", r.Next)
		}
	})
}

func TestAKeptPromiseStaysKeptWhateverElseIsHeardOfItsParcels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := anyCommitment(t), anyEvidence(t)
		now := local("2026-03-14 00:00")
		if Rule(c, e, now).State != fact.Kept {
			return
		}
		for i := range e.Parcels {
			e.Parcels[i].Closed = anything(t, "closed later")
			e.Parcels[i].Presented = anything(t, "presented before")
			e.Parcels[i].Liable = rapid.SampledFrom(fact.Parties).Draw(t, "incident")
		}
		if r := Rule(c, e, now); r.State != fact.Kept {
			t.Fatalf("%s: %s", r.State, r.Reason)
		}
	})
}

func TestTheOrderOfParcelsChangesNoState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, e := anyCommitment(t), anyEvidence(t)
		now := local("2026-03-10 00:00").Add(time.Duration(rapid.Int64Range(0, int64(4*24*time.Hour)).Draw(t, "now")))
		want := Rule(c, e, now)
		e.Parcels = rapid.Permutation(e.Parcels).Draw(t, "shuffled")
		got := Rule(c, e, now)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}
