package returns

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlLateSince    = `select due from returns_overdue where merchant = $1 and order_id = $2`
	sqlInsertLate   = `insert into returns_overdue (merchant, order_id, due) values ($1, $2, $3) on conflict (merchant, order_id) do nothing`
	sqlInsertDemand = `insert into returns_demand (merchant, id, order_id, shopper, due, sent, until, statement, hash, return_id, next_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $7)`
	sqlDemand = `select id, order_id, shopper, due, sent, until, statement, hash, declined, told, resolved, return_id
		from returns_demand where merchant = $1 and id = $2`
	sqlDemandOf = `select id, order_id, shopper, due, sent, until, statement, hash, declined, told, resolved, return_id
		from returns_demand where merchant = $1 and order_id = $2`
	sqlOpenDemands = `select id, order_id, shopper, due, sent, until, statement, hash, declined, told, resolved, return_id
		from returns_demand where merchant = $1 and resolved is null and (until, id) > ($2, $3) order by until, id limit $4`
	sqlSaveDemand = `update returns_demand set declined = $3, told = $4, resolved = $5, return_id = $6, next_at = $7
		where merchant = $1 and id = $2 and resolved is null`
	sqlDemandsDue = `-- across merchants: the clock
		select merchant, id from returns_demand where next_at is not null and next_at <= $1 order by next_at, id limit $2`
	sqlDemandsNext = `-- across merchants: the clock
		select next_at from returns_demand where next_at is not null order by next_at limit 1`
)

func scanDemand(r db.Row) (d Demand, err error) {
	err = r.Scan(&d.ID, &d.Order, &d.Shopper, &d.Due, &d.Sent, &d.Until, &d.Statement, &d.Hash, &d.Declined, &d.Told, &d.Resolved, &d.Return)
	return d, err
}

func (d Demand) insert(tx *flow.Tx, m ident.Merchant) error {
	return tx.Do(sqlInsertDemand, m, d.ID, d.Order, d.Shopper, d.Due, d.Sent, d.Until, d.Statement, d.Hash)
}

// save writes what may change of a notice that nobody resolved; whoever comes
// second is told so: demand_resolved. The clock looks once, at the end of the
// further period.
func (d Demand) save(tx *flow.Tx, m ident.Merchant) error {
	var next civil.Instant
	if d.Told == 0 && d.Resolved == 0 && tx.Now < d.Until {
		next = d.Until
	}
	saved, err := tx.Changed(sqlSaveDemand, m, d.ID, d.Declined, d.Told, d.Resolved, d.Return, next)
	if err == nil && !saved {
		err = fault.New(fault.Conflict, "demand_resolved", "demand")
	}
	return err
}

// GetDemand reads a formal notice. The fault is not_found.
func GetDemand(tx *db.Tx, m ident.Merchant, id ident.Demand) (Demand, error) {
	d, ok, err := db.One(tx, sqlDemand, scanDemand, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "demand")
	}
	return d, err
}

// DemandOf reads the formal notice of an order; false where there is none.
func DemandOf(tx *db.Tx, m ident.Merchant, id ident.Order) (Demand, bool, error) {
	return db.One(tx, sqlDemandOf, scanDemand, m, id)
}

// TheDemandOf is DemandOf where there has to be one. The fault is not_found.
func TheDemandOf(tx *db.Tx, m ident.Merchant, id ident.Order) (Demand, error) {
	d, ok, err := DemandOf(tx, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "demand")
	}
	return d, err
}

// OpenDemands pages through those that nobody resolved, the one whose further
// period ends first at first. after is the last one of the page before; zero at
// first.
func OpenDemands(tx *db.Tx, m ident.Merchant, after Demand, limit int) ([]Demand, error) {
	return db.All(tx, sqlOpenDemands, scanDemand, m, int64(after.Until), after.ID, limit)
}
