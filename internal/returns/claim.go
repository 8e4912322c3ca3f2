package returns

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// upheld is the reason of a decision about goods that were lost, are missing or
// came damaged, as a person decided on a claim.
const upheld = "claim"

// ByItsClaim reports whether a decision was taken with that on a claim, in one:
// the letter of the claim tells of it.
func (d Decision) ByItsClaim() bool {
	because := func(b Because) bool { return b.Code == upheld }
	return d.State == Final && d.Second == "" && len(d.Reasons) == 1 && because(d.Reasons[0])
}

// Unreturned is how many units of each line of goods may still be given back
// without a return: they are in none, and nobody withdrew from them. Of an order
// that was cancelled there are none. The fault is not_found.
func Unreturned(tx *db.Tx, m ident.Merchant, id ident.Order) (map[ident.Line]int, error) {
	o, err := order.Get(tx, m, id)
	if err != nil || o.State == order.Cancelled {
		return nil, err
	}
	bought, err := order.Lines(tx, m, id)
	if err != nil {
		return nil, err
	}
	taken, err := takenBack(tx, m, id)
	left := map[ident.Line]int{}
	for _, l := range bought {
		if units := l.Units - taken[l.ID]; l.Kind != order.Delivery && units > 0 {
			left[l.ID] = units
		}
	}
	return left, err
}

// claimKey is under which a return follows from a decision on a claim. A claim that
// was contested has two.
func claimKey(question ident.Said) string { return "claim/" + string(question) }

// Redress is goods that a decision on a claim gives back.
type Redress struct {
	Return Return
	Amount money.Amount // as far as it is decided: of goods, and of the delivery where all of the order is given back
	Waits  bool         // a second person is to confirm it
}

// RedressFor is what decisions on a claim give back, by the messages they answered,
// the first first. Those that give nothing are left out.
func RedressFor(tx *db.Tx, m ident.Merchant, questions []ident.Said) (all []Redress, err error) {
	for _, q := range questions {
		b, ok, err := db.One(tx, sqlFingerprint, scanBefore, m, claimKey(q))
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		r, err := Get(tx, m, b.id)
		if err != nil {
			return nil, err
		}
		of, err := Decisions(tx, m, []ident.Return{r.ID})
		if err != nil {
			return nil, err
		}
		x := Redress{Return: r, Amount: r.Value, Waits: r.State == Accepted}
		if ds := of[r.ID]; len(ds) > 0 {
			x.Amount = ds[len(ds)-1].Amount
		}
		all = append(all, x)
	}
	return all, nil
}

// ClaimDecided is the reaction to desk.claim_decided: goods that a person gives back
// are a return of which nothing comes back, decided by that person. Above what they
// may give alone it waits for a second one. The decision on the claim is refused
// with line_twice, claim_goods_gone and own_refund.
func ClaimDecided(tx *flow.Tx, facts []flow.Fact) error { return flow.Each(giveGoods)(tx, facts) }

// ContestDecided is the reaction to desk.contest_decided: likewise.
func ContestDecided(tx *flow.Tx, facts []flow.Fact) error {
	return flow.Each(func(tx *flow.Tx, f flow.Fact, b fact.ContestDecided) error { return giveGoods(tx, f, b.ClaimDecided) })(tx, facts)
}

func giveGoods(tx *flow.Tx, f flow.Fact, b fact.ClaimDecided) error {
	if len(b.Goods) == 0 {
		return nil
	}
	left, err := Unreturned(tx.Tx, f.Merchant, b.Order)
	if err != nil {
		return err
	}
	units, err := chosen(b.Goods, left)
	if err != nil {
		return err
	}
	r, items, err := giving(tx, f.Merchant, b, units)
	if err != nil {
		return err
	}
	c, err := ConditionsOf(tx.Tx, f.Merchant)
	if err != nil {
		return err
	}
	if err := r.write(tx, f.Merchant, c, items); err != nil {
		return err
	}
	said := fact.MadeGood{Sendback: r.told(), Claim: b.Claim, Units: r.Units, Value: r.Value, RefundBy: r.RefundBy}
	if err := tx.Emit(f.Merchant, string(r.Order), string(r.ID), said); err != nil {
		return err
	}
	return r.give(tx, f.Merchant, c, flow.ByStaff(b.By))
}

// chosen are the units to give back, none of them twice.
func chosen(goods []fact.Units, left map[ident.Line]int) (map[ident.Line]int, error) {
	var faults fault.List
	units := map[ident.Line]int{}
	for i, g := range goods {
		switch {
		case units[g.Line] > 0:
			faults.Add(fault.Invalid, "line_twice", fmt.Sprintf("goods[%d].line", i))
		case g.Units < 1 || g.Units > left[g.Line]:
			faults.Add(fault.Conflict, "claim_goods_gone", fmt.Sprintf("goods[%d].units", i), "units", g.Units, "left", left[g.Line])
		}
		units[g.Line] = g.Units
	}
	return units, faults.Err()
}

// giving is the return under which goods are given back.
func giving(tx *flow.Tx, m ident.Merchant, b fact.ClaimDecided, units map[ident.Line]int) (Return, []Item, error) {
	o, err := order.Get(tx.Tx, m, b.Order)
	if err != nil {
		return Return{}, nil, err
	}
	where, err := whereOf(tx.Tx, m, o)
	if err != nil {
		return Return{}, nil, err
	}
	bought, err := order.Lines(tx.Tx, m, b.Order)
	r, items := nothingBack(tx, o, where.Zone, bought, units)
	r.Ground, r.Key, r.AskedBy = fact.ByClaim, claimKey(b.Question), flow.ByShopper(b.Shopper)
	return r, items, err
}

// give decides that all of it is owed, in the name of whoever decided on the claim:
// within their own limit, or a second person's.
func (r *Return) give(tx *flow.Tx, m ident.Merchant, c Conditions, by flow.Actor) error {
	d, err := r.rule(tx, m, Ruling{Outcome: fact.InFull, Reasons: []Because{{Code: upheld}}}, c)
	if err != nil {
		return err
	}
	who, err := known(tx.Tx, m, by)
	if err != nil {
		return err
	}
	if err := who.stranger(tx.Tx, m, *r); err != nil {
		return err
	}
	d.By = who.actor
	if d.Why, err = who.second(tx.Tx, m, *r, d, c); err != nil {
		return err
	}
	_, err = r.decided(tx, m, d, c, deciding)
	return err
}
