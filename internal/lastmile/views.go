package lastmile

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Bookings reads the places that orders have; an order without one is not in
// the answer.
func Bookings(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order]Booking, error) {
	rows, err := db.All(tx, sqlBookings, scanBooking, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	of := make(map[ident.Order]Booking, len(rows))
	for _, b := range rows {
		of[b.Order] = b
	}
	return of, nil
}

// Earlies reads what couriers asked about the slots that orders have; an order
// nobody asked about is not in the answer.
func Earlies(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order]Early, error) {
	rows, err := db.All(tx, sqlEarlies, scanEarly, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	of := make(map[ident.Order]Early, len(rows))
	for _, e := range rows {
		of[e.Order] = e
	}
	return of, nil
}

// EarlyOf reads what the courier asked about an order's slot; false when nobody
// asked.
func EarlyOf(tx *db.Tx, m ident.Merchant, o ident.Order) (Early, bool, error) {
	of, err := Earlies(tx, m, []ident.Order{o})
	e, asked := of[o]
	return e, asked, err
}

// Grids reads the grid of a service that holds on a day, and those that will
// follow it, the soonest first.
func Grids(tx *db.Tx, m ident.Merchant, s ident.Service, on civil.Day) ([]Grid, error) {
	all, err := db.All(tx, sqlGrids, scanGrid, m, db.In([]ident.Service{s}), lastDay)
	if err != nil {
		return nil, err
	}
	var grids []Grid
	if now, ok := (timetable{grids: all}).on(on); ok {
		grids = append(grids, now)
	}
	slices.Reverse(all) // the one set last comes first among those that begin together
	slices.SortStableFunc(all, func(a, b Grid) int { return cmp.Compare(a.Since, b.Since) })
	all = slices.CompactFunc(all, func(a, b Grid) bool { return a.Since == b.Since })
	for _, g := range all {
		if g.Since > on {
			grids = append(grids, g)
		}
	}
	return grids, nil
}

// lastDay is after every day a grid may begin on: 9999-12-31.
const lastDay civil.Day = 2_932_896
