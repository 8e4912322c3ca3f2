package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a shopper. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant, id ident.Shopper) (Contact, error) {
	many, err := Many(tx, m, []ident.Shopper{id})
	if err != nil {
		return Contact{}, err
	}
	c, ok := many[id]
	if !ok {
		return Contact{}, fault.New(fault.NotFound, "not_found", "shopper")
	}
	return c, nil
}

// Many reads shoppers by id; those the merchant does not have are not in the answer.
func Many(tx *db.Tx, m ident.Merchant, ids []ident.Shopper) (map[ident.Shopper]Contact, error) {
	contacts, err := db.All(tx, sqlContacts, scanContact, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	many := make(map[ident.Shopper]Contact, len(contacts))
	for _, c := range contacts {
		many[c.ID] = c
	}
	return many, nil
}
