package lastmile

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
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
	sqlSilentOf = `select id, key, order_id, shopper, other, parcel, connection, service, number, what, since, until,
		slot, held, zone, point, words, state, reason, said, asked, answer_by, changed, regroup, agreed from lastmile_change where merchant = $1 and id in ($2) and state = 'asked' and answer_by <= $3 order by id`
	sqlSilent = `-- across merchants: the clock
		select merchant, id from lastmile_change where state = 'asked' and answer_by <= $1 order by answer_by, merchant, id limit $2`
	sqlNextSilent = `-- across merchants: the clock
		select min(answer_by) from lastmile_change where state = 'asked'`
)

func insertChange(tx *flow.Tx, m ident.Merchant, c Change) error {
	w := c.Wanted
	return tx.Do(sqlInsertChange, m, c.ID, c.Key, c.Order, c.Shopper, c.Other, c.Parcel, c.Connection, c.Service, c.Number, c.What,
		w.From, w.Until, w.Slot, c.held, c.Zone, w.Point, c.Words, c.State, c.Reason, c.Said, c.Asked, c.AnswerBy, c.Changed, c.Regroup)
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
	return c, err
}

// Handling reads where orders are to be left, or with whom, as their shoppers asked
// and the carrier agreed; of several agreements about one order the last counts.
func Handling(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order]Change, error) {
	all, err := db.All(tx, sqlChanges, scanChange, m, db.In(orders))
	of := map[ident.Order]Change{}
	for _, c := range all {
		if c.State == ChangeAccepted && (c.What == fact.LeaveSafe || c.What == fact.ToNeighbour) {
			of[c.Order] = c
		}
	}
	return of, err
}

// Changes reads what was asked for about an order, the first first.
func Changes(tx *db.Tx, m ident.Merchant, o ident.Order) ([]Change, error) {
	return db.All(tx, sqlChanges, scanChange, m, db.In([]ident.Order{o}))
}
