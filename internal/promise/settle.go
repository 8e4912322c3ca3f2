package promise

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// hearing is a commitment with what is ruled on it now.
type hearing struct {
	commitment Commitment
	ruling     Ruling
	events     []ident.Event
	cause      flow.Fact     // empty for the clock
	contested  civil.Instant // since when what the ruling rests on is contested; 0: it is not
}

// verdict is the row a ruling becomes, the next in its commitment's sequence.
func (h hearing) verdict(tx *flow.Tx) Verdict {
	return Verdict{
		ID: ident.New[ident.Verdict](tx.Mint), Commitment: h.commitment.ID, Sequence: h.commitment.Last.Sequence + 1,
		At: tx.Now, Ruling: h.ruling, Told: h.commitment.Told(), Evidence: h.events, Cause: h.cause.ID,
	}
}

// settle writes what is new in the rulings: one compare-and-set for all of
// them, then a verdict and a fact for each that won. A ruling that says no more
// than the last verdict leaves no trace.
func settle(tx *flow.Tx, m ident.Merchant, heard []hearing) error {
	if err := rearm(tx, m, heard); err != nil {
		return err
	}
	news := map[ident.Commitment]hearing{}
	var rows [][]any
	for _, h := range heard {
		c := h.commitment
		if h.ruling.proves(c.Last.Ruling) {
			news[c.ID] = h
			rows = append(rows, []any{c.ID, c.Last.Sequence, h.ruling.State, c.Last.Sequence + 1})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	won, err := db.All(tx.Tx, sqlSettle, db.Scalar[ident.Commitment], m, db.Rows(rows))
	if err != nil {
		return err
	}
	wins := map[ident.Commitment]bool{}
	for _, id := range won {
		wins[id] = true
	}
	for _, h := range heard { // in the order they were heard, so that facts are too
		if _, new := news[h.commitment.ID]; !new || !wins[h.commitment.ID] {
			continue
		}
		if err := record(tx, m, h); err != nil {
			return err
		}
	}
	return nil
}

// rearm sets the clock of commitments that stay open, or that what settled them
// was taken back from before their deadline: they are to be judged again then.
// It stops the clock of those that turn out settled as they were.
func rearm(tx *flow.Tx, m ident.Merchant, heard []hearing) error {
	var rows [][]any
	for _, h := range heard {
		c, r := h.commitment, h.ruling
		if r.Next == c.dueAt || r.State != fact.Open && r.proves(c.Last.Ruling) {
			continue // as it is, or stopped with the verdict to come
		}
		rows = append(rows, []any{c.ID, c.Last.Sequence, r.Next})
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.Do(sqlRearm, m, db.Rows(rows))
}

// record writes a verdict and says so.
func record(tx *flow.Tx, m ident.Merchant, h hearing) error {
	v := h.verdict(tx)
	if err := writeVerdict(tx, m, v); err != nil {
		return err
	}
	c := h.commitment
	said := fact.Ruling{
		Promise: c.body(), Verdict: v.ID, LateBy: v.LateBy, LateKnown: v.LateKnown, EarlyBy: v.EarlyBy,
		Liable: v.Liable, Reason: v.Reason, Trust: v.Trust, Told: v.Told,
		MissingUnits: v.MissingUnits, MissingLines: v.MissingLines,
	}
	var body fact.Body
	switch {
	case v.Sequence > 1:
		body = fact.PromiseCorrected{Ruling: said, Was: c.Last.State, Now: v.State}
	case v.State == fact.Kept:
		body = fact.PromiseKept{Ruling: said}
	case v.State == fact.Broken:
		body = fact.PromiseBroken{Ruling: said}
	default:
		body = fact.PromiseVoided{Ruling: said}
	}
	return tx.Because(h.cause).Emit(m, c.subject(), string(v.ID), body)
}
