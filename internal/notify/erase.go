package notify

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlEraseWords = `update notify_message set contact = '', subject = '', html = '', text = '' where merchant = $1 and shopper = $2`
	sqlEraseQueue = `update notify_message set state = 'skipped', decision = 'skip', reason = $3, changed = $4, not_before = null
		where merchant = $1 and shopper = $2 and state in ('queued', 'failed')`
	sqlEraseDevices = `delete from notify_device where merchant = $1 and shopper = $2`
)

// Erase takes the words out of all that a shopper was told, stops what has not left,
// and forgets their browsers. That something was told, when and why stays; so do the
// hashes of addresses that bounced and of numbers that said STOP, because they are
// what keeps us from writing there again.
func Erase(tx *flow.Tx, m ident.Merchant, s ident.Shopper) error {
	if err := tx.Do(sqlEraseQueue, m, s, NoContact, tx.Now); err != nil {
		return err
	}
	if err := tx.Do(sqlEraseWords, m, s); err != nil {
		return err
	}
	return tx.Do(sqlEraseDevices, m, s)
}
