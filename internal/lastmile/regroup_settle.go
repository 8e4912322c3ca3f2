package lastmile

import (
	"context"
	"slices"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// looking is the body of the errand that looks at a regrouping.
type looking struct {
	Regroup ident.Regroup `json:"regroup"`
}

// regroupTries is how often the end of a regrouping is tried, should the database
// fail; its deadline ends it otherwise.
const regroupTries = 8

// Settler ends regroupings. It calls nobody: it is an errand because what ends one
// is a write of all its merchants, and what tells of it is a write of one.
func (o *Office) Settler() flow.Errander {
	return flow.Errander{
		Kind: RegroupErrand, Tries: regroupTries,
		Run: func(ctx context.Context, e flow.Errand) (flow.Settle, error) {
			var body looking
			if err := e.Decode(&body); err != nil {
				return nil, flow.Final{Err: err}
			}
			return nothing, o.conclude(ctx, body.Regroup)
		},
	}
}

// conclude settles a regrouping of which all have agreed, and lets one fall of which
// somebody did not. One that still waits is left alone, and so is one that ended:
// it may be looked at again after a crash.
func (o *Office) conclude(ctx context.Context, id ident.Regroup) error {
	var lanes []ident.Merchant
	err := o.Flow.Read(ctx, func(tx *db.Tx) error {
		all, err := JoinedOf(tx, id)
		for _, j := range all {
			lanes = append(lanes, j.Merchant)
		}
		return err
	})
	if err != nil {
		return err
	}
	err = o.Flow.Write(ctx, flow.System, lanes, func(tx *flow.Tx) error { return end(tx, id, settle) })
	if fault.KindOf(err) != fault.Conflict {
		return err
	}
	// What was agreed to can not be brought about any more for one of them: for none.
	return o.Flow.Write(ctx, flow.System, lanes, func(tx *flow.Tx) error { return end(tx, id, fall) })
}

// end brings a regrouping to its end, by one way or another, unless it has ended or
// still waits.
func end(tx *flow.Tx, id ident.Regroup, way func(*flow.Tx, Regroup, []Joined) error) error {
	r, ok, err := db.One(tx.Tx, sqlRegroup, scanRegroup, id)
	if err != nil || !ok || r.State != RegroupAsked {
		return err
	}
	all, err := JoinedOf(tx.Tx, id)
	if err != nil {
		return err
	}
	waits := false
	for _, j := range all {
		if j.State != MemberOpen {
			return fall(tx, r, all)
		}
		if j.Change == "" {
			continue
		}
		c, err := ChangeOf(tx.Tx, j.Merchant, j.Change)
		if err != nil {
			return err
		}
		waits = waits || c.Agreed.IsZero()
	}
	switch {
	case tx.Now >= r.AnswerBy:
		return fall(tx, r, all)
	case waits:
		return nil
	}
	return way(tx, r, all)
}

// settle carries all changes out: who hears of them amends every promise, in this
// transaction, or refuses it.
func settle(tx *flow.Tx, r Regroup, all []Joined) error {
	if ended, err := tx.Changed(sqlEndRegroup, r.ID, RegroupSettled, tx.Now); err != nil || !ended {
		return err
	}
	for _, j := range all {
		if _, _, err := db.One(tx.Tx, sqlMoveMember, scanJoined, j.Merchant, j.Order, MemberSettled, ""); err != nil {
			return err
		}
		if err := tx.Emit(j.Merchant, string(j.Order), string(r.ID)+"/"+string(j.Order), fact.Regrouped{Regrouping: j.body(r.Point)}); err != nil {
			return err
		}
		if j.Change == "" {
			continue
		}
		c, err := ChangeOf(tx.Tx, j.Merchant, j.Change)
		if err != nil {
			return err
		}
		if _, err := c.accept(tx, j.Merchant, carrier.ChangeAnswer{Text: c.Said}); err != nil {
			return err
		}
		if err := c.tell(tx, j.Merchant, carrier.ChangeConfirm); err != nil {
			return err
		}
	}
	return nil
}

// fall leaves everything as it was.
func fall(tx *flow.Tx, r Regroup, all []Joined) error {
	if ended, err := tx.Changed(sqlEndRegroup, r.ID, RegroupFell, tx.Now); err != nil || !ended {
		return err
	}
	for _, j := range all {
		if j.State != MemberOpen {
			continue
		}
		if j.Change == "" {
			if err := fell(tx, j.Merchant, j.Order, fact.ChangeApart); err != nil {
				return err
			}
			continue
		}
		c, err := ChangeOf(tx.Tx, j.Merchant, j.Change)
		if err == nil && c.State == ChangeAsked {
			_, err = c.end(tx, j.Merchant, ChangeRefused, carrier.ChangeAnswer{Reason: c.silence(tx.Now >= r.AnswerBy)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// silence is why a change ends without its carrier's word: nothing was said in time,
// or another one of them could not be.
func (c Change) silence(late bool) fact.ChangeReason {
	if late && c.Agreed.IsZero() {
		return fact.ChangeSilent
	}
	return fact.ChangeApart
}

// tell has the carrier of a change told what becomes of what it agreed to.
func (c Change) tell(tx *flow.Tx, m ident.Merchant, s carrier.ChangeStep) error {
	with, err := carrier.Get(tx.Tx, m, c.Connection)
	if err != nil || with.Inquiries == "" {
		return err // it hears by webhook
	}
	return tx.Enqueue(m, ChangeErrand, string(c.ID)+"/"+string(s), changing{Change: c.ID, Step: s})
}

// letGo has the carrier of a change that ended told that it is not wanted any more,
// where it may have kept something for it.
func (c Change) letGo(tx *flow.Tx, m ident.Merchant) error {
	if !slices.Contains([]fact.ChangeReason{fact.ChangeApart, fact.ChangeSilent, fact.ChangeImpossible}, c.Reason) {
		return nil // it said no itself
	}
	return c.tell(tx, m, carrier.ChangeRelease)
}

// told is what a carrier made of a step that follows its yes. A word that it does
// not keep is known, and told: the promise that followed from it stands.
func (c Change) told(tx *flow.Tx, m ident.Merchant, s carrier.ChangeStep, a carrier.ChangeAnswer) error {
	if s != carrier.ChangeConfirm || a.Outcome != carrier.ChangeRefused {
		return nil
	}
	return tx.Emit(m, string(c.Order), string(c.ID), fact.ChangeUnkept{Change: c.body(), Reason: a.Reason})
}
