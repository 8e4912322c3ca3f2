package checkout

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
)

// Moving is an order that its shopper would rather have at another door.
type Moving struct {
	Order   order.Order
	Owed    promise.Commitment // its delivery promise
	Service ident.Service      // by which it goes
	To      order.Address
}

// Reach is what its service promises at the other door. Where an order placed now would
// come later there than where it goes, the day is the one of such an order; else what
// is promised stands, and it is never brought forward. Nothing is charged: what delivery there would have cost more is told, and
// is the shop's.
//
// The faults are those of order.CheckAddress, change_same_address,
// change_address_country (what is owed in tax and in law would be another) and
// change_address_unserved, at "address".
func (d *Desk) Reach(tx *db.Tx, m ident.Merchant, in Moving) (r lastmile.Reach, err error) {
	if r.To, err = order.CheckAddress(in.To); err != nil {
		return r, err
	}
	switch {
	case r.To == in.Order.Ship:
		return r, fault.New(fault.Invalid, "change_same_address", "address")
	case r.To.Country != in.Order.Ship.Country:
		return r, fault.New(fault.Conflict, "change_address_country", "address.country", "country", in.Order.Ship.Country)
	}
	to, err := geo.NewPlace(r.To.Country, r.To.Postcode)
	if err != nil {
		return r, err
	}
	org, err := merchant.Get(tx, m)
	if err != nil {
		return r, err
	}
	there, err := d.readCounter(tx, org, to)
	if err != nil {
		return r, err
	}
	b, err := bought(tx, m, in.Order.ID)
	if err != nil {
		return r, err
	}
	r.Zone = there.zone.String()
	if r.Dearer, err = there.served(in, b); err != nil {
		return r, err
	}
	if there.serviceOf(in.Service).Mode == carrier.Slot {
		return r, there.sameSlot(in)
	}
	from, err := geo.NewPlace(in.Order.Ship.Country, in.Order.Ship.Postcode)
	if err != nil {
		return r, err
	}
	here, err := d.readCounter(tx, org, from)
	if err != nil {
		return r, err
	}
	before, _ := here.soonestBy(d, in.Service, b, tx.Now)
	after, ok := there.soonestBy(d, in.Service, b, tx.Now)
	switch {
	case !ok:
		return r, there.unserved()
	case after.Window.Until <= before.Window.Until && r.Zone == in.Owed.Zone:
	case after.Window.Until > in.Owed.Until || r.Zone != in.Owed.Zone:
		r.Window = after.Window
	}
	return r, nil
}

func (c counter) unserved() error {
	return fault.New(fault.Conflict, "change_address_unserved", "address", "postcode", c.to.Postcode)
}

// served is by how much the delivery of a basket is dearer there than what was paid
// for it. The fault is change_address_unserved.
func (c counter) served(in Moving, b basket) (dearer money.Amount, err error) {
	all := slices.Concat(c.services, c.visits)
	i := slices.IndexFunc(all, func(s carrier.Service) bool { return s.ID == in.Service })
	if i < 0 {
		return dearer, c.unserved()
	}
	price, priced := c.price(all[i], b)
	code := all[i].Refuses(c.to, b.grams, b.units)
	if !priced || code != "" && code != promise.NoStandard { // history may speak for itself
		return dearer, c.unserved()
	}
	if more := price.Minor - in.Order.Delivery.Minor; more > 0 && price.Currency == in.Order.Currency {
		dearer = money.Of(more, price.Currency)
	}
	return dearer, nil
}

// sameSlot refuses a door to which nobody comes in the slot that was promised: by
// other clocks, or while an incident takes the day there.
func (c counter) sameSlot(in Moving) error {
	day := (in.Owed.Until - 1).Day(c.zone)
	closed := c.closed(c.serviceOf(in.Service), merchant.StockPoint{ID: in.Owed.Stock})
	if len(outside([]lastmile.Slot{{Day: day}}, closed)) == 0 || c.zone.String() != in.Owed.Zone {
		return c.unserved()
	}
	return nil
}

// soonestBy is what a service promises to whoever orders now; false when nothing.
func (c counter) soonestBy(d *Desk, id ident.Service, b basket, now civil.Instant) (promise.Option, bool) {
	offers := slices.DeleteFunc(c.offers(d, b), func(o promise.Offer) bool { return o.Service.ID != id })
	options, _ := promise.Quote(promise.Request{Now: now, To: c.to, Zone: c.zone, Grams: b.grams, Units: b.units, Target: c.org.Target}, offers)
	if len(options) == 0 {
		return promise.Option{}, false
	}
	return options[0], true
}

// bought is an order's goods as a basket.
func bought(tx *db.Tx, m ident.Merchant, id ident.Order) (b basket, err error) {
	lines, err := order.Lines(tx, m, id)
	for _, l := range lines {
		if l.Kind == order.Delivery {
			continue
		}
		b.grams, b.units = b.grams+l.Grams*l.Units, b.units+l.Units
		b.value.Currency = l.Captured.Currency
		b.value.Minor += l.Captured.Minor
	}
	return b, err
}
