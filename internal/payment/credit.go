package payment

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
)

// Credits is the account that store credit is given from and comes back to: what
// the shop owes in goods.
const Credits = "shop:credits"

// CreditOf names the account of a shopper's store credit.
func CreditOf(s ident.Shopper) string { return "credit:" + string(s) }

// credit books store credit to a shopper; off it, when the amount is negative.
func credit(tx *flow.Tx, m ident.Merchant, key string, s ident.Shopper, a money.Amount) error {
	less, err := a.Neg()
	if err != nil {
		return err
	}
	_, err = ledger.Post(tx, m, "credit:"+key, []ledger.Posting{
		{Account: CreditOf(s), Amount: a},
		{Account: Credits, Amount: less},
	})
	return err
}

// Balance is the store credit that a shopper may spend, in a currency.
func Balance(tx *db.Tx, m ident.Merchant, s ident.Shopper, c money.Currency) (money.Amount, error) {
	return ledger.Balance(tx, m, CreditOf(s), c)
}

// Spend pays a part of an order, or all of it, with the shopper's store credit.
// An order is paid so once: the same again changes nothing. What credit paid is
// not captured from the means that pay the rest, and goes back as credit.
//
// The faults are not_found (also for another shopper's order), order_not_placed,
// currency_mismatch, credit_amount_invalid, credit_above_order,
// credit_already_spent and credit_insufficient.
func Spend(tx *flow.Tx, m ident.Merchant, s ident.Shopper, id ident.Order, a money.Amount) error {
	o, err := order.Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if err := spendable(o, s, a); err != nil {
		return err
	}
	before, ok, err := db.One(tx.Tx, sqlSpent, scanSpent, m, id)
	if err != nil {
		return err
	}
	if ok {
		if before.amount == a && before.back.IsZero() {
			return nil
		}
		return fault.New(fault.Conflict, "credit_already_spent", "order", "amount", before.amount)
	}
	left, err := Balance(tx.Tx, m, s, a.Currency)
	if err != nil {
		return err
	}
	if left.Minor < a.Minor {
		return fault.New(fault.Conflict, "credit_insufficient", "amount", "left", left)
	}
	if err := tx.Do(sqlSpend, m, id, s, a.Minor, a.Currency, tx.Now); err != nil {
		return err
	}
	if err := credit(tx, m, "spent:"+string(id), s, money.Of(-a.Minor, a.Currency)); err != nil {
		return err
	}
	return tx.Emit(m, string(id), string(id), fact.CreditSpent{Order: id, Shopper: s, Amount: a})
}

// spendable tells what is wrong with an amount of credit for an order.
func spendable(o order.Order, s ident.Shopper, a money.Amount) error {
	switch {
	case o.Shopper != s:
		return fault.New(fault.NotFound, "not_found", "order")
	case o.State != order.Placed:
		return fault.New(fault.Conflict, "order_not_placed", "order")
	case a.Currency != o.Currency:
		return fault.New(fault.Invalid, "currency_mismatch", "amount", "currency", string(a.Currency), "expected", string(o.Currency))
	case a.Minor <= 0:
		return fault.New(fault.Invalid, "credit_amount_invalid", "amount", "amount", a)
	case a.Minor > o.Value.Minor:
		return fault.New(fault.Invalid, "credit_above_order", "amount", "amount", a, "value", o.Value)
	}
	return nil
}

// GiveBack gives back the credit that had paid orders now cancelled.
func GiveBack(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(giveBack)(tx, facts)
}

func giveBack(tx *flow.Tx, f flow.Fact, c fact.OrderCancelled) error {
	s, ok, err := db.One(tx.Tx, sqlSpent, scanSpent, f.Merchant, c.Order)
	if err != nil || !ok {
		return err
	}
	changed, err := tx.Changed(sqlBack, f.Merchant, c.Order, tx.Now)
	if err != nil || !changed {
		return err
	}
	if err := credit(tx, f.Merchant, "back:"+string(c.Order), s.shopper, s.amount); err != nil {
		return fmt.Errorf("give credit of %s back: %w", c.Order, err)
	}
	return tx.Emit(f.Merchant, string(c.Order), "cancelled "+string(c.Order), fact.CreditGiven{
		Repayment: fact.Repayment{Order: c.Order, Shopper: s.shopper, Amount: s.amount},
	})
}
