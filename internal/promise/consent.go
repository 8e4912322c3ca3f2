package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Consented is the reaction to lastmile.early_answered. A shopper who lets the
// courier come early puts the beginning of the slot forward, and gives up nothing
// else: coming in the slot itself still keeps it. A refusal leaves no trace here.
func Consented(tx *flow.Tx, facts []flow.Fact) error {
	answers, err := flow.Bodies[fact.EarlyAnswered](facts)
	if err != nil {
		return err
	}
	m := facts[0].Merchant
	causes := map[ident.Order]flow.Fact{}
	var orders []ident.Order
	for i, a := range answers {
		if a.Accepted {
			causes[a.Order], orders = facts[i], append(orders, a.Order)
		}
	}
	if len(orders) == 0 {
		return nil
	}
	of, err := OfOrders(tx.Tx, m, orders)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if err := consent(tx, m, DeliveryOf(of[a.Order]), a); err != nil {
			return err
		}
	}
	cs, err := db.All(tx.Tx, sqlCommitmentsOf, scanCommitment, m, db.In(orders))
	if err != nil {
		return err
	}
	cs = slices.DeleteFunc(cs, func(c Commitment) bool { return c.Owed != fact.DeliverInSlot })
	return judge(tx, m, cs, causes)
}

// consent keeps an answer that lets the courier come before the slot.
func consent(tx *flow.Tx, m ident.Merchant, c Commitment, a fact.EarlyAnswered) error {
	if !a.Accepted || c.Owed != fact.DeliverInSlot || a.At >= c.From {
		return nil
	}
	fresh, err := tx.Changed(sqlInsertConsent, m, a.Early, c.ID, a.At, tx.Now)
	if err != nil || !fresh {
		return err
	}
	return tx.Do(sqlReconsent, m, c.ID)
}
