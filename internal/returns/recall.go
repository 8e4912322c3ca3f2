package returns

import (
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// A parcel that its carrier takes back on its way out, because the shopper wants
// nothing of the order any more. To call it back is to withdraw (Code de la
// consommation, article L221-18: the right may be used from the conclusion of the
// contract on), so it is a statement like any other; but the shopper was never handed
// the goods, so there is nothing to send, and the refund waits for nothing: it is the
// trader who has them fetched (L221-24).

// Recall is the reaction to lastmile.change_accepted that takes a delivery back.
func Recall(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ChangeAccepted) error {
		if b.What != fact.CallBack {
			return nil
		}
		return recall(tx, f.Merchant, b.Order, "change/"+string(b.Change.Change))
	})(tx, facts)
}

func recall(tx *flow.Tx, m ident.Merchant, id ident.Order, key string) error {
	if err := recallWithdrawn(tx, m, id); err != nil {
		return err
	}
	o, err := order.Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	who, err := shopper.Get(tx.Tx, m, o.Shopper)
	if err != nil {
		return err
	}
	rest, err := unclaimed(tx, m, id)
	if err != nil || len(rest) == 0 {
		return err
	}
	w, _, err := Withdraw(tx, m, Renouncing{Key: key, Order: id, Name: o.Ship.Name, Contract: o.Reference, Email: who.Email, Units: rest, Recalled: true})
	if err != nil || w.Return == "" {
		return err
	}
	return open(tx, m, w, fact.BackRecalled)
}

// unclaimed are the units of an order of which nobody withdrew.
func unclaimed(tx *flow.Tx, m ident.Merchant, id ident.Order) (map[ident.Line]int, error) {
	lines, err := order.Lines(tx.Tx, m, id)
	if err != nil {
		return nil, err
	}
	before, err := Withdrawals(tx.Tx, m, []ident.Order{id})
	left := map[ident.Line]int{}
	for _, l := range lines {
		if l.Kind == order.Goods {
			left[l.ID] = l.Units
		}
	}
	for _, w := range before[id] {
		for _, l := range w.Lines {
			if left[l.Line] -= l.Units; left[l.Line] <= 0 {
				delete(left, l.Line)
			}
		}
	}
	return left, err
}

// recallWithdrawn has what the shopper withdrew from before it came back the same way.
func recallWithdrawn(tx *flow.Tx, m ident.Merchant, id ident.Order) error {
	of, err := OfOrders(tx.Tx, m, []ident.Order{id})
	for _, r := range of[id] {
		if err != nil {
			return err
		}
		if r.State == Accepted && r.Ground == fact.ByWithdrawal && r.Route == fact.BackOnTheirs {
			if err = r.fetched(tx, m); err == nil {
				err = r.save(tx, m, r.State)
			}
		}
	}
	return err
}

// fetched has a return brought by the carrier that has it: there is nothing to deposit.
func (r *Return) fetched(tx *flow.Tx, m ident.Merchant) error {
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return err
	}
	r.Route, r.DepositBy = fact.BackRecalled, 0
	return r.clock(tx.Tx, m, c, 0)
}

// followOut looks at a parcel on its way out: one that is taken back is received when
// its carrier says that it is back, and is the shopper's to send when they were handed
// it after all.
func followOut(tx *flow.Tx, m ident.Merchant, b fact.ParcelMoved) error {
	if b.Now != fact.Returned && !b.Clocks.InHand.Known() {
		return nil
	}
	of, err := OfOrders(tx.Tx, m, []ident.Order{b.Order})
	for _, r := range of[b.Order] {
		if err != nil {
			return err
		}
		switch {
		case r.State != Accepted || r.Route != fact.BackRecalled:
		case b.Now == fact.Returned:
			err = r.receive(tx, m, tx.Now)
		default:
			err = r.handedAfterAll(tx, m)
		}
	}
	return err
}

// handedAfterAll gives the shopper what they had withdrawn from: the days to send it
// back begin now.
func (r *Return) handedAfterAll(tx *flow.Tx, m ident.Merchant) error {
	where, err := r.fullWhere(tx.Tx, m)
	if err != nil {
		return err
	}
	r.Route, r.Why = fact.BackOnTheirs, readmitted
	r.DepositBy, _ = where.SendBack(tx.Now)
	r.RefundBy, r.UpliftAt = 0, 0
	return r.accepted(tx, m, fact.ByMerchant)
}
