package remedy

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ByHand is the rule under which somebody of the shop grants what the policy did not.
const ByHand = "by_hand"

// Repair grants, for a broken commitment that waits or was refused, what is left
// of the delivery that was paid: somebody of the shop decides so, whatever the
// policy says. What was granted stays; nobody gets back more than was paid. It
// answers the amount.
//
// The faults are not_found, at commitment (nothing is broken), and
// nothing_left_to_repair: it was granted already, or delivery was free.
func (ps *Policies) Repair(tx *flow.Tx, m ident.Merchant, id ident.Commitment) (money.Amount, error) {
	r, ok, err := db.One(tx.Tx, sqlByCommitment, scanRemedy, m, db.In([]ident.Commitment{id}))
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "commitment")
	}
	if err != nil {
		return money.Amount{}, err
	}
	c := change{Remedy: r, was: r.State, refused: r.Reason, decided: true}
	d, err := ps.desk(tx, m, []change{c})
	if err != nil {
		return money.Amount{}, err
	}
	o := d.orders[r.Order]
	left := o.Delivery.Minor - d.history(r, o.Value.Currency).Delivery
	if r.State == Granted || left <= 0 {
		return money.Amount{}, fault.New(fault.Conflict, "nothing_left_to_repair", "commitment")
	}
	amount := money.Of(left, o.Value.Currency)
	c.State, c.Reason, c.Next, c.Decided = Granted, "", 0, tx.Now
	c.Grants = []Grant{{ID: ident.New[ident.RemedyLine](tx.Mint), Rule: ByHand, Kind: Delivery, Amount: amount, At: tx.Now}}
	won, err := save(tx, m, []change{c})
	if err != nil {
		return money.Amount{}, err
	}
	if len(won) == 0 {
		return money.Amount{}, fault.New(fault.Conflict, "nothing_left_to_repair", "commitment")
	}
	return amount, won[0].tell(tx, m)
}
