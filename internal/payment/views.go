package payment

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a refund. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant, id ident.Refund) (Refund, error) {
	r, ok, err := db.One(tx, sqlRefund, scanRefund, m, id)
	if err == nil && !ok {
		return Refund{}, fault.New(fault.NotFound, "not_found", "refund")
	}
	return r, err
}

// OfOrders reads the refunds of orders, in the order they were ordered.
func OfOrders(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Refund, error) {
	all, err := db.All(tx, sqlRefundsOf, scanRefund, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	of := map[ident.Order][]Refund{}
	for _, r := range all {
		of[r.Order] = append(of[r.Order], r)
	}
	return of, nil
}

// OfReturn reads the refunds of a return of an order, and what shoppers said of
// those that have not come.
func OfReturn(tx *db.Tx, m ident.Merchant, o ident.Order, id ident.Return) (refunds []Refund, claims map[ident.Refund]Claim, err error) {
	of, err := OfOrders(tx, m, []ident.Order{o})
	if err != nil {
		return nil, nil, err
	}
	claims = map[ident.Refund]Claim{}
	for _, r := range of[o] {
		if r.Return != id {
			continue
		}
		refunds = append(refunds, r)
		c, said, err := ClaimOf(tx, m, r.ID)
		if err != nil {
			return nil, nil, err
		}
		if said {
			claims[r.ID] = c
		}
	}
	return refunds, claims, nil
}

// Lines reads the lines of refunds.
func Lines(tx *db.Tx, m ident.Merchant, refunds []ident.Refund) (map[ident.Refund][]Line, error) {
	all, err := db.All(tx, sqlLines, scanLineOf, m, db.In(refunds))
	if err != nil {
		return nil, err
	}
	of := map[ident.Refund][]Line{}
	for _, l := range all {
		of[l.refund] = append(of[l.refund], l.Line)
	}
	return of, nil
}

// Waiting pages through the refunds that wait for a person, the oldest first:
// those the shop is to pay itself, and the stuck ones. after is the last refund of
// the page before; zero at first.
func Waiting(tx *db.Tx, m ident.Merchant, after Refund, limit int) ([]Refund, error) {
	return db.All(tx, sqlWaiting, scanRefund, m, int64(after.Ordered), after.ID, limit)
}

// Refundable is what each line of an order may still get back, in whatever form.
func Refundable(tx *db.Tx, m ident.Merchant, o ident.Order) (map[ident.Line]money.Amount, error) {
	b, err := billOf(tx, m, o)
	if err != nil {
		return nil, err
	}
	left := make(map[ident.Line]money.Amount, len(b.lines))
	for id, l := range b.lines {
		left[id] = money.Of(l.Captured.Minor-b.back[id], l.Captured.Currency)
	}
	return left, nil
}
