package notify

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Note is something to tell a shopper that no fact says, in words that can not
// be written again later.
type Note struct {
	Shopper ident.Shopper
	Topic   fact.Topic
	Cause   string // with shopper and topic: told once
	Words   Letter // subject, HTML, text and locale
}

// Tell decides on a note as Consider does on news, and queues it with the words
// given. The words of a one-time link or code are erased once they were sent.
func Tell(tx *flow.Tx, m ident.Merchant, n Note) error {
	asked := news{topic: n.Topic, cause: n.Cause, shopper: n.Shopper}
	a, err := audienceOf(tx.Tx, m, []news{asked})
	if err != nil {
		return err
	}
	c := a.person(n.Shopper, n.Topic, Email)
	c.Told, c.Now = a.told[asked.telling(Email)], tx.Now
	d := Decide(c)
	msg := asked.message(tx, d, Email)
	msg.Locale = n.Words.Locale
	if d.Send {
		msg.Subject, msg.HTML, msg.Text = n.Words.Subject, n.Words.HTML, n.Words.Text
		msg.Template, msg.Failure = n.Words.Template, n.Words.Failure
	}
	return write(tx, m, msg)
}
