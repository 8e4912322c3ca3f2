package notify

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Mute is why a shopper can not be told of a topic, whatever the news: a reason
// of Decide. It is empty when they can.
func Mute(tx *db.Tx, m ident.Merchant, id ident.Shopper, t fact.Topic) (reason string, err error) {
	p, err := peopleOf(tx, m, []ident.Shopper{id})
	if err != nil {
		return "", err
	}
	return p.person(id, t, Email).unreachable(), nil
}
