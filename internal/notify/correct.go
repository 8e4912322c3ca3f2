package notify

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// subject is what a message is about: its cause, without what makes a correction, or
// what was taken back, one of a kind.
func (m Message) subject() string {
	about, _, _ := strings.Cut(m.Cause, "#")
	return about
}

// mayHaveLeft reports whether the shopper may have read a message: its channel took
// it, or was offered it and may have taken it unheard. What was refused, came back or
// was never offered told nobody anything.
func (m Message) mayHaveLeft() bool {
	switch m.State {
	case Sent:
		return true
	case Queued, Skipped:
		return m.MessageID != ""
	case Failed:
		return m.Reason == gaveUp
	default:
		return false
	}
}

// heard reports whether the last thing that a shopper was told on a channel is what
// news take back: who never had the word needs no correction, and who had one had it.
func (n news) heard(tx *db.Tx, m ident.Merchant, ch Channel) (bool, error) {
	of, err := OfOrders(tx, m, []ident.Order{n.order})
	heard := false
	for _, msg := range of[n.order] {
		switch {
		case msg.Channel != ch || msg.Shopper != n.shopper || msg.subject() != n.of:
		case msg.Topic == fact.TopicCorrected && (msg.mayHaveLeft() || msg.State == Queued):
			heard = false
		case slices.Contains(n.corrects, msg.Topic) && msg.mayHaveLeft():
			heard = true
		}
	}
	return heard, err
}

// unsay takes back what news correct: what has not left does not leave, and it may be
// said again once it is so.
func (a audience) unsay(tx *flow.Tx, m ident.Merchant, n news, ch Channel) error {
	for _, t := range n.corrects {
		delete(a.told, telling{n.shopper, ch, t, n.of})
	}
	return tx.Do(sqlUnsay, m, n.shopper, ch, n.of, db.In(n.corrects))
}

// unsaid reports whether a correction took a message back before it left.
func (m Message) unsaid() bool {
	return m.Topic != fact.TopicCorrected && strings.Contains(m.Cause, "#")
}

// toldAnew reports whether what a correction says is no longer so, and its channel
// tells that: a letter that had to come again must not come last.
func toldAnew(tx *db.Tx, m ident.Merchant, correction Message) (bool, error) {
	of, err := OfOrders(tx, m, []ident.Order{correction.Order})
	for _, msg := range of[correction.Order] {
		there := msg.Topic == fact.TopicReady || msg.Topic == fact.TopicDelivered || msg.Topic == fact.TopicCorrected
		later := msg.Send && !msg.unsaid() && msg.State != Skipped && msg.Channel == correction.Channel && msg.ID > correction.ID
		if there && later && msg.Shopper == correction.Shopper && msg.subject() == correction.subject() {
			return true, nil
		}
	}
	return false, err
}
