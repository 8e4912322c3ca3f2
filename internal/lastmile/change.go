package lastmile

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ChangeState is what became of a change that was asked for.
type ChangeState string

// The states. Unanswered is no answer, and no refusal: a late one still counts.
const (
	ChangeAsked      ChangeState = "asked"
	ChangeAccepted   ChangeState = "accepted"
	ChangeRefused    ChangeState = "refused"
	ChangeUnanswered ChangeState = "unanswered"
)

// Change is something that a shopper wants otherwise about a delivery.
type Change struct {
	ID         ident.Change
	Key        string // of the form it was asked with
	Order      ident.Order
	Shopper    ident.Shopper
	Other      ident.Shopper // another contact whom it names; empty: none
	Parcel     ident.Parcel  // empty: nothing is packed yet
	Connection ident.Connection
	Service    ident.Service
	Number     string
	What       fact.ChangeKind
	Wanted     fact.Wanted
	Zone       string        // IANA zone of the destination
	To         order.Address // of another door
	Was        order.Address // the door before
	Words      string        // the shopper's: where to leave it, with whom
	State      ChangeState
	Reason     fact.ChangeReason // of a refusal
	Said       string            // the carrier's own words; may be empty
	Asked      civil.Instant
	AnswerBy   civil.Instant // exclusive
	Changed    civil.Instant // when it became what it is

	Regroup ident.Regroup // of which it is a part; empty: it is asked for by itself
	Agreed  civil.Instant // when its carrier would carry it out with the others; zero: not yet

	held bool // a place in the slot it asks for is kept
}

// Office asks carriers for changes. Its adapters say what each service takes.
type Office struct {
	Flow     *flow.Flow
	Out      *egress.Client
	Adapters carrier.Adapters
	Factors  carbon.Factors // of the footprint of what comes together; zero: the default ones
}

// Delivery is what an order is owed, as the room of promises has it.
type Delivery struct {
	civil.Window
	Zone  string // IANA zone of the destination
	Slot  bool
	Open  bool             // it is owed still
	Stock ident.StockPoint // where it was to leave from; empty: nobody knows
	// Closed are the days on which, by an incident, nothing is brought to where it goes.
	Closed []civil.Days
}

// Reach is another door as the checkout has it: the service goes there.
type Reach struct {
	To     order.Address // in its one form
	Zone   string        // IANA zone of that place
	Window civil.Window  // promised there; zero: what is promised stays
	Dearer money.Amount  // by how much its tariff is above what was paid; zero: by nothing
}

// Wish is a change as a shopper asks for it.
type Wish struct {
	Order ident.Order
	Key   string // the same key is the same change, however often it is sent
	What  fact.ChangeKind
	Slot  civil.Window  // one of those offered; of another door the window that was agreed to
	Day   civil.Day     // likewise, where there are no slots
	Point ident.Point   // to which it is redirected
	Reach Reach         // the other door
	Words string        // where to leave it, with whom
	Other ident.Shopper // who is told too; may be empty
}

// maxWords bounds where to leave a parcel, in characters.
const maxWords = 200

// Ask asks the carrier of an order for a change, by an errand. What was asked
// before under the same key, or word for word the same while it waits, is that
// change, and fresh is false.
//
// The faults are the conflicts at "what" change_open (another one waits for its
// answer), change_too_late, change_out and change_not_offered; those of slots, at
// "slot" (slot_full, slot_closed, unknown_slot), change_same_slot, change_day at
// "day"; those of points, at "point"; change_moves_day at "until" (at the other door
// another day is promised, which was not agreed to); and those of fields.
func (o *Office) Ask(tx *flow.Tx, m ident.Merchant, w Wish, d Delivery) (c Change, fresh bool, err error) {
	before, err := Changes(tx.Tx, m, w.Order)
	if err != nil {
		return c, false, err
	}
	can, err := o.Can(tx.Tx, m, w.Order, d)
	if err != nil {
		return c, false, err
	}
	c = can.change(tx, w, d)
	for _, b := range before {
		switch {
		case b.Key == w.Key, b.State == ChangeAsked && b.same(w):
			return b, false, nil
		case b.State == ChangeAsked:
			return c, false, fault.New(fault.Conflict, "change_open", "what")
		}
	}
	switch member, err := busy(tx.Tx, m, w.Order); {
	case err != nil:
		return c, false, err
	case member:
		return c, false, fault.New(fault.Conflict, "change_open", "what")
	}
	offer, err := can.Offered(w.What)
	if err != nil {
		return c, false, err
	}
	if c.Wanted, c.Words, err = can.wanted(tx, m, offer, w, d); err != nil {
		return c, false, err
	}
	c.AnswerBy = tx.Now.Add(offer.Within)
	if c.held = c.Wanted.Slot; c.held {
		if err := c.take(tx, m); err != nil {
			return c, false, err
		}
	}
	if err := c.write(tx, m); err != nil {
		return c, false, err
	}
	switch {
	case offer.AtOnce:
		c, err = c.accept(tx, m, carrier.ChangeAnswer{})
	case can.Connection.Inquiries != "": // who has no address hears by webhook, and answers by the API
		err = tx.Enqueue(m, ChangeErrand, string(c.ID), changing{Change: c.ID})
	}
	return c, true, err
}

