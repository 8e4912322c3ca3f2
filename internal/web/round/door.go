package round

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// door is all that is known of a stop.
type door struct {
	lastmile.Stop
	order    order.Order
	parcels  []order.Parcel // on their way to the shopper, with the shop's own couriers
	stories  map[ident.Parcel]tracking.Story
	promised promise.Commitment // of the delivery; its ID is empty when none is owed
	early    lastmile.Early
	asked    bool // whether to come early
	lacks    []order.Shortage
	visits   []lastmile.Visit
	handling lastmile.Change                         // where it is to be left, or with whom; its ID is empty: at the door
	by       map[ident.Connection]carrier.Connection // the shop's own couriers
}

// doors reads all that is known of stops.
func doors(tx *db.Tx, m ident.Merchant, stops []lastmile.Stop) ([]door, error) {
	var ids []ident.Stop
	var orders []ident.Order
	for _, s := range stops {
		ids, orders = append(ids, s.ID), append(orders, s.Order)
	}
	known, err := order.Many(tx, m, orders)
	if err != nil {
		return nil, err
	}
	parcels, err := order.Parcels(tx, m, orders)
	if err != nil {
		return nil, err
	}
	owed, err := promise.OfOrders(tx, m, orders)
	if err != nil {
		return nil, err
	}
	earlies, err := lastmile.Earlies(tx, m, orders)
	if err != nil {
		return nil, err
	}
	lacks, err := order.Shortages(tx, m, orders)
	if err != nil {
		return nil, err
	}
	visits, err := lastmile.Visits(tx, m, ids)
	if err != nil {
		return nil, err
	}
	handling, err := lastmile.Handling(tx, m, orders)
	if err != nil {
		return nil, err
	}
	by, err := lastmile.Fleet(tx, m)
	if err != nil {
		return nil, err
	}
	all := make([]door, len(stops))
	for i, s := range stops {
		d := door{Stop: s, order: known[s.Order], promised: promise.DeliveryOf(owed[s.Order]), lacks: lacks[s.Order], visits: visits[s.ID], handling: handling[s.Order], by: by}
		d.early, d.asked = earlies[s.Order]
		d.parcels = slices.DeleteFunc(slices.Clone(parcels[s.Order]), func(p order.Parcel) bool {
			_, ours := by[p.Connection]
			return p.Direction != fact.Out || !ours
		})
		all[i] = d
	}
	return all, told(tx, m, all)
}

// told reads how far the parcels of doors are.
func told(tx *db.Tx, m ident.Merchant, all []door) error {
	var parcels []ident.Parcel
	for _, d := range all {
		for _, p := range d.parcels {
			parcels = append(parcels, p.ID)
		}
	}
	stories, err := tracking.Stories(tx, m, parcels)
	for i := range all {
		all[i].stories = stories
	}
	return err
}

// doorOf reads all that is known of one stop.
func doorOf(tx *db.Tx, m ident.Merchant, s lastmile.Stop) (door, error) {
	all, err := doors(tx, m, []lastmile.Stop{s})
	if err != nil {
		return door{}, err
	}
	return all[0], nil
}

// open are the parcels that are still to be given out.
func (d door) open() (out []order.Parcel) {
	for _, p := range d.parcels {
		if !tracking.Final(d.stories[p.ID].Status) {
			out = append(out, p)
		}
	}
	return out
}

// over reports whether nothing is left to be done at the door.
func (d door) over() bool {
	return len(d.parcels) > 0 && len(d.open()) == 0 || d.order.State == order.Cancelled
}

// last is what was said last of the stop, and was done.
func (d door) last() (lastmile.Visit, bool) {
	for _, v := range slices.Backward(d.visits) {
		if v.Outcome == lastmile.VisitDone {
			return v, true
		}
	}
	return lastmile.Visit{}, false
}

// free is from when on the order may be handed over without breaking its promise:
// the beginning of the slot, or what the shopper agreed to. 0: at any time.
func (d door) free() civil.Instant {
	c := d.promised
	if c.Owed != fact.DeliverInSlot || c.State != fact.Open {
		return 0
	}
	if !c.Consented.IsZero() {
		return min(c.From, c.Consented)
	}
	return c.From
}

// tooEarly reports whether handing the order over at an instant breaks its promise.
func (d door) tooEarly(at civil.Instant) bool { return at < d.free() }

// mayAsk reports whether the shopper can be asked now to be visited early.
func (d door) mayAsk(now civil.Instant) bool {
	return !d.asked && d.tooEarly(now) && d.Booking.ID != "" && now < d.Booking.From
}
