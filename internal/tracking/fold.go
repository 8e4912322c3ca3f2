package tracking

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Fold tells the story of a parcel from the set of the events of all its legs.
// It is pure, and a function of the set: events in any order, each any number of
// times, give the same story.
//
// Which events count
//   - One whose time is implausible (before 2000, or more than 26 hours after it
//     was received: no carrier's clock is wrong by more than a zone and a day)
//     is kept and counts for nothing.
//   - One that a correction of its number takes back counts for nothing, unless
//     the correction is trusted less.
//   - Carriers, couriers, relays and merchants tell the status; what a shopper,
//     a claim or a calculation says never overwrites them.
//
// Which status
//   - Delivered, returned, lost, cancelled are final, and in that order the
//     stronger wins, whenever each happened. So a delivered parcel stays
//     delivered, whatever is added but a correction.
//   - A parcel on its way back stays so until it is seen on a round or at a
//     point again: scans of depots are those of the way back.
//   - Otherwise the last event tells. Of several that may be the last, because
//     their times are not known exactly, it is the one furthest in a parcel's life.
//   - Delivered to a relay, a locker or a post office is ready for pick-up: the
//     shopper does not have it. Said again after it was ready there, it is.
//
// Which milestone (the first event of its kind)
//   - HandedOver: the carrier, courier or relay scanned it. A merchant's word is
//     no proof against the carrier.
//   - Presented: an attempt that failed, ready, or delivered.
//   - Ready: collectable, when a point was wanted. InHand: delivered, otherwise
//     than to a point. Promises are judged by these two: of several such events
//     only those trusted most are asked.
//   - Closed: it will not arrive any more; only while the status says so.
//
// When it is expected: as was said last, until an attempt is made or the
// parcel's life takes a turn that nobody expected.
func Fold(events []Event, wanted Wanted) Story {
	r := read(events)
	s := Story{LastScan: r.lastScan}
	said := r.status()
	clocks := r.clocks(wanted, said.as)
	s.Status, s.Reason, s.Place = said.as, said.Reason, said.Place
	s.Expected = r.expected(said.as)
	s.Clocks = clocks.spans()
	s.Liable = r.liable(s.Clocks.InHand)
	s.Trust = clocks.trust(said.Trust)
	s.Disputed = r.disputes(said)
	s.Events = clocks.evidence(said.ID)
	return s
}

// told is an event with the status we read in it.
type told struct {
	Event
	as fact.Status
}

// reading is the set of events, sorted out.
type reading struct {
	all      []told // that tell of the status
	lastScan civil.Instant
	noticed  []string // contradictions found while sorting out
	denials  []Event  // shoppers who say they do not have it
}

func read(events []Event) (r reading) {
	var telling []Event
	for _, e := range distinct(events) {
		switch {
		case !plausible(e):
			if tells(e) {
				r.noticed = append(r.noticed, ImplausibleTime)
			}
		case e.Source == fact.FromShopper && (e.Status == fact.Lost || e.Status == fact.Exception):
			r.denials = append(r.denials, e)
		case tells(e):
			telling = append(telling, e)
			fallthrough
		default:
			if scanned(e) {
				r.lastScan = max(r.lastScan, e.At)
			}
		}
	}
	telling, distrusted := uncorrected(telling)
	if distrusted {
		r.noticed = append(r.noticed, DistrustedCorrection)
	}
	r.all = interpret(telling)
	return r
}

