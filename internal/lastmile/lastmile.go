// Package lastmile is the last stretch to a door by appointment: the slots a
// shop offers, who has a place in which, the courier who would like to come
// before it begins, and the shopper who wants the parcel otherwise.
//
// It stores the weekly grids of services (dated, added and never changed), the
// slots that somebody booked with how many places are taken, the bookings, what
// couriers asked and shoppers answered, the changes shoppers asked carriers for,
// the deliveries that a person wants together over shops (regroup.go has their states),
// and rounds: the stops of a day and what was said of each. Who drives them, and on
// what device, is crew's.
// Another door is a person's address: it stands in a table of its own, and in no fact.
//
// It emits lastmile.grid_set with the merchant as subject;
// with the order lastmile.booked, released, early_asked, early_answered, change_asked,
// change_accepted, change_refused, change_unanswered, change_elsewhere, change_agreed,
// change_unkept, regrouped, regroup_fallen, stop_set and visited. It hears
// order.cancelled and promise.amended. The errand lastmile.Change asks carriers;
// lastmile.Regroup calls nobody, and ends a regrouping in a write of all its merchants.
//
// A slot is what a grid says of a day, never a row of its own before it is
// booked: the destination's clocks decide when it is, and on the last Sunday of
// March some are not at all.
//
// It deliberately promises nothing, prices nothing and plans no way through a town: a slot
// becomes a promise at the checkout, and what a consent to come early means for
// it is the promise's business. Silence is no consent.
package lastmile

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// GridWindow is one window of a week, in which so many orders find a place.
type GridWindow struct {
	Weekday     time.Weekday  `json:"weekday"`
	FromMinute  int           `json:"from"`         // local minute of the day, in the destination's zone
	UntilMinute int           `json:"until"`        // exclusive; 1440 is midnight
	Capacity    int           `json:"capacity"`     // orders
	CloseBefore time.Duration `json:"close_before"` // it takes no order any more so long before it begins
}

// Grid is the week of a service from a day on, until a later grid begins.
type Grid struct {
	Service  ident.Service
	Windows  []GridWindow
	Closures []civil.Day // days without slots
	Since    civil.Day   // the first day it holds for
}

// Slot is a window of a certain day, as it may be booked.
type Slot struct {
	Service  ident.Service
	Day      civil.Day // local
	From     civil.Instant
	Until    civil.Instant // exclusive
	Capacity int
	Left     int           // places; 0 when it is full
	Closes   civil.Instant // from then on it takes no order any more
}

// Closed reports whether the slot takes no order any more.
func (s Slot) Closed(now civil.Instant) bool { return now >= s.Closes }

// Booking is a place in a slot, taken for an order.
type Booking struct {
	ID      ident.Booking // set by Book
	Service ident.Service
	From    civil.Instant
	Until   civil.Instant // exclusive
	Zone    string        // IANA zone of the destination, by whose clocks the slot is
	Order   ident.Order
	Shopper ident.Shopper
}

// Early is a courier's wish to come before the slot, and what the shopper said.
type Early struct {
	ID       ident.Early
	Order    ident.Order
	Shopper  ident.Shopper
	Booking  ident.Booking
	At       civil.Instant // when the courier could come
	From     civil.Instant // the slot as it was promised
	Until    civil.Instant // exclusive
	Asked    civil.Instant
	Answered civil.Instant // zero: not yet
	Accepted bool
}

// EarlyState is where a wish to come early stands.
type EarlyState string

// The states.
const (
	Asked      EarlyState = "asked"
	Accepted   EarlyState = "accepted"
	Refused    EarlyState = "refused"
	Unanswered EarlyState = "unanswered" // the slot has begun: there is nothing to answer any more
)

// State is where the wish stands at an instant.
func (e Early) State(now civil.Instant) EarlyState {
	switch {
	case e.Answered.IsZero() && now < e.From:
		return Asked
	case e.Answered.IsZero():
		return Unanswered
	case e.Accepted:
		return Accepted
	}
	return Refused
}
