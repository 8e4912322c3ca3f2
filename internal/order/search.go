package order

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const sqlOfShopper = `select id from order_order where merchant = $1 and shopper = $2 and id < $3 order by id desc limit $4`

const sqlCountOf = `select count(*) from order_order where merchant = $1 and shopper = $2`

// CountOf is how many orders a shopper placed.
func CountOf(tx *db.Tx, m ident.Merchant, s ident.Shopper) (int, error) {
	n, _, err := db.One(tx, sqlCountOf, db.Scalar[int], m, s)
	return n, err
}

// OfShopper pages through the orders of a shopper, the newest first, without
// their lines.
func OfShopper(tx *db.Tx, m ident.Merchant, s ident.Shopper, p Page) ([]Order, error) {
	if p.After == "" {
		p.After = newest
	}
	ids, err := db.All(tx, sqlOfShopper, db.Scalar[ident.Order], m, s, p.After, p.Limit)
	if err != nil {
		return nil, err
	}
	of, err := Many(tx, m, ids)
	all := make([]Order, 0, len(of))
	for _, o := range of {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b Order) int { return cmp.Compare(b.ID, a.ID) })
	return all, err
}

// Unsent tells how many units of each line of goods of an order are in no parcel
// yet and may still be: those that the merchant can declare missing.
func Unsent(tx *db.Tx, m ident.Merchant, id ident.Order) (map[ident.Line]int, error) {
	rows, err := db.All(tx, sqlStandings, scanStanding, m, id)
	left := make(map[ident.Line]int, len(rows))
	for _, s := range rows {
		left[s.line] = max(0, s.unsent())
	}
	return left, err
}
