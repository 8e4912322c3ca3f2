package returns

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a return. The fault is not_found, at the field return.
func Get(tx *db.Tx, m ident.Merchant, id ident.Return) (Return, error) {
	r, ok, err := db.One(tx, sqlReturn, scanReturn, m, id)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "return")
	}
	return r, err
}

// OfOrders reads the returns of orders, the oldest first.
func OfOrders(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Return, error) {
	rows, err := db.All(tx, sqlReturnsOf, scanReturn, m, db.In(orders))
	of := map[ident.Order][]Return{}
	for _, r := range rows {
		of[r.Order] = append(of[r.Order], r)
	}
	return of, err
}

// In pages through the returns of a state, the oldest first.
func In(tx *db.Tx, m ident.Merchant, s State, after ident.Return, limit int) ([]Return, error) {
	return db.All(tx, sqlReturnsIn, scanReturn, m, s, after, limit)
}

// ByCode finds the return whose code is shown at a store's counter; false when
// there is none.
func ByCode(tx *db.Tx, m ident.Merchant, code string) (Return, bool, error) {
	return db.One(tx, sqlReturnByCode, scanReturn, m, foldCode(code))
}

// ByParcel finds the return that a parcel brings back; false when there is none.
func ByParcel(tx *db.Tx, m ident.Merchant, p ident.Parcel) (Return, bool, error) {
	return db.One(tx, sqlReturnByParcel, scanReturn, m, p)
}

// Items reads what comes back with returns.
func Items(tx *db.Tx, m ident.Merchant, ids []ident.Return) (map[ident.Return][]Item, error) {
	rows, err := db.All(tx, sqlItems, scanItem, m, db.In(ids))
	of := map[ident.Return][]Item{}
	for _, i := range rows {
		of[i.of] = append(of[i.of], i.Item)
	}
	return of, err
}
