package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Lose gives up, on a person's word, a parcel that was deposited and does not
// come: somebody may decide then. Given up again it stays as it is. The faults are
// not_found and return_state.
func Lose(tx *flow.Tx, m ident.Merchant, id ident.Return) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil || r.State == Lost {
		return r, err
	}
	return r, r.gone(tx, m)
}
