package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Follow is the reaction to tracking.moved for parcels on their way back, and for
// those that are taken back on their way out (recall.go): the
// carrier's first scan is a proof of deposit, its delivery a receipt, and its word
// that a parcel is lost is believed until it comes after all. What nobody vouches
// for moves nothing.
func Follow(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ParcelMoved) error {
		if b.Trust == fact.TrustClaimed {
			return nil
		}
		if b.Direction == fact.Out {
			return followOut(tx, f.Merchant, b)
		}
		r, ok, err := ByParcel(tx.Tx, f.Merchant, b.Parcel)
		if err != nil || !ok {
			return err
		}
		return r.follow(tx, f.Merchant, b)
	})(tx, facts)
}

func (r *Return) follow(tx *flow.Tx, m ident.Merchant, b fact.ParcelMoved) error {
	if b.Clocks.HandedOver.Known() && r.Deposited == 0 && does(r.State, depositing) {
		left := Left{Source: ByScan, Point: r.Point, At: min(max(b.Clocks.HandedOver.From, r.Asked), tx.Now)}
		if _, err := r.deposit(tx, m, left); err != nil {
			return err
		}
	}
	switch {
	case b.Clocks.InHand.Known() && does(r.State, receiving):
		return r.receive(tx, m, min(max(b.Clocks.InHand.From, r.Asked), tx.Now))
	case b.Now == fact.Lost && does(r.State, losing):
		return r.gone(tx, m)
	}
	return nil
}
