package tracking

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

// received is when drawn events come in.
var received = civil.At(time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC))

// reports draws what carriers say of a parcel: few statuses and few instants, so
// that events collide; clocks up to two days wrong, and some wrong altogether.
func reports(number string) *rapid.Generator[carrier.Report] {
	statuses := slices.Concat(fact.Statuses, slices.Repeat([]fact.Status{fact.InTransit, fact.OutForDelivery, fact.ReadyForPickup, fact.Delivered, fact.Returning}, 3))
	return rapid.Custom(func(t *rapid.T) carrier.Report {
		r := carrier.Report{
			Number:    number,
			Status:    rapid.SampledFrom(statuses).Draw(t, "status"),
			Place:     rapid.SampledFrom([]fact.Place{"", "", fact.Mailbox, fact.Relay, fact.Locker}).Draw(t, "place"),
			Reason:    rapid.SampledFrom([]fact.Reason{"", "", "", fact.ReasonAbsent, fact.ReasonWeather, fact.ReasonMisrouted}).Draw(t, "reason"),
			Source:    rapid.SampledFrom(slices.Concat(fact.Sources, slices.Repeat([]fact.Source{fact.FromCarrier}, 12))).Draw(t, "source"),
			Precision: rapid.SampledFrom([]fact.Precision{fact.Exact, fact.Exact, fact.Minute, fact.Hour, fact.ADay}).Draw(t, "precision"),
			At:        instants().Draw(t, "at"),
		}
		if rapid.IntRange(0, 3).Draw(t, "announced") == 0 {
			r.Expected = instants().Draw(t, "expected")
		}
		if rapid.IntRange(0, 19).Draw(t, "correction") == 0 {
			r.Supersedes = rapid.SampledFrom([]fact.Status{fact.Delivered, fact.Lost, fact.ReadyForPickup, fact.InTransit}).Draw(t, "supersedes")
		}
		return r
	})
}

func instants() *rapid.Generator[civil.Instant] {
	return rapid.OneOf(
		rapid.Map(rapid.IntRange(-120, 52), func(h int) civil.Instant { return received.Add(time.Duration(h) * time.Hour) }),
		rapid.Map(rapid.IntRange(-120*60, 52*60), func(m int) civil.Instant { return received.Add(time.Duration(m) * time.Minute) }),
		rapid.SampledFrom([]civil.Instant{
			0, civil.At(time.Date(1970, 1, 1, 0, 0, 1, 0, time.UTC)), civil.At(time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)), year2000, year2000 - 1,
			received.Add(skew), received.Add(skew) + 1,
		}),
	)
}

// arrivals draws the events of a parcel's legs, as they were received.
func arrivals(most int) *rapid.Generator[[]Event] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Event {
		d := Delivery{Payload: Payload{
			Connection: "con_a",
			Trust:      rapid.SampledFrom([]fact.Trust{fact.TrustClaimed, fact.TrustSigned, fact.TrustSigned, fact.TrustConfirmed}).Draw(t, "trust"),
		}}
		number := rapid.SampledFrom([]string{"A1", "A1", "B2"}).Draw(t, "number")
		return d.event(here, reports(number).Draw(t, "report"))
	}), 0, most)
}

func wantedAnywhere() *rapid.Generator[Wanted] {
	return rapid.SampledFrom([]Wanted{AtHome, AtPoint})
}

// I5: the story is a function of the set of events.
func TestFoldIsAFunctionOfTheSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, wanted := arrivals(60).Draw(t, "events"), wantedAnywhere().Draw(t, "wanted")
		want := Fold(events, wanted)
		copies := rapid.IntRange(0, 60).Draw(t, "copies")
		shuffled := slices.Clone(events)
		for i := range copies {
			if len(events) > 0 {
				shuffled = append(shuffled, events[i%len(events)])
			}
		}
		chance := rand.New(rand.NewSource(rapid.Int64().Draw(t, "order")))
		chance.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		before := slices.Clone(shuffled)
		if d := cmp.Diff(want, Fold(shuffled, wanted)); d != "" {
			t.Fatalf("another order, another story: %s", d)
		}
		if d := cmp.Diff(before, shuffled); d != "" {
			t.Fatalf("Fold changed its argument: %s", d)
		}
	})
}

