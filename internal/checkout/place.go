package checkout

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// PlaceRequest is an order to place. With a token, service and fee are the
// token's; without one, they are the caller's and the law's thirty days are owed.
type PlaceRequest struct {
	Reference   string
	Token       string
	Shopper     shopper.NewShopper
	Items       []Item
	Ship, Bill  order.Address // Bill zero: as Ship
	Service     ident.Service
	Point       ident.Point // where it is collected; empty: the token's, or none
	DeliveryFee money.Amount
	Currency    money.Currency // empty: the merchant's
	Fingerprint string         // of the whole request
}

// Placed is an order with what it owes.
type Placed struct {
	Order       order.Order
	Fresh       bool // false: the same order had been placed before
	Link        ident.Link
	Commitments []promise.Commitment // the delivery, and that the order is complete
}

// Place writes an order, what it owes and its place in the slot it was shown, or
// nothing. The same reference with the same content answers the order as it
// stands, whatever became of its token. Besides the faults of its fields, those
// of the token are token_expired, token_used, token_mismatch, and slot_full,
// slot_closed, unknown_slot: ask for another quote. Those of the point are
// point_required, point_not_asked, point_unknown, point_gone, point_not_served,
// point_too_small, point_closed and point_far: choose another.
func (d *Desk) Place(tx *flow.Tx, m ident.Merchant, in PlaceRequest) (Placed, error) {
	org, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return Placed{}, err
	}
	if in.Currency == "" {
		in.Currency = org.Currency
	}
	if before, ok, err := d.repeated(tx.Tx, m, in); ok || err != nil {
		return before, err
	}
	b, err := weigh(in.Items, in.Currency)
	if err != nil {
		return Placed{}, err
	}
	owed, err := d.agreed(tx, m, &in, b)
	if err != nil {
		return Placed{}, err
	}
	if err := collected(tx.Tx, m, in, b.grams, owed); err != nil {
		return Placed{}, err
	}
	if in.Shopper.Locale == "" {
		in.Shopper.Locale = org.Locale
	}
	who, err := shopper.Register(tx, m, in.Shopper)
	if err != nil {
		return Placed{}, within("shopper", err)
	}
	o, fresh, err := order.Place(tx, m, in.order(who, d))
	if err != nil || !fresh {
		return Placed{Order: o, Link: d.Link(o.ID)}, err
	}
	c, err := d.owe(tx, m, o, owed)
	if err != nil {
		return Placed{}, err
	}
	whole, err := promise.CommitComplete(tx, m, c)
	if err != nil {
		return Placed{}, err
	}
	if err := book(tx, m, o, owed); err != nil {
		return Placed{}, err
	}
	return Placed{Order: o, Fresh: true, Link: d.Link(o.ID), Commitments: []promise.Commitment{c, whole}}, nil
}

// repeated answers an order placed before under the reference, when the request
// is the same.
func (d *Desk) repeated(tx *db.Tx, m ident.Merchant, in PlaceRequest) (p Placed, ok bool, err error) {
	if in.Reference == "" {
		return p, false, nil
	}
	o, ok, err := order.Repeated(tx, m, in.Reference, in.Fingerprint)
	if !ok || err != nil {
		return p, ok, err
	}
	of, err := promise.OfOrders(tx, m, []ident.Order{o.ID})
	return Placed{Order: o, Link: d.Link(o.ID), Commitments: of[o.ID]}, true, err
}

// agreed is what the token promised, held against the order it comes with; nil
// when the order brings none.
func (d *Desk) agreed(tx *flow.Tx, m ident.Merchant, in *PlaceRequest, b basket) (*promise.Promised, error) {
	if in.Token == "" {
		return nil, nil
	}
	p, err := promise.Open(d.Vault, in.Token)
	if err != nil {
		return nil, err
	}
	to, err := geo.NewPlace(in.Ship.Country, in.Ship.Postcode)
	if err != nil {
		return nil, within("ship_to", err)
	}
	in.Point = cmp.Or(in.Point, p.Point)
	asked := promise.Asked{Merchant: m, Country: to.Country, Postcode: to.Postcode, Basket: b.hash, Point: in.Point}
	if err := promise.Check(p, asked, tx.Now); err != nil {
		return nil, err
	}
	in.Service, in.DeliveryFee = p.Service, p.Price
	return &p, nil
}

func (in PlaceRequest) order(who ident.Shopper, d *Desk) order.New {
	lines := make([]order.Line, len(in.Items))
	for i, it := range in.Items {
		lines[i] = order.Line{SKU: it.SKU, Name: it.Name, Units: it.Units, Unit: it.Unit, Grams: it.Grams, Traits: it.Traits}
	}
	fee := in.DeliveryFee
	if fee.Currency == "" {
		fee = money.Of(0, in.Currency)
	}
	return order.New{
		Reference: in.Reference, Shopper: who, Locale: in.Shopper.Locale, Currency: in.Currency,
		Lines: lines, DeliveryFee: fee, Service: in.Service, Point: in.Point, Ship: in.Ship, Bill: in.Bill,
		Fingerprint: in.Fingerprint,
		LinkHash:    func(o ident.Order) string { return ident.Hash(string(d.Link(o))) },
	}
}

// owe writes down when the order is owed.
func (d *Desk) owe(tx *flow.Tx, m ident.Merchant, o order.Order, p *promise.Promised) (promise.Commitment, error) {
	if p != nil {
		return promise.Commit(tx, m, *p, o.ID, o.Shopper)
	}
	zone := civil.ZoneOf(o.Ship.Country, o.Ship.Postcode)
	if zone == "" {
		org, err := merchant.Get(tx.Tx, m)
		if err != nil {
			return promise.Commitment{}, err
		}
		zone = org.Zone
	}
	u := promise.Unpromised{
		Order: o.ID, Shopper: o.Shopper, Service: o.Service, Zone: zone, Locale: o.Locale,
		Shown: lang.T(o.Locale, "quote.by_law", nil),
	}
	if o.Service != "" {
		s, grace, err := serviceOf(tx.Tx, m, o.Service)
		if err != nil {
			return promise.Commitment{}, err
		}
		u.Collect, u.Grace = s.Mode.Collected(), grace
	}
	return promise.CommitByLaw(tx, m, u)
}

// serviceOf finds a service of the merchant, and the grace of its carrier.
func serviceOf(tx *db.Tx, m ident.Merchant, id ident.Service) (carrier.Service, time.Duration, error) {
	services, err := carrier.Services(tx, m)
	if err != nil {
		return carrier.Service{}, 0, err
	}
	i := slices.IndexFunc(services, func(s carrier.Service) bool { return s.ID == id })
	if i < 0 {
		return carrier.Service{}, 0, fault.New(fault.Invalid, "unknown_service", "service", "service", string(id))
	}
	c, err := carrier.Get(tx, m, services[i].Connection)
	return services[i], c.Grace, err
}

// within puts the path of the part in front of the fields of its faults.
func within(part string, err error) error {
	faults := fault.All(err)
	if faults == nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	moved := make(fault.List, len(faults))
	for i, f := range faults {
		g := *f
		g.Field = part + "." + f.Field
		if f.Field == "" {
			g.Field = part
		}
		moved[i] = &g
	}
	return moved
}
