package promise

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

var mondayToFriday = civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"})

// outlook is a parcel handed over on Monday 2 March 2026 and promised for Friday
// 6 March, by a service of two days, as it looks on Tuesday morning.
func outlook(more func(*Outlook)) Outlook {
	o := Outlook{
		Today: day("2026-03-03"), Last: day("2026-03-06"), Handed: day("2026-03-02"), Handover: day("2026-03-02"),
		Status: fact.InTransit, Seen: day("2026-03-02"), Delivers: mondayToFriday, Standard: 2,
		Estimate: Estimate{Basis: BasisStandard},
	}
	if more != nil {
		more(&o)
	}
	return o
}

// spread is a lane where of 100 parcels 20, 40, 20, 10, 5 and 5 take one
// to six days.
func spread() Estimate { return history(map[int]int{1: 20, 2: 40, 3: 20, 4: 10, 5: 5, 6: 5}) }

func TestRiskBySurvivalCurve(t *testing.T) {
	curve := func(more func(*Outlook)) Outlook {
		return outlook(func(o *Outlook) {
			o.Estimate = spread()
			if more != nil {
				more(o)
			}
		})
	}
	tests := []struct {
		law   string
		o     Outlook
		p     float64
		cause string
	}{
		{"Tuesday: 10 of 100 take longer than four days", curve(nil), 0.10, Slow},
		{"Wednesday: 10 of the 80 that took more than a day", curve(func(o *Outlook) { o.Today = day("2026-03-04") }), 10.0 / 80, Slow},
		{"Friday: 10 of the 20 that took more than three", curve(func(o *Outlook) { o.Today = day("2026-03-06") }), 0.5, Slow},
		{"the weekend ages nobody", curve(func(o *Outlook) { o.Today, o.Last = day("2026-03-09"), day("2026-03-09") }), 5.0 / 10, Slow},
		{"not handed over on Tuesday: it can go today, 20 of 100 take longer than three days", curve(func(o *Outlook) {
			o.Handed, o.Handover, o.Status = civil.NoDay, day("2026-03-03"), fact.Pending
		}), 0.20, NotHandedOver},
		{"not handed over on Thursday: a day is left", curve(func(o *Outlook) {
			o.Today, o.Handed, o.Handover, o.Status = day("2026-03-05"), civil.NoDay, day("2026-03-05"), fact.Pending
		}), 0.80, NotHandedOver},
		{"the carrier collects on Monday only: certain", curve(func(o *Outlook) {
			o.Handed, o.Handover, o.Status = civil.NoDay, day("2026-03-09"), fact.Pending
		}), 1, NotHandedOver},
		{"the carrier never collects: certain", curve(func(o *Outlook) {
			o.Handed, o.Handover, o.Status = civil.NoDay, civil.NoDay, fact.Pending
		}), 1, NotHandedOver},
		{"older than any parcel was, and a day to go: certain", curve(func(o *Outlook) {
			o.Today, o.Last = day("2026-03-12"), day("2026-03-13")
		}), 1, Slow},
		{"misrouted: the carrier says why", curve(func(o *Outlook) {
			o.Today, o.Status, o.Reason = day("2026-03-06"), fact.Exception, fact.ReasonMisrouted
		}), 0.5, "misrouted"},
		{"on the round of the last day: likely to come", curve(func(o *Outlook) {
			o.Today, o.Seen, o.Status = day("2026-03-06"), day("2026-03-06"), fact.OutForDelivery
		}), unlikely, Slow},
		{"yesterday's round is no comfort", curve(func(o *Outlook) {
			o.Today, o.Seen, o.Status = day("2026-03-06"), day("2026-03-05"), fact.OutForDelivery
		}), 0.5, Slow},
		{"tried in vain on the last day: certain", curve(func(o *Outlook) {
			o.Today, o.Seen, o.Status, o.Reason = day("2026-03-06"), day("2026-03-06"), fact.FailedAttempt, fact.ReasonAccess
		}), 1, "access"},
		{"tried in vain the day before: tomorrow is a day", curve(func(o *Outlook) {
			o.Today, o.Seen, o.Status = day("2026-03-05"), day("2026-03-05"), fact.FailedAttempt
		}), 0.25, "failed_attempt"},
		{"a promise for Saturday, Friday gone, nobody delivers on Saturdays: certain", curve(func(o *Outlook) {
			o.Today, o.Last = day("2026-03-07"), day("2026-03-07")
		}), 1, Slow},
		{"lost: certain", curve(func(o *Outlook) { o.Status = fact.Lost }), 1, "lost"},
		{"on its way back: certain", curve(func(o *Outlook) { o.Status = fact.Returning }), 1, "returning"},
		{"waiting at the post office: the shopper need only come", curve(func(o *Outlook) { o.Status = fact.ReadyForPickup }), 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			p, cause := Risk(tt.o)
			if math.Abs(p-tt.p) > 1e-9 || cause != tt.cause {
				t.Errorf("%.4f %q, want %.4f %q", p, cause, tt.p, tt.cause)
			}
		})
	}
}

