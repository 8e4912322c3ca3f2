package order

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Reactions are the routes of the room.
func Reactions() []flow.Reaction {
	return []flow.Reaction{{On: fact.ParcelMoved{}.Kind(), Name: "order.Arrived", Mode: flow.May, Run: Arrived}}
}

// Arrived is the reaction to tracking.moved that remembers which parcels are in
// the shopper's hands: only of those can units be found missing. A delivery that
// was taken back is forgotten.
func Arrived(tx *flow.Tx, facts []flow.Fact) error {
	moved, err := flow.Bodies[fact.ParcelMoved](facts)
	if err != nil {
		return err
	}
	place := map[ident.Parcel]int{}
	var rows [][]any
	for _, p := range moved {
		if p.Direction != fact.Out || !p.Clocks.InHand.Known() && p.Was.Phase() != fact.PhaseDone {
			continue
		}
		i, again := place[p.Parcel]
		if !again {
			i = len(rows)
			place[p.Parcel], rows = i, append(rows, nil)
		}
		rows[i] = []any{p.Parcel, p.Clocks.InHand.Until}
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Do(sqlArrive, facts[0].Merchant, db.Rows(rows))
}
