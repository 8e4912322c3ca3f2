package desk

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// newestConversation sorts after every conversation.
const newestConversation ident.Conversation = "cnv_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// OfShopper reads the last conversations of a shopper, the oldest first.
func OfShopper(tx *db.Tx, m ident.Merchant, id ident.Shopper, limit int) ([]Conversation, error) {
	all, err := db.All(tx, sqlOfShopper, scanConversation, m, id, limit)
	slices.Reverse(all)
	return all, err
}

// Queue pages through the conversations that wait for an answer: the next
// deadline first, and of one deadline the most valuable order. after is the last
// one of the page before; zero at first.
func Queue(tx *db.Tx, m ident.Merchant, after Conversation, limit int) ([]Conversation, error) {
	return db.All(tx, sqlQueue, scanConversation, m, int64(after.AnswerBy), after.Value.Minor, after.ID, limit)
}

// Newest pages through all conversations, the newest first. before is the last
// one of the page before; empty at first.
func Newest(tx *db.Tx, m ident.Merchant, before ident.Conversation, limit int) ([]Conversation, error) {
	return db.All(tx, sqlNewest, scanConversation, m, cmp.Or(before, newestConversation), limit)
}

// Strange reads the conversations in which something from an address we do not
// know waits to be read, the oldest first.
func Strange(tx *db.Tx, m ident.Merchant, limit int) ([]Conversation, error) {
	return db.All(tx, sqlStrange, scanConversation, m, limit)
}

// WaitingCount is how many conversations wait for an answer.
func WaitingCount(tx *db.Tx, m ident.Merchant) (int, error) {
	n, _, err := db.One(tx, sqlWaitingCount, db.Scalar[int], m)
	return n, err
}
