package returns

import (
	"math"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/mailbox"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// officer is who decides, and what they may.
type officer struct {
	actor flow.Actor
	set   merchant.Set // empty: nobody we know, who may decide nothing alone
	email string
}

// officerOf is whoever acts in a transaction.
func officerOf(tx *flow.Tx, m ident.Merchant) (officer, error) { return known(tx.Tx, m, tx.By()) }

// known is somebody of the staff, or a key.
func known(tx *db.Tx, m ident.Merchant, by flow.Actor) (officer, error) {
	who := officer{actor: by}
	kind, id, _ := strings.Cut(string(by), ":")
	switch {
	case by == flow.Installation:
		who.set = merchant.Owner
	case kind == "staff":
		of, err := merchant.Colleagues(tx, m, []ident.Staff{ident.Staff(id)})
		if err != nil {
			return who, err
		}
		if s, ok := of[ident.Staff(id)]; ok && s.Until == 0 {
			who.set, who.email = s.Set, s.Email
		}
	case kind == "key":
		keys, err := merchant.Keys(tx, m)
		if err != nil {
			return who, err
		}
		for _, k := range keys {
			if k.ID == ident.Key(id) && k.Revoked == 0 {
				who.set = k.Set
			}
		}
	}
	return who, nil
}

// limit is up to what amount somebody decides alone.
func (w officer) limit(c Conditions) int64 {
	most, ok := c.Limits[w.set]
	if !ok && w.set == merchant.Owner {
		return math.MaxInt64
	}
	return most
}

// stranger refuses somebody who would pay themselves. The fault is own_refund.
func (w officer) stranger(tx *db.Tx, m ident.Merchant, r Return) error {
	if w.email == "" {
		return nil
	}
	who, err := shopper.Get(tx, m, r.Shopper)
	if err == nil && mailbox.Fold(who.Email) == mailbox.Fold(w.email) {
		err = fault.New(fault.Forbidden, "own_refund", "return")
	}
	return err
}

// second is why a decision needs a second person: a code, empty when it needs none.
func (w officer) second(tx *db.Tx, m ident.Merchant, r Return, d Decision, c Conditions) (string, error) {
	if d.Amount.Minor == 0 {
		return "", nil
	}
	mine, all, err := w.today(tx, m)
	if err != nil {
		return "", err
	}
	most, capped := c.DayCaps[w.set]
	switch {
	case r.AskedBy == w.actor:
		return "own_request", nil
	case Holds(r.Doubts):
		return "doubt", nil
	case d.Amount.Minor > w.limit(c):
		return "above_limit", nil
	case capped && mine+d.Amount.Minor > most:
		return "day_cap", nil
	case c.ShopCap > 0 && all+d.Amount.Minor > c.ShopCap:
		return "shop_cap", nil
	}
	return "", nil
}

// today is what the officer, and all of the shop, had a hand in today.
func (w officer) today(tx *db.Tx, m ident.Merchant) (mine, all int64, err error) {
	day, err := shopDay(tx, m)
	if err != nil {
		return 0, 0, err
	}
	on, err := db.All(tx, sqlDecisionsOn, scanDecision, m, day)
	for _, old := range on {
		all += old.Amount.Minor
		if old.By == w.actor || old.Second == w.actor {
			mine += old.Amount.Minor
		}
	}
	return mine, all, err
}

// Confirm is the second person's yes to a decision that waits, and why. That is nobody who
// decided it, inspected the goods or asked for the return, and somebody whose own
// limit holds the amount. The faults are not_found, decision_settled,
// second_person, own_refund, limit_exceeded, return_state and those of the reason.
func Confirm(tx *flow.Tx, m ident.Merchant, id ident.Decision, reason string) (Decision, error) {
	d, r, err := waiting(tx.Tx, m, id)
	if err != nil {
		return Decision{}, err
	}
	c, err := ConditionsOf(tx.Tx, m)
	if err != nil {
		return Decision{}, err
	}
	who, err := officerOf(tx, m)
	if err != nil {
		return Decision{}, err
	}
	if err := who.mayConfirm(tx.Tx, m, r, d, c); err != nil {
		return Decision{}, err
	}
	if err := (Word{Decision: id, Verb: Confirmed, Reason: reason}).keep(tx, m, r.ID); err != nil {
		return Decision{}, err
	}
	if err := d.finish(tx, m, &r, c); err != nil {
		return Decision{}, err
	}
	d.Second = who.actor
	if err := tx.Do(sqlFinal, m, d.ID, d.Second, d.FinalAt, d.Day, d.RefundBy); err != nil {
		return Decision{}, err
	}
	verb := deciding
	if r.State == Decided {
		verb = amending
	}
	return d, r.announce(tx, m, d, c, verb)
}

// Drop is the second person's no, and why: the decision is none, and another may
// be made. The faults are not_found, decision_settled, second_person and those of
// the reason.
func Drop(tx *flow.Tx, m ident.Merchant, id ident.Decision, reason string) error {
	d, r, err := waiting(tx.Tx, m, id)
	if err != nil {
		return err
	}
	if err := r.other(tx.Tx, m, tx.By(), []Decision{d}); err != nil {
		return err
	}
	if err := (Word{Decision: id, Verb: DroppedIt, Reason: reason}).keep(tx, m, r.ID); err != nil {
		return err
	}
	return tx.Do(sqlDrop, m, id, tx.By())
}

// waiting reads a decision that waits, and its return.
func waiting(tx *db.Tx, m ident.Merchant, id ident.Decision) (Decision, Return, error) {
	d, ok, err := db.One(tx, sqlDecision, scanDecision, m, id)
	if err != nil {
		return d, Return{}, err
	}
	if !ok {
		return d, Return{}, fault.New(fault.NotFound, "not_found", "decision")
	}
	if d.State != Waiting {
		return d, Return{}, fault.New(fault.Conflict, "decision_settled", "decision")
	}
	whole, err := withLines(tx, m, []Decision{d})
	if err != nil {
		return d, Return{}, err
	}
	r, err := Get(tx, m, d.Return)
	return whole[0], r, err
}

func (w officer) mayConfirm(tx *db.Tx, m ident.Merchant, r Return, d Decision, c Conditions) error {
	if err := r.other(tx, m, w.actor, []Decision{d}); err != nil {
		return err
	}
	if err := w.stranger(tx, m, r); err != nil {
		return err
	}
	return w.within(tx, m, d, c)
}

// within refuses an amount that is more than somebody may let pass: beyond their
// own limit or what is left of their day; what is beyond the shop's day is an
// owner's to let pass. The fault is limit_exceeded.
func (w officer) within(tx *db.Tx, m ident.Merchant, d Decision, c Conditions) error {
	mine, all, err := w.today(tx, m)
	if err != nil || d.Amount.Minor == 0 {
		return err
	}
	most, capped := c.DayCaps[w.set]
	over := d.Amount.Minor > w.limit(c) || capped && mine+d.Amount.Minor > most ||
		c.ShopCap > 0 && all+d.Amount.Minor > c.ShopCap && w.set != merchant.Owner
	if over {
		return fault.New(fault.Forbidden, "limit_exceeded", "decision")
	}
	return nil
}

// other refuses somebody who had a hand in it before: who asked for the return,
// inspected the goods, or decided. The fault is second_person.
func (r Return) other(tx *db.Tx, m ident.Merchant, actor flow.Actor, ds []Decision) error {
	found, err := Findings(tx, m, []ident.Return{r.ID})
	if err != nil {
		return err
	}
	if r.HadAHand(actor, found[r.ID], ds) {
		return fault.New(fault.Forbidden, "second_person", "return")
	}
	return nil
}

// HadAHand reports whether somebody asked for the return, inspected the goods, or
// had a part in one of the decisions: they can be nobody's second person.
func (r Return) HadAHand(who flow.Actor, found []Finding, ds []Decision) bool {
	return r.AskedBy == who ||
		slices.ContainsFunc(found, func(f Finding) bool { return f.Inspector == who }) ||
		slices.ContainsFunc(ds, func(d Decision) bool { return d.By == who || d.Second == who })
}

// byRule is what a rule may pay without anybody: what an agent may.
func byRule(r Return, d Decision, c Conditions) string {
	switch {
	case d.Amount.Minor == 0, d.Outcome == fact.Refused:
		return ""
	case Holds(r.Doubts):
		return "doubt"
	case d.Amount.Minor > c.Limits[merchant.Agent]:
		return "above_limit"
	}
	return ""
}
