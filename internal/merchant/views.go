package merchant

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads an organisation. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant) (Organisation, error) {
	o, ok, err := db.One(tx, sqlOrganisation, scanOrganisation, m)
	if err == nil && !ok {
		return Organisation{}, fault.New(fault.NotFound, "not_found", "merchant")
	}
	return o, err
}

// List pages through all organisations in the order they were created; after
// is the last one of the page before, empty at first.
func List(tx *db.Tx, after ident.Merchant, limit int) ([]Organisation, error) {
	return db.All(tx, sqlOrganisations, scanOrganisation, after, limit)
}

// StockPoints lists the stock points of a merchant, the oldest first.
func StockPoints(tx *db.Tx, m ident.Merchant) ([]StockPoint, error) {
	return db.All(tx, sqlStockPoints, scanStockPoint, m)
}
