package promise

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// ReviewErrand is the kind of the errand that looks at open promises in the light of
// an incident, a page at a time: each page is one transaction, which ends the errand
// of that page and asks for the next one. Whatever dies in between, a page is looked
// at whole or not at all, and nobody is warned of one incident twice.
const ReviewErrand = "promise.Review"

// pageOfReview is how many promises one transaction looks at.
const pageOfReview = 500

// reviewing is where the review of an incident stands.
type reviewing struct {
	Incident ident.Incident   `json:"incident"`
	Revision int64            `json:"revision"`
	After    ident.Commitment `json:"after,omitempty"`
	Counting bool             `json:"counting,omitempty"` // nobody is warned yet
	People   int              `json:"people,omitempty"`   // endangered on the pages before
	Fresh    int              `json:"fresh,omitempty"`    // of them, those whom nobody warned of it
}

// look asks for the next page of promises to be looked at.
func (i Incident) look(tx *flow.Tx, m ident.Merchant, after ident.Commitment) error {
	return tx.Enqueue(m, ReviewErrand, fmt.Sprintf("%s/%d/%s", i.ID, i.revision, after), reviewing{Incident: i.ID, Revision: i.revision, After: after})
}

// reviewTries is how often a page is tried before an operator has to look.
const reviewTries = 8

// Reviewer is the errand that goes through open promises. It calls nobody: it is an
// errand because there may be thousands.
func (c *Curves) Reviewer() flow.Errander {
	return flow.Errander{Kind: ReviewErrand, Tries: reviewTries, Run: func(_ context.Context, e flow.Errand) (flow.Settle, error) {
		var r reviewing
		if err := e.Decode(&r); err != nil {
			return nil, flow.Final{Err: err}
		}
		return func(tx *flow.Tx) error { return c.review(tx, e.Merchant, r) }, nil
	}}
}

const sqlOpenAfter = `select id from promise_commitment where merchant = $1 and state = 'open' and id > $2 order by id limit $3`

// openAfter is a page of what is open, the oldest first.
func openAfter(tx *db.Tx, m ident.Merchant, after ident.Commitment) ([]Commitment, error) {
	ids, err := db.All(tx, sqlOpenAfter, db.Scalar[ident.Commitment], m, after, pageOfReview)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return db.All(tx, sqlCommitments, scanCommitment, m, db.In(ids))
}

// review warns of an incident whoever of a page it endangers, and takes the warning
// back from whoever it does not endanger any more. An incident that was changed
// since is looked at anew by an errand of its own.
func (c *Curves) review(tx *flow.Tx, m ident.Merchant, r reviewing) error {
	i, err := GetIncident(tx.Tx, m, r.Incident)
	if err != nil || i.revision != r.Revision || !r.Counting && !i.told() && i.Ended == 0 {
		return err
	}
	page, err := openAfter(tx.Tx, m, r.After)
	if err != nil {
		return err
	}
	org, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return err
	}
	w, err := c.weigh(tx.Tx, org, stillOpen(page, tx.Now), []Incident{i})
	if err != nil {
		return err
	}
	done := len(page) < pageOfReview
	if r.Counting {
		return c.counted(tx, m, i, countedPage{r, page, w.grave(org.RiskAt).by(i.ID)})
	}
	if i.told() {
		if err := warn(tx, m, w.grave(org.RiskAt).by(i.ID), nil); err != nil {
			return err
		}
	}
	if err := lift(tx, m, i, w.safe(org.RiskAt)); err != nil {
		return err
	}
	if err := tx.Do(sqlLookedOn, m, i.ID, i.revision, len(page), done); err != nil || done {
		return err
	}
	return i.look(tx, m, page[len(page)-1].ID)
}

const sqlLift = `update promise_warning set lifted_at = $4
	where merchant = $1 and cause = $2 and commitment in ($3) and lifted_at is null returning commitment, id`

// lift takes a warning back from promises that are safe again.
func lift(tx *flow.Tx, m ident.Merchant, i Incident, safe []Commitment) error {
	if len(safe) == 0 {
		return nil
	}
	of := byID(safe)
	ids := make([]ident.Commitment, len(safe))
	for k, c := range safe {
		ids[k] = c.ID
	}
	lifted, err := db.All(tx.Tx, sqlLift, scanLifted, m, i.ID, db.In(ids), tx.Now)
	if err != nil {
		return err
	}
	for _, w := range lifted {
		c := of[w.Commitment]
		err := tx.Emit(m, string(c.Order), string(w.ID), fact.RiskLifted{Promise: c.body(), Warning: w.ID, Cause: string(i.ID)})
		if err != nil {
			return err
		}
	}
	return nil
}

func scanLifted(r db.Row) (w Warning, err error) {
	err = r.Scan(&w.Commitment, &w.ID)
	return w, err
}

// AssessNew is the reaction to promise.made that warns of an incident who buys while
// it lasts, by a date that was shown before it was declared. What is quoted since
// reckons with it.
func (c *Curves) AssessNew(tx *flow.Tx, facts []flow.Fact) error {
	m := facts[0].Merchant
	current, err := tellable(tx.Tx, m)
	if err != nil || len(current) == 0 {
		return err
	}
	made, err := flow.Bodies[fact.PromiseMade](facts)
	if err != nil {
		return err
	}
	var ids []ident.Commitment
	for _, b := range made {
		ids = append(ids, b.Commitment)
	}
	cs, err := db.All(tx.Tx, sqlCommitments, scanCommitment, m, db.In(ids))
	if err != nil {
		return err
	}
	org, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return err
	}
	w, err := c.weigh(tx.Tx, org, stillOpen(cs, tx.Now), current)
	if err != nil {
		return err
	}
	causes := alarm{causes: map[ident.Order]flow.Fact{}}
	for i, b := range made {
		causes.add(b.Order, facts[i])
	}
	return warn(tx, m, w.grave(org.RiskAt).by(""), causes.causes)
}

// stillOpen are the delivery promises that can still be warned of.
func stillOpen(cs []Commitment, now civil.Instant) (open []Commitment) {
	for _, one := range cs {
		if one.Delivers() && one.State == fact.Open && now < one.Until {
			open = append(open, one)
		}
	}
	return open
}
