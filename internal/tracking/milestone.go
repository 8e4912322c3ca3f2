package tracking

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// milestones are the events that decided each clock; those without an id did
// not happen.
type milestones struct{ handedOver, presented, ready, inHand, closed told }

func (r reading) clocks(wanted Wanted, now fact.Status) (m milestones) {
	m.handedOver, _ = r.first(func(e told) bool { return scanned(e.Event) && handed(e.as) })
	m.presented, _ = r.first(func(e told) bool {
		return e.as == fact.FailedAttempt || e.as == fact.ReadyForPickup || e.as == fact.Delivered
	})
	if wanted == AtPoint {
		m.ready, _ = r.surest(being(fact.ReadyForPickup))
	}
	m.inHand, _ = r.surest(being(fact.Delivered))
	if closes(now) {
		m.closed, _ = r.first(func(e told) bool { return e.as != fact.Returning && closes(e.as) || r.onTheWayBack(e) })
	}
	return m
}

// handed reports whether a parcel of that status is, or was, with the carrier.
// One lost or cancelled may never have been.
func handed(s fact.Status) bool {
	switch s.Phase() {
	case fact.PhaseCarried, fact.PhaseLastMile, fact.PhaseCollection, fact.PhaseDone, fact.PhaseReturn:
		return true
	}
	return false
}

// closes reports whether a parcel of that status will not arrive any more.
func closes(s fact.Status) bool {
	phase := s.Phase()
	return phase == fact.PhaseReturn || phase == fact.PhaseClosed
}

// Final reports whether nothing more is to be expected of a parcel.
func Final(s fact.Status) bool { return slices.Contains(finals, s) }

func (m milestones) spans() fact.Clocks {
	return fact.Clocks{
		HandedOver: m.handedOver.Span, Presented: m.presented.Span, Ready: m.ready.Span,
		InHand: m.inHand.Span, Closed: m.closed.Span,
	}
}

func (m milestones) deciders() []told {
	all := []told{m.handedOver, m.presented, m.ready, m.inHand, m.closed}
	return slices.DeleteFunc(all, func(e told) bool { return e.ID == "" })
}

// trust is the least of the events that decided; of the status while none did.
func (m milestones) trust(status fact.Trust) fact.Trust {
	deciders := m.deciders()
	if len(deciders) == 0 {
		return status
	}
	return slices.MinFunc(deciders, func(a, b told) int { return rank(a.Trust) - rank(b.Trust) }).Trust
}

// evidence is who decided status and milestones, sorted.
func (m milestones) evidence(status ident.Event) []ident.Event {
	var ids []ident.Event
	if status != "" {
		ids = append(ids, status)
	}
	for _, e := range m.deciders() {
		ids = append(ids, e.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// liable is who answers for the last incident before the parcel arrived.
func (r reading) liable(inHand fact.Span) fact.Party {
	last, ok := r.last(func(e told) bool {
		return incident(e) != "" && !(inHand.Known() && e.Span.From >= inHand.Until)
	})
	if !ok {
		return ""
	}
	return incident(last)
}

// incident is who answers for what went wrong in the event; empty when nothing
// did. The sender's word goes first.
func incident(e told) fact.Party {
	if e.Reason == "" && !troubled(e.as) {
		return ""
	}
	if e.Party != "" && e.Party != fact.ByUnknown {
		return e.Party
	}
	switch e.Reason {
	case "":
		return answersFor(e.as)
	case fact.ReasonAbsent, fact.ReasonAddress, fact.ReasonRefused, fact.ReasonCollectionExpired:
		return fact.ByShopper
	case fact.ReasonCustomsDoc, fact.ReasonCustomsDuty:
		return fact.ByCustoms
	case fact.ReasonWeather, fact.ReasonStrike:
		return fact.ForceMajeure
	case fact.ReasonRelayFull, fact.ReasonRelayClosed:
		return fact.ByRelay
	default:
		return fact.ByCarrier
	}
}

// troubled reports whether the status is an incident by itself.
func troubled(s fact.Status) bool {
	switch s {
	case fact.Exception, fact.CustomsHeld, fact.FailedAttempt, fact.Lost, fact.Returning, fact.Returned:
		return true
	}
	return false
}

// answersFor is who answers for such a status when no reason is given.
func answersFor(s fact.Status) fact.Party {
	switch s {
	case fact.CustomsHeld:
		return fact.ByCustoms
	case fact.Lost:
		return fact.ByCarrier
	}
	return ""
}

// expected is when the parcel was last said to arrive; zero when nobody said, or
// when what happened since makes it moot: an attempt, a detour, an end.
func (r reading) expected(now fact.Status) civil.Instant {
	said, ok := r.last(func(e told) bool { return !e.Expected.IsZero() })
	if !ok || overtakes(now) || r.any(func(e told) bool { return overtakes(e.as) && after(e.Event, said.Event) }) {
		return 0
	}
	return said.Expected
}

// overtakes reports whether an hour announced before such a status means nothing
// after it.
func overtakes(s fact.Status) bool {
	switch s.Phase() {
	case fact.PhaseCollection, fact.PhaseDone, fact.PhaseReturn, fact.PhaseClosed:
		return true
	}
	return s == fact.FailedAttempt || s == fact.Redirected
}

// disputes lists the contradictions, given the event that told the status.
func (r reading) disputes(said told) []string {
	codes := slices.Clone(r.noticed)
	switch {
	case said.as == fact.Delivered:
		codes = append(codes, r.disputesOfDelivery()...)
	case Final(said.as):
		closed, _ := r.first(func(e told) bool { return Final(e.as) })
		if r.any(func(e told) bool { return moving(e.as) && after(e.Event, closed.Event) }) {
			codes = append(codes, MovedAfterClosure)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// disputesOfDelivery compares all with the earliest delivery, trusted or not.
func (r reading) disputesOfDelivery() (codes []string) {
	events := make([]Event, 0, len(r.all))
	for _, e := range r.all {
		if e.as == fact.Delivered {
			events = append(events, e.Event)
		}
	}
	delivered, _ := earliest(events, func(Event) bool { return true })
	for _, e := range r.all {
		later := after(e.Event, delivered)
		switch {
		case e.as == fact.Delivered && later:
			codes = append(codes, DeliveredTwice)
		case e.as == fact.Delivered:
		case Final(e.as):
			codes = append(codes, DeliveredAndClosed)
		case (moving(e.as) || e.as == fact.Returning) && later:
			codes = append(codes, MovedAfterDelivery)
		}
	}
	if slices.ContainsFunc(r.denials, func(e Event) bool { return e.Span.Until > delivered.Span.From }) {
		codes = append(codes, DeniedByShopper)
	}
	return codes
}

// moving reports whether a parcel of that status is on its way to the shopper.
// An exception alone moves nothing: claims are made after a delivery too.
func moving(s fact.Status) bool {
	switch s.Phase() {
	case fact.PhaseCarried, fact.PhaseLastMile, fact.PhaseCollection:
		return s != fact.Exception
	}
	return false
}
