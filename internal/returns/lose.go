package returns

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// lostOnTheWay is the reason of a decision about goods that were given up.
const lostOnTheWay = "lost"

// ForLoss reports whether a decision was taken with a loss, in one: whatever tells
// of the loss tells of it.
func (d Decision) ForLoss() bool {
	because := func(b Because) bool { return b.Code == lostOnTheWay }
	return d.State == Final && d.Second == "" && slices.ContainsFunc(d.Reasons, because)
}

// Lose gives up, on a person's word, a parcel that was deposited and does not
// come. What follows is as for the carrier's word, but it is that person's
// decision: within their own limit, or a second person's. Given up again it stays
// as it is. The faults are not_found, return_state and own_refund.
func Lose(tx *flow.Tx, m ident.Merchant, id ident.Return) (Return, error) {
	r, err := Get(tx.Tx, m, id)
	if err != nil || r.GivenUp() {
		return r, err
	}
	who, err := officerOf(tx, m)
	if err != nil {
		return r, err
	}
	if err := who.stranger(tx.Tx, m, r); err != nil {
		return r, err
	}
	return r, r.gone(tx, m)
}

// GivenUp reports whether the parcel was deposited and is given up for lost,
// whatever was decided since.
func (r Return) GivenUp() bool {
	unseen := r.Deposited != 0 && r.Received == 0
	return unseen && slices.Contains([]State{Lost, Decided, Closed}, r.State)
}

// gone gives a deposited parcel up. The way that led nowhere costs nothing, the
// merchant's time to pay begins, and what needs no eye on the goods is decided.
func (r *Return) gone(tx *flow.Tx, m ident.Merchant) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	r.LookBy, r.Fee.Minor = 0, 0
	if err := r.clock(tx.Tx, m, c, tx.Now); err != nil {
		return err
	}
	if err := r.move(tx, m, losing); err != nil {
		return err
	}
	err = tx.Emit(m, string(r.Order), string(r.ID), fact.ReturnLost{Sendback: r.told(), Parcel: r.Parcel, RefundBy: r.RefundBy})
	if err != nil {
		return err
	}
	return r.makeGood(tx, m, c)
}

// ShopsRisk reports whether a loss on the way is the merchant's: the way was
// theirs, or the law releases the refund by the proof that the goods were sent
// (Code de la consommation, article L221-24). What a shopper sent as they liked,
// on the merchant's own offer, a person looks at.
func (r Return) ShopsRisk() bool {
	return r.Route != fact.BackOnTheirs || r.Legal || r.Ground != fact.ByPolicy
}

// makeGood decides that all is owed for a parcel that was lost at the merchant's
// risk: nothing will come that could be inspected. An exchange whose goods the
// shop has not answered for waits for a person.
func (r *Return) makeGood(tx *flow.Tx, m ident.Merchant, c Conditions) error {
	if !r.ShopsRisk() || r.Stock == StockAsked {
		return nil
	}
	d, err := r.rule(tx, m, Ruling{Outcome: fact.InFull, Reasons: []Because{{Code: lostOnTheWay}}}, c)
	if err != nil {
		return err
	}
	if d.Why, err = r.whySecond(tx, m, d, c); err != nil {
		return err
	}
	_, err = r.decided(tx, m, d, c, deciding)
	return err
}

// whySecond is why a loss needs a second person: for whoever gave the parcel up,
// or, where the clock or a carrier did, for a rule.
func (r Return) whySecond(tx *flow.Tx, m ident.Merchant, d Decision, c Conditions) (string, error) {
	if tx.By() == flow.System || tx.By() == flow.TheClock {
		return byRule(r, d, c), nil
	}
	who, err := officerOf(tx, m)
	if err != nil {
		return "", err
	}
	return who.second(tx.Tx, m, r, d, c)
}