// write keeps a change that is asked for, and tells so.
func (c Change) write(tx *flow.Tx, m ident.Merchant) error {
	if err := insertChange(tx, m, c); err != nil {
		return err
	}
	return tx.Emit(m, string(c.Order), string(c.ID), fact.ChangeAsked{Change: c.body(), Wanted: c.Wanted, AnswerBy: c.AnswerBy})
}

// change is a wish before it is known what exactly it asks for.
func (p Possible) change(tx *flow.Tx, w Wish, d Delivery) Change {
	return Change{
		ID: ident.New[ident.Change](tx.Mint), Key: w.Key, Order: w.Order, Shopper: p.Order.Shopper, Other: w.Other,
		Parcel: p.Parcel.ID, Connection: p.Connection.ID, Service: p.Service.ID, Number: p.Parcel.Number,
		What: w.What, Zone: d.Zone, State: ChangeAsked, Asked: tx.Now, Changed: tx.Now,
	}.at(w, p.Order.Ship)
}

// at notes the doors of a change that asks for another one.
func (c Change) at(w Wish, was order.Address) Change {
	if c.What == fact.Readdress {
		c.To, c.Was, c.Zone = w.Reach.To, was, w.Reach.Zone
	}
	return c
}

// AtOnce reports whether nobody had to agree: nothing was packed yet.
func (c Change) AtOnce() bool { return c.What == fact.Readdress && c.Parcel == "" }

// same reports whether a wish asks for a change word for word.
func (c Change) same(w Wish) bool {
	zone, err := civil.Zone(c.Zone)
	if err != nil || c.What != w.What || c.Wanted.Point != w.Point || c.To != w.Reach.To || c.Words != text.Lines(w.Words) || c.Other != w.Other {
		return false
	}
	if c.Wanted.Slot {
		return c.Wanted.From == w.Slot.From && c.Wanted.Until == w.Slot.Until
	}
	return w.Day == 0 || w.Day == civil.NoDay || c.Wanted.Until == w.Day.End(zone)
}

// body is what every fact about the change says of it.
func (c Change) body() fact.Change {
	return fact.Change{
		Change: c.ID, What: c.What, Order: c.Order, Shopper: c.Shopper, Parcel: c.Parcel, Carrier: c.Connection, Other: c.Other,
		Together: c.Regroup != "",
	}
}

// take keeps a place in the slot that a change asks for. The faults are slot_full,
// slot_closed and unknown_slot.
func (c Change) take(tx *flow.Tx, m ident.Merchant) error {
	slot, err := slotAt(tx.Tx, m, c.Service, c.Wanted, c.Zone)
	if err != nil {
		return err
	}
	_, free, err := db.One(tx.Tx, sqlTake, db.Scalar[int], m, c.Service, c.Wanted.From, c.Wanted.Until, slot.Capacity)
	if err == nil && !free {
		err = fault.New(fault.Conflict, "slot_full", "slot")
	}
	return err
}

// Elsewhere notes that a shopper goes to the carrier's own page.
func (o *Office) Elsewhere(tx *flow.Tx, m ident.Merchant, p Possible) error {
	return tx.Emit(m, string(p.Order.ID), string(ident.New[ident.Fact](tx.Mint)), fact.ChangeElsewhere{
		Order: p.Order.ID, Shopper: p.Order.Shopper, Parcel: p.Parcel.ID, Carrier: p.Connection.ID,
	})
}
