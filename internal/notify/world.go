package notify

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// outdatedNow reports whether a message says what is no longer so.
func outdatedNow(tx *db.Tx, m ident.Merchant, msg Message) (bool, error) {
	if msg.unsaid() {
		return true, nil
	}
	switch msg.Topic {
	case fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered:
		stories, err := tracking.Stories(tx, m, []ident.Parcel{msg.Parcel()})
		return outdated(msg.Topic, stories[msg.Parcel()].Status), err
	case fact.TopicNewDate, fact.TopicEarly:
		return arrived(tx, m, msg.Order)
	case fact.TopicAtRisk:
		if over, err := warnedTooLate(tx, m, msg); over || err != nil {
			return over, err
		}
		return arrived(tx, m, msg.Order)
	case fact.TopicCorrected:
		return toldAnew(tx, m, msg)
	default:
		return false, nil
	}
}

// warnedTooLate reports whether the shopper is told already how the trouble of a
// commitment went on: a new date was looked up, it was broken, or they chose
// another window.
func warnedTooLate(tx *db.Tx, m ident.Merchant, warning Message) (bool, error) {
	of, err := OfOrders(tx, m, []ident.Order{warning.Order})
	for _, msg := range of[warning.Order] {
		if msg.Send && msg.ID > warning.ID && msg.outruns(warning) {
			return true, nil
		}
	}
	return false, err
}

// outruns reports whether a message, sent after a warning, leaves it nothing to say.
func (m Message) outruns(warning Message) bool {
	switch m.Topic {
	case fact.TopicBroken, fact.TopicRepaired, fact.TopicNewDate:
		return m.Commitment == warning.Commitment
	default:
		return m.Topic == fact.TopicAmended
	}
}

// arrived reports whether all of an order is in hand, or ready to be collected.
func arrived(tx *db.Tx, m ident.Merchant, id ident.Order) (bool, error) {
	ids := []ident.Order{id}
	packed, err := order.Packed(tx, m, ids)
	if err != nil || !packed[id] {
		return false, err
	}
	of, err := order.Parcels(tx, m, ids)
	if err != nil {
		return false, err
	}
	var out []ident.Parcel
	for _, p := range of[id] {
		if p.Direction == fact.Out {
			out = append(out, p.ID)
		}
	}
	stories, err := tracking.Stories(tx, m, out)
	if err != nil {
		return false, err
	}
	for _, p := range out {
		if c := stories[p].Clocks; !c.InHand.Known() && !c.Ready.Known() {
			return false, nil
		}
	}
	return true, nil
}
