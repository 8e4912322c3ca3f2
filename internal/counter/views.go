package counter

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/crew"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// HoldAt reads a parcel that waits, or waited, at the point of a shift. The fault
// is not_found.
func HoldAt(tx *db.Tx, s crew.Shift, m ident.Merchant, id ident.Hold) (Hold, error) {
	h, ok, err := db.One(tx, sqlHold, scanHold, m, id)
	if err == nil && (!ok || h.Point != s.Point) {
		err = fault.New(fault.NotFound, "not_found", "hold")
	}
	return h, err
}

// HoldOf reads where a parcel waits, or waited; false when no counter had it.
func HoldOf(tx *db.Tx, m ident.Merchant, p ident.Parcel) (Hold, bool, error) {
	return db.One(tx, sqlHoldOfParcel, scanHold, m, p)
}

// Shelf pages through what waits at a point, whosever it is, the first to come first.
func Shelf(tx *db.Tx, at ident.Point, after ident.Hold, limit int) ([]Hold, error) {
	return db.All(tx, sqlHoldsAt, scanHold, at, after, limit)
}

// HoldsOf reads what waits, or waited, at counters of orders.
func HoldsOf(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Hold, error) {
	rows, err := db.All(tx, sqlHoldsOf, scanHold, m, db.In(orders))
	of := map[ident.Order][]Hold{}
	for _, h := range rows {
		of[h.Order] = append(of[h.Order], h)
	}
	return of, err
}

// LockedAt lists what is locked at an organisation's counters.
func LockedAt(tx *db.Tx, keeper ident.Merchant, limit int) ([]Hold, error) {
	return db.All(tx, sqlLockedHolds, scanHold, keeper, limit)
}

// FacesAt counts what shoppers said of their visits to a point.
func FacesAt(tx *db.Tx, m ident.Merchant, p ident.Point) (map[Face]int, error) {
	type counted struct {
		face Face
		n    int
	}
	rows, err := db.All(tx, sqlFaces, func(r db.Row) (c counted, err error) {
		err = r.Scan(&c.face, &c.n)
		return c, err
	}, m, p)
	of := map[Face]int{}
	for _, c := range rows {
		of[c.face] = c.n
	}
	return of, err
}