// A delivered parcel never goes back: nothing but a correction undoes it, and
// what is disputed stays so.
func TestADeliveredParcelNeverGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, wanted := arrivals(30).Draw(t, "events"), wantedAnywhere().Draw(t, "wanted")
		events = append(events, scanAt(received.Add(-24*time.Hour), fact.Delivered))
		before := Fold(events, wanted)
		if before.Status != fact.Delivered {
			return // a drawn correction took it back
		}
		after := Fold(slices.Concat(events, uncorrecting(arrivals(30).Draw(t, "more"))), wanted)
		if after.Status != fact.Delivered || !after.Clocks.InHand.Known() {
			t.Fatalf("delivered, then %s", after.Status)
		}
		for _, code := range before.Disputed {
			if code != DistrustedCorrection && !slices.Contains(after.Disputed, code) {
				t.Fatalf("%s was disputed, and is not any more", code)
			}
		}
	})
}

// Among events trusted alike, more of them only make a milestone earlier.
func TestMilestonesOnlyBecomeEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, more := arrivals(30).Draw(t, "events"), uncorrecting(arrivals(30).Draw(t, "more"))
		for _, es := range [][]Event{events, more} {
			for i := range es {
				es[i].Trust = fact.TrustSigned
			}
		}
		before, after := Fold(events, AtHome).Clocks, Fold(slices.Concat(events, more), AtHome).Clocks
		for name, m := range map[string][2]fact.Span{
			"handed over": {before.HandedOver, after.HandedOver},
			"presented":   {before.Presented, after.Presented},
			"in hand":     {before.InHand, after.InHand},
		} {
			if m[0].Known() && (!m[1].Known() || m[1].Until > m[0].Until) {
				t.Fatalf("%s by %s, then by %s", name, m[0].Until, m[1].Until)
			}
		}
	})
}

func uncorrecting(events []Event) []Event {
	return slices.DeleteFunc(events, func(e Event) bool { return e.Supersedes != "" })
}

func scanAt(at civil.Instant, s fact.Status) Event {
	d := Delivery{Payload: Payload{Connection: "con_a", Trust: fact.TrustSigned}}
	return d.event(here, carrier.Report{Number: "A1", Status: s, Source: fact.FromCarrier, At: at, Precision: fact.Exact})
}

// An event of no plausible date, and one that tells nothing, change nothing but
// what is flagged for a person.
func TestWhatDoesNotCountChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, wanted := arrivals(30).Draw(t, "events"), wantedAnywhere().Draw(t, "wanted")
		want := Fold(events, wanted)
		var idle []Event
		for _, e := range arrivals(30).Draw(t, "more") {
			if !plausible(e) || e.Source == fact.FromCalculated || e.Source == fact.FromClaim {
				idle = append(idle, e)
			}
		}
		got := Fold(slices.Concat(events, idle), wanted)
		want.Disputed, got.Disputed = nil, nil
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

// Status and milestones agree with one another in every story.
func TestStoriesHoldTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events, wanted := arrivals(60).Draw(t, "events"), wantedAnywhere().Draw(t, "wanted")
		s := Fold(events, wanted)
		if flaw := flawOf(s, events, wanted); flaw != "" {
			t.Fatalf("%s: %+v", flaw, s)
		}
	})
}

func flawOf(s Story, events []Event, wanted Wanted) string {
	c := s.Clocks
	switch {
	case s.Status == fact.Unknown || !slices.Contains(fact.Statuses, s.Status):
		return fmt.Sprintf("the status %q", s.Status)
	case c.InHand.Known() != (s.Status == fact.Delivered):
		return "in hand, or delivered, and not both"
	case c.Closed.Known() != closes(s.Status):
		return "closed, or over, and not both"
	case c.Ready.Known() && wanted == AtHome:
		return "ready at a point that nobody chose"
	case (c.InHand.Known() || c.Ready.Known()) && !c.Presented.Known():
		return "arrived without being presented"
	case c.Presented.Known() && c.InHand.Known() && c.Presented.Until > c.InHand.Until:
		return "in hand before it was presented"
	case !slices.IsSorted(s.Events) || !slices.IsSorted(s.Disputed):
		return "not sorted"
	case (len(s.Events) == 0) != (s.Trust == ""):
		return "trust without evidence"
	}
	for _, id := range s.Events {
		if !slices.ContainsFunc(events, func(e Event) bool { return e.ID == id && plausible(e) }) {
			return "rests on an event that is not there, or not plausible"
		}
	}
	return ""
}
