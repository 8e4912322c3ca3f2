package counter

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Networks lists the networks whose points an organisation runs, its stores aside.
func Networks(tx *db.Tx, m ident.Merchant) ([]string, error) {
	return db.All(tx, sqlNetworks, db.Scalar[string], m)
}

// Devices lists the devices of an organisation's counters, also those shown out.
func Devices(tx *db.Tx, m ident.Merchant) ([]Device, error) {
	return db.All(tx, sqlDevices, scanDevice, m)
}

// Clerks lists the clerks of an organisation's counters, also those who left.
func Clerks(tx *db.Tx, m ident.Merchant) ([]Clerk, error) { return db.All(tx, sqlClerks, scanClerk, m) }

// ClerksAt lists who works at a point.
func ClerksAt(tx *db.Tx, m ident.Merchant, p ident.Point) ([]Clerk, error) {
	return db.All(tx, sqlClerksAt, scanClerk, m, p)
}

// HoldAt reads a parcel that waits, or waited, at the point of a shift. The fault
// is not_found.
func HoldAt(tx *db.Tx, s Shift, m ident.Merchant, id ident.Hold) (Hold, error) {
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

// Shelf pages through what waits at the point of a shift, whosever it is, the
// first to come first.
func Shelf(tx *db.Tx, s Shift, after ident.Hold, limit int) ([]Hold, error) {
	return db.All(tx, sqlHoldsAt, scanHold, s.Point, after, limit)
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

// Learned is which lessons a clerk has done, and when.
func Learned(tx *db.Tx, s Shift) (map[Lesson]civil.Instant, error) {
	type mark struct {
		lesson Lesson
		at     civil.Instant
	}
	rows, err := db.All(tx, sqlLearned, func(r db.Row) (d mark, err error) {
		err = r.Scan(&d.lesson, &d.at)
		return d, err
	}, s.Merchant, s.Clerk)
	of := map[Lesson]civil.Instant{}
	for _, d := range rows {
		of[d.lesson] = d.at
	}
	return of, err
}