// Risk reads the curve that the promise was read from.
func TestRiskIsReadWherePromisesAre(t *testing.T) {
	fridaysAreSlow := Estimate{BasisOwn, NewForecast(lane(sent(200, "2026-03-09", "2026-03-10"), sent(200, "2026-03-13", "2026-03-17")))}
	for _, c := range []struct {
		law, handed, handover string
		target, p             float64
	}{
		{"handed over on Monday, as all that took a day", "2026-03-02", "2026-03-02", .95, 0},
		{"on Friday, as all that took two", "2026-02-27", "2026-02-27", .95, 1},
		{"to be handed over on Monday", "", "2026-03-02", .95, 0},
		{"to be handed over on Friday", "", "2026-02-27", .95, 1},
		{"at 0.98 two hundred are not enough to tell weekdays apart", "2026-03-02", "2026-03-02", .98, .5},
	} {
		p, _ := Risk(outlook(func(o *Outlook) {
			o.Estimate, o.Target, o.Handed, o.Handover = fridaysAreSlow, c.target, civil.NoDay, day(c.handover)
			o.Today, o.Last = o.Handover, mondayToFriday.Add(o.Handover, 1)
			if c.handed != "" {
				o.Handed = day(c.handed)
			}
		}))
		if !near(p, c.p) {
			t.Errorf("%s: got %.3f, want %.3f", c.law, p, c.p)
		}
	}
}

func TestRiskByTheCarriersStandard(t *testing.T) {
	tests := []struct {
		law string
		o   Outlook
		p   float64
	}{
		{"two days of four gone by none: small", outlook(nil), unlikely},
		{"a day left where the standard is two: certain", outlook(func(o *Outlook) {
			o.Today, o.Handed, o.Handover, o.Status = day("2026-03-05"), civil.NoDay, day("2026-03-05"), fact.Pending
		}), 1},
		{"two days left: just possible", outlook(func(o *Outlook) {
			o.Today, o.Handed, o.Handover, o.Status = day("2026-03-04"), civil.NoDay, day("2026-03-04"), fact.Pending
		}), unlikely},
		{"the standard outlived on Thursday morning, two days of four gone: even odds", outlook(func(o *Outlook) { o.Today = day("2026-03-05") }), 0.5},
		{"and on Friday morning", outlook(func(o *Outlook) { o.Today = day("2026-03-06") }), 0.75},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			if p, _ := Risk(tt.o); math.Abs(p-tt.p) > 1e-9 {
				t.Errorf("%.4f, want %.4f", p, tt.p)
			}
		})
	}
}

func TestRiskIsAProbability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := outlook(nil)
		o.Today += civil.Day(rapid.IntRange(-10, 30).Draw(t, "today"))
		o.Last = o.Today + civil.Day(rapid.IntRange(0, 20).Draw(t, "last"))
		o.Status = rapid.SampledFrom(fact.Statuses).Draw(t, "status")
		if rapid.Bool().Draw(t, "handed") {
			o.Handed = civil.NoDay
		}
		if rapid.Bool().Draw(t, "known") {
			o.Estimate = spread()
		}
		if p, _ := Risk(o); !(p >= 0 && p <= 1) {
			t.Fatalf("%v", p)
		}
	})
}

// warned lists the causes a commitment was warned of.
func (s *shop) warned(c Commitment) (causes []string) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		of, err := Warnings(tx, s.m, []ident.Commitment{c.ID})
		for _, w := range of[c.ID] {
			causes = append(causes, w.Cause)
		}
		return err
	})
	return causes
}

// mornings lets the world live through days.
func (s *shop) mornings(days ...string) {
	for _, d := range days {
		s.wait(d + " 07:00")
	}
}

func TestAParcelNotHandedOverIsWarnedOfOnce(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10") // Tuesday, to be handed over on Friday
	s.mornings("2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10")
	if d := cmp.Diff([]string{NotHandedOver}, s.warned(c)); d != "" {
		t.Fatal(d)
	}
	w := last[fact.PromiseAtRisk](s, c.Order)
	if w.Commitment != c.ID || w.Cause != NotHandedOver || w.Probability != 1 {
		t.Errorf("%+v", w)
	}
	s.wait("2026-03-11 12:00")
	s.mustSay(c.Order, made, atRisk, broken)
}

