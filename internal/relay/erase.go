package relay

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const sqlForget = `delete from relay_favourite where merchant = $1 and shopper = $2`

// Erase forgets which points a shopper kept: they are those near home.
func Erase(tx *flow.Tx, m ident.Merchant, s ident.Shopper) error { return tx.Do(sqlForget, m, s) }
