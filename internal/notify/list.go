package notify

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlMessagesBefore = `select id from notify_message where merchant = $1 and id < $2 order by id desc limit $3`
	sqlInState        = `select id from notify_message where merchant = $1 and state = $4 and id < $2 order by id desc limit $3`
	sqlStateCount     = `select count(*) from notify_message where merchant = $1 and state = $2`
)

// Page is a place in the list of messages, and how much to read from there.
type Page struct {
	State State         // empty: all
	After ident.Message // the last one of the page before; empty at first
	Limit int
}

// newestMessage sorts after every message.
const newestMessage ident.Message = "msg_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// List pages through the messages of a merchant, the newest first.
func List(tx *db.Tx, m ident.Merchant, p Page) ([]Message, error) {
	if p.After == "" {
		p.After = newestMessage
	}
	q, args := sqlMessagesBefore, []any{m, p.After, p.Limit}
	if p.State != "" {
		q, args = sqlInState, append(args, p.State)
	}
	ids, err := db.All(tx, q, db.Scalar[ident.Message], args...)
	if err != nil {
		return nil, err
	}
	all, err := db.All(tx, sqlMessages, scanMessage, m, db.In(ids))
	slices.SortFunc(all, func(a, b Message) int { return cmp.Compare(b.ID, a.ID) })
	return all, err
}

// Count is how many messages of a merchant are in a state.
func Count(tx *db.Tx, m ident.Merchant, s State) (int, error) {
	n, _, err := db.One(tx, sqlStateCount, db.Scalar[int], m, s)
	return n, err
}
