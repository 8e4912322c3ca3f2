package promise

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const sqlStillOwed = `select kind, order_id, about, until from promise_commitment
	where merchant = $1 and order_id in ($2) and state = 'open' order by until, id`

// Owing is what is still owed about an order.
type Owing struct {
	Owed  fact.Owed
	Order ident.Order
	About string        // a return, a question; empty for the way out
	Until civil.Instant // exclusive
}

// StillOwed lists what nobody has kept or broken yet about orders, the most urgent first.
func StillOwed(tx *db.Tx, m ident.Merchant, ids []ident.Order) ([]Owing, error) {
	return db.All(tx, sqlStillOwed, scanOwing, m, db.In(ids))
}

func scanOwing(r db.Row) (o Owing, err error) {
	err = r.Scan(&o.Owed, &o.Order, &o.About, &o.Until)
	return o, err
}
