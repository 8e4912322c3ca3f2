// Package checkout is the sale: the dates a shopper may choose from, and the
// order that turns one of them into a promise. It alone stands above its
// sisters, because a sale must commit whole: the order, what it owes, and what
// was charged for it are one transaction, or nothing was sold.
//
// It stores nothing of its own and emits nothing: the rooms whose verbs it calls
// do. What was shown is what will be owed; a quote travels in a signed token and
// needs no row until it is ordered with. It deliberately does not know stock,
// tax or payment: the shop sells, we promise.
package checkout

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
)

// Desk is what a sale needs besides the database. It is safe for concurrent use.
type Desk struct {
	Vault   *vault.Vault
	Curves  *promise.Curves
	Factors carbon.Factors
}

// linkPurpose is what an order's page link is derived for.
const linkPurpose = "order"

// Link is the secret address of an order's page.
func (d *Desk) Link(o ident.Order) ident.Link { return d.Vault.Link(linkPurpose, string(o)) }

// Item is an article of a basket.
type Item struct {
	SKU    string
	Name   string
	Units  int
	Unit   money.Amount // price of one unit, taxes included
	Grams  int          // weight of one unit
	Traits order.Traits // what else it is like; may be zero
}

// basket is what matters of the items together.
type basket struct {
	grams, units int
	value        money.Amount
	hash         string
}

// What one order may hold at most, so that sums of sums stay exact.
const (
	maxUnits = 10_000
	maxGrams = 10_000_000
)

func weigh(items []Item, currency money.Currency) (b basket, err error) {
	var faults fault.List
	if len(items) == 0 {
		faults.Add(fault.Invalid, "field_required", "lines")
	}
	b.value = money.Of(0, currency)
	contents := make([]promise.Item, len(items))
	for i, it := range items {
		at := fmt.Sprintf("lines[%d].", i)
		switch {
		case it.Units < 1:
			faults.Add(fault.Invalid, "negative_quantity", at+"units")
		case it.Units > maxUnits:
			faults.Add(fault.Invalid, "number_too_large", at+"units", "max", maxUnits)
		case it.Grams < 0:
			faults.Add(fault.Invalid, "negative_weight", at+"grams")
		case it.Grams > maxGrams:
			faults.Add(fault.Invalid, "number_too_large", at+"grams", "max", maxGrams)
		case it.Unit.Minor < 0:
			faults.Add(fault.Invalid, "negative_amount", at+"unit_price")
		default:
			faults = append(faults, b.add(it, at)...)
		}
		contents[i] = promise.Item{SKU: it.SKU, Units: it.Units, Grams: it.Grams}
	}
	b.hash = promise.BasketHash(contents)
	return b, faults.Err()
}

func (b *basket) add(it Item, at string) fault.List {
	line, err := it.Unit.Mul(int64(it.Units))
	if err == nil {
		var sum money.Amount
		if sum, err = b.value.Add(line); err == nil {
			b.value = sum
		}
	}
	b.grams += it.Grams * it.Units
	b.units += it.Units
	faults := fault.All(err)
	for _, f := range faults {
		f.Field = at + "unit_price"
	}
	return faults
}
