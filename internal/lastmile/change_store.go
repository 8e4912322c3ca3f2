package lastmile

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlInsertChange = `insert into lastmile_change (merchant, id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until,
		slot, held, zone, point, words, state, reason, said, asked, answer_by, changed, regroup)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)`
	sqlMoveChange = `update lastmile_change set state = $3, reason = $4, said = $5, changed = $6, held = false
		where merchant = $1 and id = $2 and state in ('asked', 'unanswered')`
	sqlChange = `select id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until,
		slot, held, zone, point, words, state, reason, said, asked, answer_by, changed, regroup, agreed from lastmile_change where merchant = $1 and id = $2`
	sqlChanges = `select id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until,
		slot, held, zone, point, words, state, reason, said, asked, answer_by, changed, regroup, agreed from lastmile_change where merchant = $1 and order_id in ($2) order by id`
	sqlRecalled = `select 1 from lastmile_change where merchant = $1 and order_id = $2 and what = 'cancel' and state = 'accepted'`
	sqlSilentOf = `select id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until,
		slot, held, zone, point, words, state, reason, said, asked, answer_by, changed, regroup, agreed from lastmile_change where merchant = $1 and id in ($2) and state = 'asked' and answer_by <= $3 order by id`
	sqlSilent = `-- across merchants: the clock
		select merchant, id from lastmile_change where state = 'asked' and answer_by <= $1 order by answer_by, merchant, id limit $2`
	sqlNextSilent = `-- across merchants: the clock
		select min(answer_by) from lastmile_change where state = 'asked'`
)

// The doors of changes, a row for each.
const (
	sqlInsertDoor = `insert into lastmile_address (merchant, change, side, name, street, extra, postcode, city, country, phone)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlDoors = `select change, side, name, street, extra, postcode, city, country, phone from lastmile_address
		where merchant = $1 and change in ($2)`
)

func insertChange(tx *flow.Tx, m ident.Merchant, c Change) error {
	w := c.Wanted
	err := tx.Do(sqlInsertChange, m, c.ID, c.Key, c.Order, c.Shopper, c.Other, c.Parcel, c.Connection, c.Service, c.Number, c.What,
		w.From, w.Until, w.Slot, c.held, c.Zone, w.Point, c.Words, c.State, c.Reason, c.Said, c.Asked, c.AnswerBy, c.Changed, c.Regroup)
	if err != nil || c.What != fact.Readdress {
		return err
	}
	if err := insertDoor(tx, m, c.ID, "from", c.Was); err != nil {
		return err
	}
	return insertDoor(tx, m, c.ID, "to", c.To)
}

func insertDoor(tx *flow.Tx, m ident.Merchant, id ident.Change, side string, a order.Address) error {
	return tx.Do(sqlInsertDoor, m, id, side, a.Name, a.Street, a.Extra, a.Postcode, a.City, a.Country, a.Phone)
}

// door is one of the two of a change.
type door struct {
	change ident.Change
	side   string
	order.Address
}

func scanDoor(r db.Row) (d door, err error) {
	a := &d.Address
	err = r.Scan(&d.change, &d.side, &a.Name, &a.Street, &a.Extra, &a.Postcode, &a.City, &a.Country, &a.Phone)
	return d, err
}

// withDoors adds the doors to changes that ask for another one.
func withDoors(tx *db.Tx, m ident.Merchant, all []Change) error {
	place := map[ident.Change]int{}
	var ids []ident.Change
	for i, c := range all {
		if c.What == fact.Readdress {
			place[c.ID], ids = i, append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	doors, err := db.All(tx, sqlDoors, scanDoor, m, db.In(ids))
	for _, d := range doors {
		if c := &all[place[d.change]]; d.side == "to" {
			c.To = d.Address
		} else {
			c.Was = d.Address
		}
	}
	return err
}

func scanChange(r db.Row) (c Change, err error) {
	w := &c.Wanted
	err = r.Scan(&c.ID, &c.Key, &c.Order, &c.Shopper, &c.Other, &c.Parcel, &c.Connection, &c.Service, &c.Number, &c.What,
		&w.From, &w.Until, &w.Slot, &c.held, &c.Zone, &w.Point, &c.Words, &c.State, &c.Reason, &c.Said, &c.Asked, &c.AnswerBy, &c.Changed, &c.Regroup, &c.Agreed)
	return c, err
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

// ChangeOf reads a change. The fault is not_found, at the field change.
func ChangeOf(tx *db.Tx, m ident.Merchant, id ident.Change) (Change, error) {
	c, ok, err := db.One(tx, sqlChange, scanChange, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "change")
	}
	if err != nil {
		return c, err
	}
	one := []Change{c}
	err = withDoors(tx, m, one)
	return one[0], err
}

// Handling reads where orders are to be left, or with whom, as their shoppers asked
// and the carrier agreed; of several agreements about one order the last counts, and
// none from before it goes to another door.
func Handling(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order]Change, error) {
	all, err := db.All(tx, sqlChanges, scanChange, m, db.In(orders))
	of := map[ident.Order]Change{}
	for _, c := range all {
		switch {
		case c.State != ChangeAccepted:
		case c.What == fact.LeaveSafe, c.What == fact.ToNeighbour:
			of[c.Order] = c
		case c.What == fact.Readdress:
			delete(of, c.Order)
		}
	}
	return of, err
}

// Changes reads what was asked for about an order, the first first.
func Changes(tx *db.Tx, m ident.Merchant, o ident.Order) ([]Change, error) {
	return ChangesOf(tx, m, []ident.Order{o})
}

// ChangesOf reads those about orders, likewise.
func ChangesOf(tx *db.Tx, m ident.Merchant, orders []ident.Order) ([]Change, error) {
	all, err := db.All(tx, sqlChanges, scanChange, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	return all, withDoors(tx, m, all)
}
