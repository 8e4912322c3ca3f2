// Package order is what was bought, where it goes and in which parcels.
//
// It stores orders with their lines (delivery is one) and captured amounts,
// addresses, parcels in both directions with the units packed in each, the units
// declared missing (by the merchant before they leave, by the shopper after they
// came), the links by which others see where a parcel is (their hashes), and the
// price list of delivery. It emits order.placed, order.cancelled,
// order.parcel_announced, order.units_missing, order.parcel_shared,
// order.parcel_unshared and order.erased with the order as subject,
// order.tariff_set with the merchant, and hears tracking.moved: which parcels are
// in the shopper's hands.
//
// An order is idempotent on the merchant's own reference, a parcel on the
// number its carrier knows it by.
//
// It deliberately promises nothing and tracks nothing: when an order should
// arrive is the room of promises, where a parcel is the room of tracking. It
// does not know the stock, the tax, nor which carriers there are.
package order

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Kind is what a line sells.
type Kind string

// The kinds. Every order has one line of delivery, be it free.
const (
	Goods    Kind = "goods"
	Delivery Kind = "delivery"
)

// State of an order.
type State string

// The states. What became of a placed order is told by its promises.
const (
	Placed    State = "placed"
	Cancelled State = "cancelled"
)

// Address is where a parcel or a bill goes. Name, Street, Postcode, City and
// Country (ISO 3166-1 alpha-2) are required.
type Address struct {
	Name     string
	Street   string
	Extra    string // floor, door, company
	Postcode string
	City     string
	Country  string
	Phone    string
}

// Line is one article and how many units of it.
type Line struct {
	ID       ident.Line
	Kind     Kind
	SKU      string
	Name     string // empty for the line of delivery
	Units    int
	Unit     money.Amount // price of one unit, taxes included
	Captured money.Amount // what the shopper paid for the line: Unit × Units
	Grams    int          // weight of one unit
	Traits   Traits       // what else is known of it; may be zero
}

// Names are what the articles of lines are called.
func Names(lines []Line) map[ident.Line]string {
	names := map[ident.Line]string{}
	for _, l := range lines {
		names[l.ID] = l.Name
	}
	return names
}

// Order is an order as placed. Lines is set by Place alone; ask Lines for those
// of an order read.
type Order struct {
	ID        ident.Order
	Reference string // the merchant's
	Shopper   ident.Shopper
	Locale    lang.Locale
	Currency  money.Currency
	Placed    civil.Instant
	State     State
	Service   ident.Service // chosen at checkout; may be empty
	Point     ident.Point   // where the shopper collects it; empty: at the door, or nobody said which
	Value     money.Amount  // captured, goods and delivery
	Delivery  money.Amount  // of which delivery
	Ship      Address
	Lines     []Line
}

// Parcel is one box of an order.
type Parcel struct {
	ID         ident.Parcel
	Order      ident.Order
	Shopper    ident.Shopper
	Direction  fact.Direction
	Connection ident.Connection // the carrier's, as the merchant is connected to it
	Service    ident.Service
	Number     string // by which the carrier knows it
	Announced  civil.Instant
	Postcode   string // the shopper's end of the journey, in either direction
	Country    string
}
