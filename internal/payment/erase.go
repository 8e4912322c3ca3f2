package payment

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const sqlEraseLabels = `update payment_means set label = '' where merchant = $1 and order_id in ($2)`

// Erase forgets how the means by which orders were paid are shown to shoppers, such
// as the last figures of a card. The provider's own names of the payments stay:
// accounts are closed by them.
func Erase(tx *flow.Tx, m ident.Merchant, ids []ident.Order) error {
	return tx.Do(sqlEraseLabels, m, db.In(ids))
}
