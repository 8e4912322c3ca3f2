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
	switch msg.Topic {
	case fact.TopicShipped, fact.TopicOut, fact.TopicReady, fact.TopicDelivered:
		stories, err := tracking.Stories(tx, m, []ident.Parcel{msg.parcel()})
		return outdated(msg.Topic, stories[msg.parcel()].Status), err
	case fact.TopicAtRisk:
		if over, err := warnedTooLate(tx, m, msg); over || err != nil {
			return over, err
		}
		return arrived(tx, m, msg.Order)
	default:
		return false, nil
	}
}

// warnedTooLate reports whether the shopper is told already how the trouble of a
// commitment ended: by a break, or by another window of their own choice.
func warnedTooLate(tx *db.Tx, m ident.Merchant, warning Message) (bool, error) {
	of, err := OfOrders(tx, m, []ident.Order{warning.Order})
	for _, msg := range of[warning.Order] {
		ended := msg.Topic == fact.TopicBroken && msg.Commitment == warning.Commitment || msg.Topic == fact.TopicAmended
		if ended && msg.Send && msg.ID > warning.ID {
			return true, nil
		}
	}
	return false, err
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
