package remedy

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// OfOrders reads the remedies of orders with their grant lines, oldest first.
// An order without a broken promise is not in the answer.
func OfOrders(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Remedy, error) {
	rows, err := db.All(tx, sqlByOrder, scanRemedy, m, db.In(orders))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var ids []ident.Remedy
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	lines, err := db.All(tx, sqlGrantsOfRemedies, scanGiven, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	grants := map[ident.Remedy][]Grant{}
	for _, g := range lines {
		grants[g.remedy] = append(grants[g.remedy], g.Grant)
	}
	of := map[ident.Order][]Remedy{}
	for _, r := range rows {
		r.Grants = grants[r.ID]
		slices.SortFunc(r.Grants, func(a, b Grant) int { return cmp.Compare(a.ID, b.ID) }) // as the policy lists them
		of[r.Order] = append(of[r.Order], r)
	}
	return of, nil
}
