package survey

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlEraseWords    = `update survey_answer set words = '' where merchant = $1 and order_id in ($2)`
	sqlEraseQuestion = `update survey_asking set state = 'dropped', due_at = null where merchant = $1 and order_id in ($2) and state = 'planned'`
)

// Erase takes the words out of what was answered about orders, and asks no more.
// The scores stay, of nobody.
func Erase(tx *flow.Tx, m ident.Merchant, ids []ident.Order) error {
	if err := tx.Do(sqlEraseQuestion, m, db.In(ids)); err != nil {
		return err
	}
	return tx.Do(sqlEraseWords, m, db.In(ids))
}
