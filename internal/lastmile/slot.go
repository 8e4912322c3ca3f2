package lastmile

import (
	"cmp"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// DefaultDays is how many days are looked ahead when nobody says, today included.
const DefaultDays = 7

// maxDays bounds the reading: nobody chooses a slot two months ahead.
const maxDays = 60

// Asking is a look at the slots of services.
type Asking struct {
	Services []ident.Service
	Zone     *time.Location // of the destination
	Now      civil.Instant
	Days     int  // today included; 0 is DefaultDays
	Full     bool // those that are full or closed too, to say why they are not offered
}

// Offer is the slots of the next days, the soonest first: those that have a
// place left and still take orders, or, when asked, all that have not ended.
func Offer(tx *db.Tx, m ident.Merchant, a Asking) ([]Slot, error) {
	if a.Days <= 0 {
		a.Days = DefaultDays
	}
	first := a.Now.Day(a.Zone)
	last := first + civil.Day(min(a.Days, maxDays)) - 1
	tables, err := timetables(tx, m, a.Services, last)
	if err != nil || len(tables) == 0 {
		return nil, err
	}
	taken, err := takenIn(tx, m, a.Services, civil.Window{From: first.Start(a.Zone), Until: last.End(a.Zone)})
	if err != nil {
		return nil, err
	}
	var slots []Slot
	for d := first; d <= last; d++ {
		for _, t := range tables {
			slots = append(slots, t.slots(d, a.Zone)...)
		}
	}
	for i, s := range slots {
		slots[i].Left = max(0, s.Capacity-taken[place{s.Service, s.From, s.Until}])
	}
	slots = slices.DeleteFunc(slots, func(s Slot) bool {
		if a.Full {
			return s.Until <= a.Now
		}
		return s.Left == 0 || s.Closed(a.Now)
	})
	slices.SortFunc(slots, func(a, b Slot) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Until, b.Until), cmp.Compare(a.Service, b.Service))
	})
	return slots, nil
}

// place is what makes a slot one.
type place struct {
	service     ident.Service
	from, until civil.Instant
}

// takenIn counts the places taken in slots that begin in a window.
func takenIn(tx *db.Tx, m ident.Merchant, services []ident.Service, w civil.Window) (map[place]int, error) {
	rows, err := db.All(tx, sqlTaken, scanTaken, m, db.In(services), w.From, w.Until)
	if err != nil {
		return nil, err
	}
	of := make(map[place]int, len(rows))
	for _, r := range rows {
		of[r.place] = r.booked
	}
	return of, nil
}

// Book takes a place in a slot for an order, in the transaction that places it.
// Of many who want the last place one gets it: a single statement compares and
// sets.
//
// The faults are conflicts at "token", for which another slot is the cure:
// slot_full, slot_closed, unknown_slot (no grid says so any more); order_has_slot
// when the order has a place already; and unknown_zone.
func Book(tx *flow.Tx, m ident.Merchant, b Booking) (Booking, error) {
	s, err := slotOf(tx.Tx, m, b)
	if err != nil {
		return Booking{}, err
	}
	if s.Closed(tx.Now) {
		return Booking{}, fault.New(fault.Conflict, "slot_closed", "token")
	}
	_, free, err := db.One(tx.Tx, sqlTake, db.Scalar[int], m, s.Service, s.From, s.Until, s.Capacity)
	if err != nil {
		return Booking{}, err
	}
	if !free {
		return Booking{}, fault.New(fault.Conflict, "slot_full", "token")
	}
	b.ID = ident.New[ident.Booking](tx.Mint)
	return b, b.write(tx, m)
}

// write notes whose a place is that was taken. The fault is order_has_slot.
func (b Booking) write(tx *flow.Tx, m ident.Merchant) error {
	fresh, err := tx.Changed(sqlInsertBooking, m, b.ID, b.Order, b.Shopper, b.Service, b.From, b.Until, b.Zone, tx.Now)
	if err != nil {
		return err
	}
	if !fresh {
		return fault.New(fault.Conflict, "order_has_slot", "token")
	}
	return tx.Emit(m, string(b.Order), string(b.ID), fact.SlotBooked{
		Booking: b.ID, Order: b.Order, Shopper: b.Shopper, Service: b.Service, From: b.From, Until: b.Until,
	})
}

// slotOf finds the slot that a booking means among those of its day. The fault
// is unknown_slot.
func slotOf(tx *db.Tx, m ident.Merchant, b Booking) (Slot, error) {
	zone, err := civil.Zone(b.Zone)
	if err != nil {
		return Slot{}, err
	}
	day := b.From.Day(zone)
	tables, err := timetables(tx, m, []ident.Service{b.Service}, day)
	if err != nil {
		return Slot{}, err
	}
	for _, t := range tables {
		for _, s := range t.slots(day, zone) {
			if s.From == b.From && s.Until == b.Until {
				return s, nil
			}
		}
	}
	return Slot{}, fault.New(fault.Conflict, "unknown_slot", "token")
}

// Release gives the place of an order back; an order without one has nothing to
// give.
func Release(tx *flow.Tx, m ident.Merchant, o ident.Order) error {
	b, had, err := db.One(tx.Tx, sqlRelease, scanBooking, m, o, tx.Now)
	if err != nil || !had {
		return err
	}
	if err := tx.Do(sqlGiveBack, m, b.Service, b.From, b.Until); err != nil {
		return err
	}
	return tx.Emit(m, string(o), string(b.ID), fact.SlotReleased{Booking: b.ID, Order: o})
}

// Cancelled is the reaction to order.cancelled: the place is another's, and what
// was asked of the carrier is of no use any more.
func Cancelled(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.OrderCancelled) error {
		all, err := Changes(tx.Tx, f.Merchant, b.Order)
		if err != nil {
			return err
		}
		for _, c := range all {
			if c.State != ChangeAsked && c.State != ChangeUnanswered {
				continue
			}
			if _, err := c.end(tx, f.Merchant, ChangeRefused, carrier.ChangeAnswer{Reason: fact.ChangeImpossible}); err != nil {
				return err
			}
		}
		if err := leave(tx, f.Merchant, b.Order); err != nil {
			return err
		}
		return Release(tx, f.Merchant, b.Order)
	})(tx, facts)
}

// Amended is the reaction to promise.amended: a shopper who chose another day
// has no use for the place in the slot, unless it is the one just chosen, nor for
// what is being asked to have it come with others.
func Amended(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.PromiseAmended) error {
		if b.Owed != fact.Complete {
			if err := leave(tx, f.Merchant, b.Order); err != nil {
				return err
			}
		}
		if b.Owed != fact.DeliverInSlot {
			return nil
		}
		of, err := Bookings(tx.Tx, f.Merchant, []ident.Order{b.Order})
		if err != nil || of[b.Order].From == b.NewFrom && of[b.Order].Until == b.NewUntil {
			return err
		}
		return Release(tx, f.Merchant, b.Order)
	})(tx, facts)
}

// Reactions are the routes of the room.
func Reactions() []flow.Reaction {
	released := []fact.Kind{fact.SlotReleased{}.Kind(), fact.ChangeRefused{}.Kind(), fact.RegroupFallen{}.Kind()}
	return []flow.Reaction{
		{On: fact.OrderCancelled{}.Kind(), Name: "lastmile.Cancelled", Mode: flow.Must, Run: Cancelled, Emits: released},
		{On: fact.PromiseAmended{}.Kind(), Name: "lastmile.Amended", Mode: flow.Must, Run: Amended, Emits: released},
	}
}
