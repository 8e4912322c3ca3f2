package order

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	// Country, price and day stay: they are what accounts are made of.
	sqlEraseAddresses = `update order_address set name = '', street = '', extra = '', postcode = '', city = '', phone = ''
		where merchant = $1 and order_id in ($2)`
	sqlEraseOrders = `update order_order set link = '', fingerprint = '' where merchant = $1 and id in ($2)
		and (link <> '' or fingerprint <> '') returning id`
	sqlEraseParcels = `update order_parcel set postcode = '' where merchant = $1 and order_id in ($2)`
	sqlEraseShares  = `update order_share set hash = '', ended = coalesce(ended, $3) where merchant = $1 and order_id in ($2)`
	sqlAfoot        = `select o.id, o.placed from order_order o
		where o.merchant = $1 and o.id in ($2) and o.state = 'placed' and o.placed > $3 and (
			not exists (select 1 from order_parcel p where p.merchant = o.merchant and p.order_id = o.id and p.direction = 'out')
			or exists (select 1 from order_parcel p where p.merchant = o.merchant and p.order_id = o.id and p.direction = 'out' and p.in_hand is null))
		order by o.placed`
)

// walks is for how long an order whose parcels never came into anybody's hands
// still needs its address. After that it is lost, or came back.
const walks = 60 * 24 * time.Hour

// Afoot is an order on its way, and until when that is believed at most.
type Afoot struct {
	Order ident.Order
	Until civil.Instant
}

// OnTheWay tells which of some orders still need their address: something of them
// was not handed over yet.
func OnTheWay(tx *db.Tx, m ident.Merchant, ids []ident.Order) ([]Afoot, error) {
	return db.All(tx, sqlAfoot, scanAfoot, m, db.In(ids), tx.Now.Add(-walks))
}

func scanAfoot(r db.Row) (a Afoot, err error) {
	err = r.Scan(&a.Order, &a.Until)
	a.Until = a.Until.Add(walks)
	return a, err
}

// Erase takes out of a shopper's orders to whom and where they went, and closes
// their links. Articles, amounts and instants stay. An order that was erased before
// is left as it is.
func Erase(tx *flow.Tx, m ident.Merchant, s ident.Shopper, ids []ident.Order) error {
	for _, q := range []string{sqlEraseAddresses, sqlEraseParcels} {
		if err := tx.Do(q, m, db.In(ids)); err != nil {
			return err
		}
	}
	if err := tx.Do(sqlEraseShares, m, db.In(ids), tx.Now); err != nil {
		return err
	}
	erased, err := db.All(tx.Tx, sqlEraseOrders, db.Scalar[ident.Order], m, db.In(ids))
	for _, id := range erased {
		if err != nil {
			return err
		}
		err = tx.Emit(m, string(id), string(id), fact.OrderErased{Order: id, Shopper: s})
	}
	return err
}
