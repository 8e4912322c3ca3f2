package lastmile

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// AskEarly asks the shopper whether the courier may come at an instant before
// the slot. It is asked once an order: whoever asks again gets the same ask, as
// it stands, and fresh is false.
//
// The faults are not_found at "order"; the conflicts slot_not_booked, slot_begun
// and early_refused (the shopper said no, and is not asked again); and
// early_out_of_window at "at", for what is past, or not before the slot.
func AskEarly(tx *flow.Tx, m ident.Merchant, o ident.Order, at civil.Instant) (e Early, fresh bool, err error) {
	if e, asked, err := EarlyOf(tx.Tx, m, o); err != nil || asked {
		return e, false, e.still(err)
	}
	b, err := booked(tx.Tx, m, o)
	switch {
	case err != nil:
		return Early{}, false, err
	case tx.Now >= b.From:
		return Early{}, false, fault.New(fault.Conflict, "slot_begun", "order")
	case at < tx.Now || at >= b.From:
		return Early{}, false, fault.New(fault.Invalid, "early_out_of_window", "at")
	}
	e = Early{
		ID: ident.New[ident.Early](tx.Mint), Order: o, Shopper: b.Shopper, Booking: b.ID,
		At: at, From: b.From, Until: b.Until, Asked: tx.Now,
	}
	if err := tx.Do(sqlInsertEarly, m, e.ID, e.Booking, e.At, e.Asked); err != nil {
		return Early{}, false, err
	}
	return e, true, tx.Emit(m, string(o), string(e.ID), fact.EarlyAsked{
		Early: e.ID, Order: o, Shopper: e.Shopper, At: e.At, From: e.From, Until: e.Until,
	})
}

// still passes on an error, or says that the ask was refused.
func (e Early) still(err error) error {
	if err == nil && !e.Answered.IsZero() && !e.Accepted {
		return fault.New(fault.Conflict, "early_refused", "order")
	}
	return err
}

// booked is the place that an order has.
func booked(tx *db.Tx, m ident.Merchant, o ident.Order) (Booking, error) {
	of, err := Bookings(tx, m, []ident.Order{o})
	if err != nil {
		return Booking{}, err
	}
	if b, ok := of[o]; ok {
		return b, nil
	}
	if _, err := order.Get(tx, m, o); err != nil {
		return Booking{}, err
	}
	return Booking{}, fault.New(fault.Conflict, "slot_not_booked", "order")
}

// AnswerEarly is what the shopper says to the ask, once and before the slot
// begins; to say it again changes nothing. A consent holds from when it is
// given: what the fact says the courier may do is never in the past.
//
// The faults are not_found at "early" (nobody asked) and the conflicts
// early_answered (the other answer was given) and early_too_late.
func AnswerEarly(tx *flow.Tx, m ident.Merchant, o ident.Order, accepted bool) (Early, error) {
	e, asked, err := EarlyOf(tx.Tx, m, o)
	switch {
	case err != nil:
		return Early{}, err
	case !asked:
		return Early{}, fault.New(fault.NotFound, "not_found", "early")
	case !e.Answered.IsZero() && e.Accepted == accepted:
		return e, nil
	case !e.Answered.IsZero():
		return Early{}, fault.New(fault.Conflict, "early_answered", "accepted")
	case tx.Now >= e.From:
		return Early{}, fault.New(fault.Conflict, "early_too_late", "accepted")
	}
	e.Answered, e.Accepted = tx.Now, accepted
	if err := tx.Do(sqlAnswerEarly, m, e.ID, e.Answered, e.Accepted); err != nil {
		return Early{}, err
	}
	return e, tx.Emit(m, string(o), string(e.ID), fact.EarlyAnswered{
		Early: e.ID, Order: o, Shopper: e.Shopper, Accepted: accepted, At: max(e.At, tx.Now),
	})
}
