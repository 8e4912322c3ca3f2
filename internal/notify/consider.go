package notify

import (
	"cmp"
	"errors"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// SendErrand is the kind of the errand that sends a message.
const SendErrand = "notify.Send"

type sending struct {
	Message ident.Message `json:"message"`
}

// Consider decides on the news in facts, channel by channel, and queues what is to
// be sent. It is a reaction on each kind of fact that the package hears.
func Consider(tx *flow.Tx, facts []flow.Fact) error {
	all, err := newsOf(facts)
	if err != nil || len(all) == 0 {
		return err
	}
	m := facts[0].Merchant
	a, err := audienceOf(tx.Tx, m, all)
	if err != nil {
		return err
	}
	for _, n := range all {
		for _, ch := range a.ways(n.shopper, n.topic) {
			if err := a.tell(tx, m, n, ch); err != nil {
				return err
			}
		}
	}
	return nil
}

// audience is whom news are for, and what they were told before.
type audience struct {
	people
	orders map[ident.Order]order.Order
	told   map[telling]bool
}

func audienceOf(tx *db.Tx, m ident.Merchant, all []news) (a audience, err error) {
	var shoppers []ident.Shopper
	var orders []ident.Order
	var pairs [][]any
	for _, n := range all {
		shoppers, orders, pairs = append(shoppers, n.shopper), append(orders, n.order), append(pairs, []any{n.shopper, n.cause})
	}
	if a.people, err = peopleOf(tx, m, shoppers); err != nil {
		return a, err
	}
	if a.orders, err = order.Many(tx, m, orders); err != nil {
		return a, err
	}
	told, err := db.All(tx, sqlTold, scanTelling, m, db.Rows(pairs))
	a.told = map[telling]bool{}
	for _, t := range told {
		a.told[t] = true
	}
	return a, err
}

// tell writes down one decision, and has it carried out.
func (a audience) tell(tx *flow.Tx, m ident.Merchant, n news, ch Channel) error {
	if n.of != "" {
		if heard, err := n.heard(tx.Tx, m, ch); err != nil || !heard {
			return errors.Join(err, a.unsay(tx, m, n, ch))
		}
	}
	c := a.person(n.shopper, n.topic, ch)
	c.Told, c.Claimed, c.Superseded, c.Happened, c.Now = a.told[n.telling(ch)], n.claimed, n.superseded, n.happened, tx.Now
	d := Decide(c)
	if n.standing && !d.Send {
		return nil
	}
	msg := n.message(tx, d, ch)
	msg.Locale = cmp.Or(a.orders[n.order].Locale, a.contacts[n.shopper].Locale)
	if d.Send {
		a.told[n.telling(ch)] = true
		at, err := a.instant(msg, n.settled(tx.Now))
		if err != nil {
			return err
		}
		if at > tx.Now {
			msg.NotBefore = at
		}
		if n.of != "" {
			if err := a.unsay(tx, m, n, ch); err != nil {
				return err
			}
		}
	}
	return write(tx.Because(n.fact), m, msg)
}

// telling is what the news may be told once on a channel.
func (n news) telling(ch Channel) telling { return telling{n.shopper, ch, n.topic, n.cause} }

// message is the news as decided. What is not sent has a cause of its own: it
// must not stand in the way of being told later.
func (n news) message(tx *flow.Tx, d Decision, ch Channel) Message {
	msg := Message{
		ID: ident.New[ident.Message](tx.Mint), Shopper: n.shopper, Channel: ch, Topic: n.topic, Cause: n.cause,
		Order: n.order, Commitment: n.commitment, Send: d.Send, Reason: d.Reason, State: Queued, Urgent: n.urgent,
	}
	if planted {
		msg.Cause = ""
	}
	if !d.Send {
		msg.State, msg.Cause = Skipped, n.cause+"#"+string(msg.ID)
	}
	return msg
}

// write stores a decision and, when it is to send and need not wait, asks for the
// errand.
func write(tx *flow.Tx, m ident.Merchant, msg Message) error {
	if err := insert(tx, m, msg); err != nil || !msg.Send || !msg.NotBefore.IsZero() {
		return err
	}
	return tx.Enqueue(m, SendErrand, string(msg.ID), sending{msg.ID})
}
