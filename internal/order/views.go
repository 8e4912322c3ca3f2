package order

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads an order, without its lines. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant, id ident.Order) (Order, error) {
	o, ok, err := db.One(tx, sqlOrder, scanOrder, m, id)
	if err == nil && !ok {
		return Order{}, fault.New(fault.NotFound, "not_found", "order")
	}
	return o, err
}

// Many reads orders by id, without their lines; those the merchant does not
// have are not in the answer.
func Many(tx *db.Tx, m ident.Merchant, ids []ident.Order) (map[ident.Order]Order, error) {
	return keyed(tx, sqlOrders, scanOrder, func(o Order) ident.Order { return o.ID }, m, db.In(ids))
}

// ByReference reads an order by the merchant's reference; false when there is none.
func ByReference(tx *db.Tx, m ident.Merchant, reference string) (Order, bool, error) {
	return db.One(tx, sqlOrderByReference, scanOrder, m, reference)
}

// whereabouts of an order within the installation.
type whereabouts struct {
	merchant ident.Merchant
	order    ident.Order
}

// ByLink finds the order whose page a link opens, by the link's hash; false
// when there is none.
func ByLink(tx *db.Tx, hash string) (ident.Merchant, ident.Order, bool, error) {
	w, ok, err := db.One(tx, sqlOrderByLink, scanWhereabouts, hash)
	return w.merchant, w.order, ok, err
}

// Page is a place in a list, and how much to read from there.
type Page struct {
	After ident.Order // the last one of the page before; empty at first
	Limit int
}

// newest sorts after every order.
const newest ident.Order = "ord_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// List pages through the orders of a merchant, the newest first, without their lines.
func List(tx *db.Tx, m ident.Merchant, p Page) ([]Order, error) {
	if p.After == "" {
		p.After = newest
	}
	return db.All(tx, sqlOrdersBefore, scanOrder, m, p.After, p.Limit)
}

// Lines reads the lines of an order: goods as they were given, then delivery.
func Lines(tx *db.Tx, m ident.Merchant, id ident.Order) ([]Line, error) {
	return db.All(tx, sqlLines, scanLine, m, id)
}

// Billing reads where the bill goes; false when it goes where the parcel goes.
func Billing(tx *db.Tx, m ident.Merchant, id ident.Order) (Address, bool, error) {
	return db.One(tx, sqlBilling, scanAddress, m, id)
}

// Parcels reads the parcels of orders, in both directions, in the order they
// were announced.
func Parcels(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Parcel, error) {
	parcels, err := db.All(tx, sqlParcelsOf, scanParcel, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	of := map[ident.Order][]Parcel{}
	for _, p := range parcels {
		of[p.Order] = append(of[p.Order], p)
	}
	return of, nil
}

// ParcelsByID reads parcels by id; those the merchant does not have are not in the answer.
func ParcelsByID(tx *db.Tx, m ident.Merchant, ids []ident.Parcel) (map[ident.Parcel]Parcel, error) {
	return keyed(tx, sqlParcelsByID, scanParcel, func(p Parcel) ident.Parcel { return p.ID }, m, db.In(ids))
}

// Packed tells of each order whether every unit of goods is in an outgoing
// parcel, or was declared missing by the merchant. An order of which nothing at
// all will be sent is not packed. Orders the merchant does not have are not in
// the answer.
func Packed(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order]bool, error) {
	all, err := db.All(tx, sqlUnpacked, scanContents, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	packed := make(map[ident.Order]bool, len(all))
	for _, c := range all {
		packed[c.order] = c.packed+c.missing >= c.ordered && c.missing < c.ordered
	}
	return packed, nil
}

// Tariffs reads the price list in force on a day, for Price.
func Tariffs(tx *db.Tx, m ident.Merchant, on civil.Day) ([]Tariff, error) {
	return db.All(tx, sqlTariffs, scanTariff, m, on)
}

// keyed reads rows into a map.
func keyed[K comparable, V any](tx *db.Tx, q string, scan func(db.Row) (V, error), key func(V) K, args ...any) (map[K]V, error) {
	rows, err := db.All(tx, q, scan, args...)
	if err != nil {
		return nil, err
	}
	m := make(map[K]V, len(rows))
	for _, v := range rows {
		m[key(v)] = v
	}
	return m, nil
}