// distinct drops repetitions, in the order of ids. Of two copies that differ in
// trust or in when they came, the most trusted and the first is right.
func distinct(events []Event) []Event {
	sorted := slices.SortedFunc(slices.Values(events), func(a, b Event) int { return strings.Compare(string(a.ID), string(b.ID)) })
	kept := sorted[:0]
	for _, e := range sorted {
		if n := len(kept); n > 0 && kept[n-1].ID == e.ID {
			last := &kept[n-1]
			last.Received = min(last.Received, e.Received)
			if rank(e.Trust) > rank(last.Trust) {
				last.Trust = e.Trust
			}
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

// skew is how far ahead of ours a carrier's clock may be: it mistook the zone,
// by 14 hours at most, or the half of the day.
const skew = 26 * time.Hour

var year2000 = civil.Date(2000, time.January, 1).Start(time.UTC)

func plausible(e Event) bool {
	return e.Span.From >= year2000 && e.Span.From <= e.Received.Add(skew)
}

// tells reports whether the event has a say in the status.
func tells(e Event) bool {
	switch e.Source {
	case fact.FromShopper, fact.FromClaim, fact.FromCalculated:
		return false
	}
	return e.Status != fact.Unknown
}

// scanned reports whether the carrier, or who works for it, saw the parcel.
func scanned(e Event) bool {
	switch e.Source {
	case fact.FromCarrier, fact.FromCourier, fact.FromRelay:
		return true
	}
	return false
}

// uncorrected drops the events that a correction takes back, and reports
// whether a correction was not trusted enough to.
func uncorrected(events []Event) (kept []Event, distrusted bool) {
	corrections := slices.Clone(events)
	corrections = slices.DeleteFunc(corrections, func(e Event) bool { return e.Supersedes == "" })
	for _, e := range events {
		back := false
		for _, c := range corrections {
			switch {
			case !takesBack(c, e):
			case rank(c.Trust) < rank(e.Trust):
				distrusted = true
			default:
				back = true
			}
		}
		if !back {
			kept = append(kept, e)
		}
	}
	return kept, distrusted
}

// takesBack reports whether correction c is about e: an event of its number, of
// the status it denies, that did not surely happen after it. Of two corrections
// the earlier gives way, so that one always stands.
func takesBack(c, e Event) bool {
	if c.ID == e.ID || c.Connection != e.Connection || c.Number != e.Number || c.Supersedes != e.Status {
		return false
	}
	if e.Supersedes == "" {
		return !after(e, c)
	}
	return cmp.Or(cmp.Compare(e.Span.From, c.Span.From), strings.Compare(string(e.ID), string(c.ID))) < 0
}

// interpret reads the status in each event: a parcel delivered to a point is
// ready there, unless it surely was ready there before: then it was fetched.
func interpret(events []Event) []told {
	ready, found := earliest(events, func(e Event) bool { return e.Status == fact.ReadyForPickup })
	all := make([]told, len(events))
	for i, e := range events {
		all[i] = told{e, e.Status}
		if e.Status == fact.Delivered && atPoint(e.Place) && !(found && after(e, ready)) {
			all[i].as = fact.ReadyForPickup
		}
	}
	return all
}

func earliest(events []Event, is func(Event) bool) (first Event, found bool) {
	for _, e := range events {
		if is(e) && (!found || e.Span.Until < first.Span.Until) {
			first, found = e, true
		}
	}
	return first, found
}

func atPoint(p fact.Place) bool {
	return p == fact.Relay || p == fact.Locker || p == fact.PostOffice
}

// after reports whether e surely happened after f.
func after(e, f Event) bool { return e.Span.From >= f.Span.Until }

// rank orders trust.
func rank(t fact.Trust) int {
	switch t {
	case fact.TrustConfirmed:
		return 2
	case fact.TrustSigned:
		return 1
	default:
		return 0
	}
}

// first is the event that proves earliest that something of its kind had
// happened; the narrower span of two that end together, then the more trusted.
func (r reading) first(is func(told) bool) (told, bool) { return r.foremost(is, earlier) }

// surest is first among those trusted most: nobody's word displaces the
// carrier's, however early the hour it names.
func (r reading) surest(is func(told) bool) (told, bool) {
	return r.foremost(is, func(a, b told) int {
		return cmp.Or(cmp.Compare(rank(b.Trust), rank(a.Trust)), earlier(a, b))
	})
}

func (r reading) foremost(is func(told) bool, compare func(a, b told) int) (first told, found bool) {
	for _, e := range r.all {
		if is(e) && (!found || compare(e, first) < 0) {
			first, found = e, true
		}
	}
	return first, found
}

func earlier(a, b told) int {
	return cmp.Or(
		cmp.Compare(a.Span.Until, b.Span.Until),
		cmp.Compare(b.Span.From, a.Span.From),
		cmp.Compare(rank(b.Trust), rank(a.Trust)),
		strings.Compare(string(a.ID), string(b.ID)),
	)
}

// status is the event that tells it.
func (r reading) status() told {
	for _, final := range finals {
		if e, ok := r.surest(being(final)); ok {
			return e
		}
	}
	if e, ok := r.last(r.onTheWayBack); ok {
		return e
	}
	if e, ok := r.last(func(e told) bool { return e.as != fact.Pending }); ok {
		return e
	}
	if e, ok := r.last(being(fact.Pending)); ok {
		return e
	}
	return told{as: fact.Pending} // announced, and nothing heard yet
}

// finals, the strongest first.
var finals = []fact.Status{fact.Delivered, fact.Returned, fact.Lost, fact.Cancelled}

func being(s fact.Status) func(told) bool { return func(e told) bool { return e.as == s } }

// last is the event furthest in a parcel's life among those that may have
// happened last.
func (r reading) last(is func(told) bool) (last told, found bool) {
	var latest civil.Instant
	for _, e := range r.all {
		if is(e) {
			latest = max(latest, e.Span.From)
		}
	}
	for _, e := range r.all {
		if is(e) && e.Span.Until > latest && (!found || further(e, last) > 0) {
			last, found = e, true
		}
	}
	return last, found
}

func further(a, b told) int {
	return cmp.Or(
		cmp.Compare(slices.Index(fact.Statuses, a.as), slices.Index(fact.Statuses, b.as)),
		cmp.Compare(a.Span.From, b.Span.From),
		cmp.Compare(rank(a.Trust), rank(b.Trust)),
		strings.Compare(string(b.ID), string(a.ID)),
	)
}

// onTheWayBack reports whether the event says that the parcel is returning, and
// no round or point saw it since.
func (r reading) onTheWayBack(e told) bool {
	return e.as == fact.Returning && !r.any(func(f told) bool {
		phase := f.as.Phase()
		return (phase == fact.PhaseLastMile || phase == fact.PhaseCollection) && after(f.Event, e.Event)
	})
}

func (r reading) any(is func(told) bool) bool { return slices.ContainsFunc(r.all, is) }
