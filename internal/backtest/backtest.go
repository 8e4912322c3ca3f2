// Package backtest answers a shop's first question: what would promesse have
// promised to my customers, and would it have been kept? It walks through past
// orders in the order of purchase and makes each promise from what was known at
// that moment, by the rule that quotes are made by (forecast.go of promise).
//
// It reads a file of orders (Read), walks (Run) and tells what it found as JSON
// (Result), as a short table (Text) and as one self-contained page (HTML).
//
// It stores nothing, emits and hears no fact. It deliberately does not know one
// carrier, lane or destination from another: a file of orders is one lane. It
// never reads the final status of an order, which nobody knew at purchase. None
// of its parameters is fitted to a score: each is fixed by the reason written
// beside it (week.go, and forecast.go and survival.go of promise).
package backtest

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/promise"
)

// warmUp is how many deliveries must be complete before orders are scored: as many
// as a window has at least.
const warmUp = promise.WindowParcels

// Order is one row of a shop's past.
type Order struct {
	Purchased Moment
	Handed    Moment    // to the carrier
	Delivered Moment    // in hand
	Promised  civil.Day // by the shop; NoDay when it promised none
}

// Moment is an instant with the offset it was written in. The zero one did not
// happen.
type Moment struct {
	At     civil.Instant
	Offset int32 // seconds east of Greenwich
}

const (
	aSecond = 1_000_000 // microseconds, the unit of instants
	aDay    = 86_400 * aSecond
)

// Happened reports whether the moment is in the file.
func (m Moment) Happened() bool { return m.At != 0 }

// Day is the calendar day of the moment in its own offset.
func (m Moment) Day() civil.Day { return civil.Day(floorDiv(m.local(), aDay)) }

func (m Moment) local() int64 { return int64(m.At) + int64(m.Offset)*aSecond }

// start is the first instant of a calendar day in the offset of the moment.
func (m Moment) start(d civil.Day) civil.Instant {
	return civil.Instant(int64(d)*aDay - int64(m.Offset)*aSecond)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Run walks through the orders, in any order, and scores what promesse would have
// promised when asked to keep a share of target, strictly between 0 and 1 (fault
// share_out_of_range). The same orders give the same result.
func Run(orders []Order, target float64) (Result, error) {
	if !(target > 0 && target < 1) {
		return Result{}, fault.New(fault.Invalid, "share_out_of_range", "target", "value", target)
	}
	h := recall(orders)
	scored := h.walk(target)
	return score(len(orders), scored, target), nil
}

// trip is an order on its way, as it becomes known.
type trip struct {
	*Order
	from, to         civil.Day // bought and delivered; NoDay when it never arrived
	entered, arrived civil.Instant
	promised         civil.Day // by us; NoDay before there was anything to promise from
}

// history is all trips, each list in the order in which it becomes known.
type history struct {
	bought  []*trip
	entered []*trip // handed to the carrier
	arrived []*trip
}

// recall sorts the orders, by all that is known of them where they were bought at
// one instant: the order of the rows in the file means nothing.
func recall(orders []Order) history {
	trips := make([]trip, len(orders))
	h := history{bought: make([]*trip, len(orders))}
	for i := range orders {
		trips[i] = tripOf(&orders[i])
		h.bought[i] = &trips[i]
	}
	slices.SortFunc(h.bought, func(a, b *trip) int {
		return cmp.Or(
			cmp.Compare(a.Purchased.At, b.Purchased.At), cmp.Compare(a.Handed.At, b.Handed.At),
			cmp.Compare(a.Delivered.At, b.Delivered.At), cmp.Compare(a.Promised, b.Promised),
			cmp.Compare(a.Purchased.Offset, b.Purchased.Offset), cmp.Compare(a.Delivered.Offset, b.Delivered.Offset),
		)
	})
	for _, t := range h.bought {
		if t.entered != 0 {
			h.entered = append(h.entered, t)
		}
		if t.arrived != 0 {
			h.arrived = append(h.arrived, t)
		}
	}
	slices.SortStableFunc(h.entered, func(a, b *trip) int { return cmp.Compare(a.entered, b.entered) })
	slices.SortStableFunc(h.arrived, func(a, b *trip) int { return cmp.Compare(a.arrived, b.arrived) })
	return h
}

// tripOf reads an order. Nothing of it is known before its purchase, whatever its
// clocks say; a delivery without a handing-over is known when it is made.
func tripOf(o *Order) trip {
	t := trip{Order: o, from: o.Purchased.Day(), to: civil.NoDay, promised: civil.NoDay}
	if o.Handed.Happened() {
		t.entered = max(o.Handed.At, o.Purchased.At)
	}
	if o.Delivered.Happened() {
		t.to = max(o.Delivered.Day(), t.from)
		t.arrived = max(o.Delivered.At, o.Purchased.At)
		if t.entered == 0 || t.arrived < t.entered {
			t.entered = t.arrived
		}
	}
	return t
}

// walk makes the promise of every order bought after the first 200 deliveries and
// answers those that were delivered, in order of purchase.
func (h history) walk(target float64) (scored []*trip) {
	if len(h.arrived) < warmUp {
		return nil
	}
	f := forecast{history: h, target: target, first: h.arrived[warmUp-1].arrived, today: civil.NoDay}
	for _, t := range h.bought {
		if t.Purchased.At <= f.first {
			continue
		}
		f.promise(t)
		if t.arrived != 0 {
			scored = append(scored, t)
		}
	}
	return scored
}
