package remedy

import (
	"fmt"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
)

// settle decides changes and writes them down with all that follows.
func (ps *Policies) settle(tx *flow.Tx, m ident.Merchant, changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	d, err := ps.desk(tx, m, changes)
	if err != nil {
		return err
	}
	for i := range changes {
		if err := d.decide(tx, &changes[i]); err != nil {
			return fmt.Errorf("remedy of %s: %w", changes[i].Commitment, err)
		}
	}
	won, err := save(tx, m, changes)
	if err != nil {
		return err
	}
	for _, c := range won {
		if err := c.tell(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// desk is what lies before whoever decides on a slice of changes.
type desk struct {
	policy *Policy
	orders map[ident.Order]order.Order
	given  map[ident.Shopper][]given
	month  civil.Instant // when the merchant's calendar month began
}

func (ps *Policies) desk(tx *flow.Tx, m ident.Merchant, changes []change) (d desk, err error) {
	var orders []ident.Order
	var shoppers []ident.Shopper
	for _, c := range changes {
		orders, shoppers = append(orders, c.Order), append(shoppers, c.Shopper)
	}
	if d.policy, err = ps.of(tx.Tx, m); err != nil {
		return d, err
	}
	if d.month, err = monthOf(tx.Tx, m, tx.Now); err != nil {
		return d, err
	}
	if d.orders, err = order.Many(tx.Tx, m, orders); err != nil {
		return d, err
	}
	lines, err := db.All(tx.Tx, sqlGrantsOfShoppers, scanGiven, m, db.In(shoppers))
	d.given = map[ident.Shopper][]given{}
	for _, g := range lines {
		d.given[g.shopper] = append(d.given[g.shopper], g)
	}
	return d, err
}

// of is the policy in force: the merchant's own, or the default.
func (ps *Policies) of(tx *db.Tx, m ident.Merchant) (*Policy, error) {
	own, ok, err := merchant.PolicyOf(tx, m, Topic)
	if err != nil {
		return nil, err
	}
	if !ok {
		return ps.compile(Default)
	}
	return ps.compile(own.Source)
}

// monthOf is the first instant of the calendar month, where the merchant lives.
func monthOf(tx *db.Tx, m ident.Merchant, now civil.Instant) (civil.Instant, error) {
	o, err := merchant.Get(tx, m)
	if err != nil {
		return 0, err
	}
	zone, err := civil.Zone(o.Zone)
	if err != nil {
		return 0, err
	}
	year, month, _ := now.In(zone).Date()
	return civil.Date(year, month, 1).Start(zone), nil
}

// decide asks the policy about one change, and keeps what it gives for the next
// change of the same shopper.
func (d desk) decide(tx *flow.Tx, c *change) error {
	c.Decided = tx.Now
	if c.decided {
		return nil
	}
	o, ok := d.orders[c.Order]
	if !ok {
		return fmt.Errorf("the merchant has no order %s", c.Order)
	}
	asked := c.Remedy.cause()
	asked.Value, asked.Delivery = o.Value, o.Delivery
	what, err := Decide(d.policy, asked, d.history(c.Remedy, o.Value.Currency), tx.Now)
	if err != nil {
		return err
	}
	c.State, c.Reason, c.Next = what.State, what.Reason, what.Next
	if c.State == Waiting {
		c.Reason = c.refused
	}
	for _, l := range what.Lines {
		g := Grant{ID: ident.New[ident.RemedyLine](tx.Mint), Rule: l.Rule, Kind: l.Kind, Amount: l.Amount, At: tx.Now}
		c.Grants = append(c.Grants, g)
		d.given[c.Shopper] = append(d.given[c.Shopper], given{g, c.ID, c.Order, c.Shopper})
	}
	return nil
}

// history sums what the shopper was given in a currency.
func (d desk) history(r Remedy, in money.Currency) (h History) {
	for _, g := range d.given[r.Shopper] {
		if g.Amount.Currency != in {
			continue
		}
		h.Shopper += g.Amount.Minor
		if g.At >= d.month {
			h.Count++
			h.Month += g.Amount.Minor
		}
		if g.order != r.Order {
			continue
		}
		h.Order += g.Amount.Minor
		if g.Kind == Delivery {
			h.Delivery += g.Amount.Minor
		}
	}
	return h
}

// save inserts what is fresh and moves on the rest by compare-and-set, and
// answers the changes that took place.
func save(tx *flow.Tx, m ident.Merchant, changes []change) (won []change, err error) {
	var moved []change
	for _, c := range changes {
		if c.was != "" {
			moved = append(moved, c)
			continue
		}
		if err := insert(tx, m, c.Remedy); err != nil {
			return nil, err
		}
		won = append(won, c)
	}
	ids, err := move(tx, m, moved)
	for _, c := range moved {
		if ids[c.ID] {
			won = append(won, c)
		}
	}
	return won, err
}

// tell writes the grant lines and the ledger's journal, and emits the fact.
func (c change) tell(tx *flow.Tx, m ident.Merchant) error {
	if c.cause.ID != "" {
		tx = tx.Because(c.cause)
	}
	id, subject := string(c.ID), string(c.Order)
	switch c.State {
	case Waiting:
		// A row may wait for several thresholds, on several verdicts.
		at := fmt.Sprintf("%s %s %d", id, c.Verdict, c.Next)
		return tx.Emit(m, subject, at, fact.RemedyAwaited{Remedy: c.ID, Commitment: c.Commitment, Order: c.Order, Until: c.Next})
	case Refused:
		if c.refused != "" { // not for the first time
			id += " " + string(c.Verdict)
		}
		return tx.Emit(m, subject, id, fact.RemedyRefused{Remedy: c.ID, Commitment: c.Commitment, Order: c.Order, Reason: c.Reason})
	}
	var rules []string
	for _, g := range c.Grants {
		rules = append(rules, g.Rule)
		if err := insertGrant(tx, m, given{g, c.ID, c.Order, c.Shopper}); err != nil {
			return err
		}
	}
	sum := Total(c.Grants)
	if err := post(tx, m, c.Remedy, sum); err != nil {
		return err
	}
	return tx.Emit(m, subject, id, fact.RemedyGranted{
		Remedy: c.ID, Commitment: c.Commitment, Order: c.Order, Shopper: c.Shopper,
		Amount: sum, Rule: strings.Join(rules, "+"),
	})
}

// Compensation is the account that grants are paid from.
const Compensation = "compensation"

// Credit is the account on which a shopper's credit stands.
func Credit(s ident.Shopper) string { return fmt.Sprintf("shopper:%s:credit", s) }

func post(tx *flow.Tx, m ident.Merchant, r Remedy, sum money.Amount) error {
	less, err := sum.Neg()
	if err != nil {
		return err
	}
	_, err = ledger.Post(tx, m, "remedy:"+string(r.ID), []ledger.Posting{
		{Account: Compensation, Amount: less},
		{Account: Credit(r.Shopper), Amount: sum},
	})
	return err
}
