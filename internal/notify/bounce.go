package notify

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Bounce records that a message, once accepted, came back: it told nobody
// anything. After a hard bounce nothing is sent to that address any more. The
// same bounce twice is one. messageID is the header's, with or without angle
// brackets; the fault not_found says that no message of ours was sent under it.
func Bounce(tx *flow.Tx, m ident.Merchant, messageID string, hard bool) error {
	messageID = strings.Trim(strings.TrimSpace(messageID), "<>")
	id, _, _ := strings.Cut(messageID, "@")
	msg, ok, err := get(tx.Tx, m, ident.Message(id))
	if err != nil {
		return err
	}
	if !ok || msg.MessageID != messageID || msg.Accepted == 0 {
		return fault.New(fault.NotFound, "not_found", "message_id")
	}
	if hard {
		if err := tx.Do(sqlSuppress, m, msg.Contact, msg.ID, tx.Now); err != nil {
			return err
		}
	}
	first, err := tx.Changed(sqlBounce, m, msg.ID, tx.Now)
	if err != nil || !first {
		return err
	}
	return tx.Emit(m, timeline(msg), string(msg.ID), fact.MessageBounced{Message: msg.body(), At: tx.Now})
}

// timeline is that which shows what became of a message.
func timeline(msg Message) string {
	if msg.Order != "" {
		return string(msg.Order)
	}
	if msg.Shopper == "" { // a withdrawal from an order that nobody found yet
		return msg.Cause
	}
	return string(msg.Shopper)
}
