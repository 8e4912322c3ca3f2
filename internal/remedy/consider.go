package remedy

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// change is a remedy that is to be written: fresh, or moved on from a state.
type change struct {
	Remedy
	was     State  // empty when fresh
	refused string // why it was refused before; empty when it never was
	decided bool   // no policy is asked
	cause   flow.Fact
}

// Consider answers promises newly broken. It may run again on the same fact: a
// commitment has one remedy.
func (ps *Policies) Consider(tx *flow.Tx, facts []flow.Fact) error {
	return ps.review(tx, facts, func(b fact.Body) (fact.Ruling, fact.State, fact.State, bool) {
		broken, ok := b.(fact.PromiseBroken)
		return broken.Ruling, fact.Broken, fact.Broken, ok
	})
}

// Review answers verdicts that were corrected: late evidence settles what waits,
// or opens again what was refused; a promise kept after all ends the waiting.
// Nothing granted is taken back.
func (ps *Policies) Review(tx *flow.Tx, facts []flow.Fact) error {
	return ps.review(tx, facts, func(b fact.Body) (fact.Ruling, fact.State, fact.State, bool) {
		c, ok := b.(fact.PromiseCorrected)
		return c.Ruling, c.Was, c.Now, ok
	})
}

type reading func(fact.Body) (r fact.Ruling, was, now fact.State, ok bool)

func (ps *Policies) review(tx *flow.Tx, facts []flow.Fact, read reading) error {
	m := facts[0].Merchant
	rows, err := existing(tx, m, facts, read)
	if err != nil {
		return err
	}
	var changes []change
	place := map[ident.Commitment]int{}
	for _, f := range facts {
		r, was, now, _ := read(f.Body)
		c, ok := rows[r.Commitment].follow(tx, r, was, now)
		if !ok {
			continue
		}
		c.cause = f
		rows[r.Commitment] = c
		if i, again := place[r.Commitment]; again {
			changes[i] = c
			continue
		}
		place[r.Commitment] = len(changes)
		changes = append(changes, c)
	}
	return ps.settle(tx, m, changes)
}

// existing reads the remedies of the commitments that facts are about.
func existing(tx *flow.Tx, m ident.Merchant, facts []flow.Fact, read reading) (map[ident.Commitment]change, error) {
	ids := make([]ident.Commitment, len(facts))
	for i, f := range facts {
		r, _, _, ok := read(f.Body)
		if !ok {
			return nil, fmt.Errorf("remedy: a fact of kind %s carries a %T", f.Kind, f.Body)
		}
		ids[i] = r.Commitment
	}
	found, err := db.All(tx.Tx, sqlByCommitment, scanRemedy, m, db.In(ids))
	rows := make(map[ident.Commitment]change, len(found))
	for _, r := range found {
		rows[r.Commitment] = change{Remedy: r, was: r.State, refused: r.Reason}
	}
	return rows, err
}

// follow is the remedy after one more verdict; ok is false when that changes
// nothing: it is an old one, or what was granted stays granted.
func (c change) follow(tx *flow.Tx, r fact.Ruling, was, now fact.State) (change, bool) {
	switch {
	case c.ID == "" && was != fact.Broken && now != fact.Broken:
		return c, false
	case c.ID == "":
		c.Remedy = Remedy{
			ID: ident.New[ident.Remedy](tx.Mint), Commitment: r.Commitment, Order: r.Order, Shopper: r.Shopper,
			Owed: r.Owed, Until: r.Until, Opened: tx.Now,
		}
	case c.State == Granted && !planted, r.Verdict <= c.Verdict:
		return c, false
	case now != fact.Broken && c.State == Refused:
		return c, false
	}
	c.Verdict, c.Late, c.LateKnown, c.Early, c.Liable, c.Trust = r.Verdict, r.LateBy, r.LateKnown, r.EarlyBy, r.Liable, r.Trust
	c.MissingUnits, c.MissingLines = r.MissingUnits, r.MissingLines
	if !covered(r.Promise) {
		c.State, c.Reason, c.Next, c.decided = Refused, NotCovered, 0, true
		return c, true
	}
	switch now {
	case fact.Broken:
		c.decided = false
	case fact.Kept:
		c.State, c.Reason, c.Next, c.decided = Refused, KeptAfterAll, 0, true
	default:
		c.State, c.Reason, c.Next, c.decided = Refused, VoidAfterAll, 0, true
	}
	return c, true
}

// covered reports whether a policy is asked about a promise: those of deliveries,
// and of answers to what was asked about an order. What is owed for a return is
// the law's word, and without an order there is nothing to give back.
func covered(p fact.Promise) bool {
	return p.About == "" || p.Owed == fact.AnswerBy && p.Order != ""
}

// Waits is the clock's part: what waits for a threshold of its policy that is
// now crossed is decided again.
func (ps *Policies) Waits() flow.Sweep {
	return flow.Sweep{
		Name: "remedy.Waits",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlDue, scanDue, now, limit)
		},
		Next: nextDue,
		Do:   ps.ripen,
	}
}

func (ps *Policies) ripen(tx *flow.Tx, m ident.Merchant, ids []string) error {
	rows, err := db.All(tx.Tx, sqlByID, scanRemedy, m, db.In(ids))
	if err != nil {
		return err
	}
	var due []change
	for _, r := range rows {
		if r.State == Waiting && r.Next <= tx.Now {
			due = append(due, change{Remedy: r, was: Waiting, refused: r.Reason})
		}
	}
	return ps.settle(tx, m, due)
}
