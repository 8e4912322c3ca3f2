package lastmile

import (
	"encoding/json"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlNextGrid   = `select coalesce(max(sequence), 0) + 1 from lastmile_grid where merchant = $1 and service = $2`
	sqlInsertGrid = `insert into lastmile_grid (merchant, service, sequence, since, windows, closures, made)
		values ($1, $2, $3, $4, $5, $6, $7)`
	sqlGrids = `select service, since, windows, closures from lastmile_grid
		where merchant = $1 and service in ($2) and since <= $3 order by service, sequence`
)

// addGrid writes a grid after those the service has, and answers which one it
// is. Within a lane nobody writes between the read and the insert.
func addGrid(tx *flow.Tx, m ident.Merchant, g Grid) (sequence int64, err error) {
	windows, err := json.Marshal(g.Windows)
	if err != nil {
		return 0, fmt.Errorf("grid of %s: %w", g.Service, err)
	}
	closures, err := json.Marshal(g.Closures)
	if err != nil {
		return 0, fmt.Errorf("grid of %s: %w", g.Service, err)
	}
	sequence, _, err = db.One(tx.Tx, sqlNextGrid, db.Scalar[int64], m, g.Service)
	if err != nil {
		return 0, err
	}
	return sequence, tx.Do(sqlInsertGrid, m, g.Service, sequence, g.Since, string(windows), string(closures), tx.Now)
}

func scanGrid(r db.Row) (g Grid, err error) {
	var windows, closures string
	err = r.Scan(&g.Service, &g.Since, &windows, &closures)
	if err == nil {
		err = json.Unmarshal([]byte(windows), &g.Windows)
	}
	if err == nil {
		err = json.Unmarshal([]byte(closures), &g.Closures)
	}
	if err != nil {
		return g, fmt.Errorf("grid of %s: %w", g.Service, err)
	}
	return g, nil
}

// The compare-and-set of a place: the row comes with the first booking, and its
// capacity is the grid's as of the last one. A full slot answers no row.
const (
	sqlTake = `insert into lastmile_slot (merchant, service, since, until, capacity, booked) values ($1, $2, $3, $4, $5, 1)
		on conflict (merchant, service, since, until) do update
		set booked = lastmile_slot.booked + 1, capacity = excluded.capacity
		where lastmile_slot.booked < excluded.capacity
		returning booked`
	sqlGiveBack = `update lastmile_slot set booked = booked - 1
		where merchant = $1 and service = $2 and since = $3 and until = $4`
	sqlTaken = `select service, since, until, booked from lastmile_slot
		where merchant = $1 and service in ($2) and since >= $3 and since < $4`
)

// takenRow is how many places of a slot are taken.
type takenRow struct {
	place
	booked int
}

func scanTaken(r db.Row) (t takenRow, err error) {
	err = r.Scan(&t.service, &t.from, &t.until, &t.booked)
	return t, err
}

const (
	sqlInsertBooking = `insert into lastmile_booking (merchant, id, order_id, shopper, service, since, until, zone, made)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (merchant, order_id) where released_at is null do nothing`
	sqlRelease = `update lastmile_booking set released_at = $3
		where merchant = $1 and order_id = $2 and released_at is null
		returning id, order_id, shopper, service, since, until, zone`
	sqlBookings = `select id, order_id, shopper, service, since, until, zone from lastmile_booking
		where merchant = $1 and order_id in ($2) and released_at is null`
)

func scanBooking(r db.Row) (b Booking, err error) {
	err = r.Scan(&b.ID, &b.Order, &b.Shopper, &b.Service, &b.From, &b.Until, &b.Zone)
	return b, err
}

const (
	sqlInsertEarly = `insert into lastmile_early (merchant, id, booking, at, asked, accepted) values ($1, $2, $3, $4, $5, false)`
	sqlAnswerEarly = `update lastmile_early set answered = $3, accepted = $4 where merchant = $1 and id = $2 and answered is null`
	sqlEarlies     = `select e.id, b.order_id, b.shopper, b.id, e.at, b.since, b.until, e.asked, e.answered, e.accepted
		from lastmile_booking b
		join lastmile_early e on e.merchant = b.merchant and e.booking = b.id
		where b.merchant = $1 and b.order_id in ($2) and b.released_at is null`
)

func scanEarly(r db.Row) (e Early, err error) {
	err = r.Scan(&e.ID, &e.Order, &e.Shopper, &e.Booking, &e.At, &e.From, &e.Until, &e.Asked, &e.Answered, &e.Accepted)
	return e, err
}
