package order

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// SendTo has an order collected at a point, as its shopper and its carrier agreed.
// Its address stays the shopper's own.
func SendTo(tx *flow.Tx, m ident.Merchant, o ident.Order, p ident.Point) error {
	return tx.Do(sqlSendTo, m, o, p)
}
