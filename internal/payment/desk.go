package payment

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlCountToDo = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from payment_refund where merchant = $1 and state in ('asked', 'stuck')`
	sqlCountClaims = `-- whole merchant: those that wait, by an index of them alone
		select count(*) from payment_missed where merchant = $1 and answered is null`
	sqlUnderWay = `select id, decision, key, return_id, order_id, shopper, settlement, provider, capture, minor, credit, currency,
			state, why, reference, ordered, due, first, sent, calls, looks, next, done, arrives_by, version
		from payment_refund where merchant = $1 and state = $2 and state <> 'done' and (ordered, id) > ($3, $4)
		order by ordered, id limit $5`
	sqlRefunds = `select id, decision, key, return_id, order_id, shopper, settlement, provider, capture, minor, credit, currency,
			state, why, reference, ordered, due, first, sent, calls, looks, next, done, arrives_by, version
		from payment_refund where merchant = $1 and id in ($2) order by id`
)

// WaitingCount is how many refunds wait for a person: see Waiting.
func WaitingCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountToDo, db.Scalar[int], m)
	return n, err
}

// ClaimCount is how many claims nobody has answered.
func ClaimCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlCountClaims, db.Scalar[int], m)
	return n, err
}

// UnderWay pages through the refunds of a state that are not done, the oldest
// first. after is the last refund of the page before; zero at first.
func UnderWay(tx *db.Tx, m ident.Merchant, s State, after Refund, limit int) ([]Refund, error) {
	return db.All(tx, sqlUnderWay, scanRefund, m, s, int64(after.Ordered), after.ID, limit)
}

// Many reads refunds by id; those the merchant does not have are not in the answer.
func Many(tx *db.Tx, m ident.Merchant, ids []ident.Refund) (map[ident.Refund]Refund, error) {
	all, err := db.All(tx, sqlRefunds, scanRefund, m, db.In(ids))
	of := make(map[ident.Refund]Refund, len(all))
	for _, r := range all {
		of[r.ID] = r
	}
	return of, err
}