func TestASlowParcelIsWarnedOfBeforeItsDeadline(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-06 18:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 17:00"))
	s.mornings("2026-03-07", "2026-03-09", "2026-03-10")
	if got := s.warned(c); got != nil {
		t.Fatalf("on time so far, warned of %v", got)
	}
}

func TestOwnHistoryWarnsWhereTheStandardWouldNot(t *testing.T) {
	s := open(t)
	s.past(s.m, s.home.ID, lyon, 100, 1)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-06 18:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 17:00"))
	s.mornings("2026-03-07", "2026-03-08", "2026-03-09")
	if got := s.warned(c); got != nil {
		t.Fatalf("Monday is its day, warned of %v", got)
	}
	s.mornings("2026-03-10")
	if w := last[fact.PromiseAtRisk](s, c.Order); w.Cause != Slow || w.Probability != 1 {
		t.Errorf("of 100 parcels none took two days: %+v", w)
	}
}

func TestAnIncidentIsWarnedOfAtOnce(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-10 15:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 17:00"), s.scan("P1", fact.FailedAttempt, "2026-03-10 14:00", func(r *carrier.Report) { r.Reason = fact.ReasonAccess }))
	s.mustSay(c.Order, made, atRisk)
	if w := last[fact.PromiseAtRisk](s, c.Order); w.Cause != "access" || w.Probability != 1 {
		t.Errorf("%+v", w)
	}
	if f := s.said(c.Order)[1]; f.Cause == "" {
		t.Error("the warning names no cause")
	}
}

func TestASilentParcelIsWarnedOf(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-12")
	s.ship(c.Order, "P1", 0)
	s.At("2026-03-09 09:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 17:00"), s.scan("P1", fact.InTransit, "2026-03-09 08:00"))
	s.At("2026-03-11 09:00") // the morning's look was missed: the stall makes up for it
	s.Quiet()
	if d := cmp.Diff([]string{Slow}, s.warned(c)); d != "" {
		t.Error(d)
	}
}

func TestNothingSettledIsWarnedOf(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, c.Order, fact.ByShopper) })
	s.mornings("2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10")
	if got := s.warned(c); got != nil {
		t.Errorf("cancelled, and warned of %v", got)
	}
}

func TestWhenACommitmentIsLookedAt(t *testing.T) {
	tests := []struct {
		law        string
		c          Commitment
		first, two string
	}{
		{"the morning after the day of handing over, then each", Commitment{
			Made: local("2026-03-02 09:00"), HandoverBy: local("2026-03-07 00:00"), Until: local("2026-03-11 00:00"), Zone: "Europe/Paris",
		}, "2026-03-07 07:00", "2026-03-08 07:00"},
		{"made after that day: the next morning", Commitment{
			Made: local("2026-03-08 09:00"), HandoverBy: local("2026-03-07 00:00"), Until: local("2026-03-11 00:00"), Zone: "Europe/Paris",
		}, "2026-03-09 07:00", "2026-03-10 07:00"},
		{"owed by law: from ten days before", Commitment{
			Made: local("2026-03-02 09:00"), Until: local("2026-04-02 00:00"), Zone: "Europe/Paris",
		}, "2026-03-22 07:00", "2026-03-23 07:00"},
		{"the morning of a day of 23 hours is at 07:00 too", Commitment{
			Made: local("2026-03-20 09:00"), HandoverBy: local("2026-03-29 00:00"), Until: local("2026-03-31 00:00"), Zone: "Europe/Paris",
		}, "2026-03-29 07:00", "2026-03-30 07:00"},
	}
	for _, tt := range tests {
		tt.c.Owed = fact.DeliverBy
		first := firstLook(tt.c)
		if first != local(tt.first) {
			t.Errorf("%s: first at %v", tt.law, first)
		}
		if next := tt.c.nextLook(first); next != local(tt.two) {
			t.Errorf("%s: then at %v", tt.law, next)
		}
	}
	beside := tests[0].c
	beside.Owed = fact.Complete
	if got := firstLook(beside); got != 0 {
		t.Errorf("nobody foresees a missing unit, looked at %v", got)
	}
	c := Commitment{Until: local("2026-03-11 00:00"), Zone: "Europe/Paris"}
	if got := c.nextLook(local("2026-03-10 07:00")); got != 0 {
		t.Errorf("the deadline comes first, looked at %v", got)
	}
}
