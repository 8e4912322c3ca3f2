package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a commitment with its last verdict. The fault is not_found.
func Get(tx *db.Tx, m ident.Merchant, id ident.Commitment) (Commitment, error) {
	c, ok, err := db.One(tx, sqlCommitments, scanCommitment, m, db.In([]ident.Commitment{id}))
	if err == nil && !ok {
		return Commitment{}, fault.New(fault.NotFound, "not_found", "commitment")
	}
	return c, err
}

// OfOrders reads what orders owe and owed, the oldest first, each with its last
// verdict. An order of another merchant has none.
func OfOrders(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order][]Commitment, error) {
	cs, err := db.All(tx, sqlCommitmentsOf, scanCommitment, m, db.In(orders))
	if err != nil {
		return nil, err
	}
	of := map[ident.Order][]Commitment{}
	for _, c := range cs {
		of[c.Order] = append(of[c.Order], c)
	}
	return of, nil
}

// DeliveryOf is the delivery promise in force among what one order owes and owed:
// the youngest that no other replaced. Its ID is empty when there is none.
func DeliveryOf(cs []Commitment) Commitment {
	return inForce(cs, Commitment.Delivers)
}

// CompleteOf is the promise of a complete order in force, likewise.
func CompleteOf(cs []Commitment) Commitment {
	return inForce(cs, func(c Commitment) bool { return c.Owed == fact.Complete })
}

func inForce(cs []Commitment, is func(Commitment) bool) (none Commitment) {
	for _, c := range slices.Backward(cs) {
		if c.State != fact.Amended && is(c) {
			return c
		}
	}
	return none
}

// Page is a place in the list of commitments, and how much to read from there.
type Page struct {
	State fact.State       // empty: all
	After ident.Commitment // the last one of the page before; empty at first
	Limit int
}

// newest sorts after every commitment.
const newest ident.Commitment = "com_zzzzzzzzzzzzzzzzzzzzzzzzzz"

// List pages through the commitments of a merchant, the newest first.
func List(tx *db.Tx, m ident.Merchant, p Page) ([]Commitment, error) {
	if p.After == "" {
		p.After = newest
	}
	if p.State == "" {
		return db.All(tx, sqlCommitmentsBefore, scanCommitment, m, p.After, p.Limit)
	}
	return db.All(tx, sqlCommitmentsInState, scanCommitment, m, p.After, p.Limit, p.State)
}

// Count is how many delivery promises of a merchant are in a state.
func Count(tx *db.Tx, m ident.Merchant, s fact.State) (int, error) {
	n, _, err := db.One(tx, sqlCount, db.Scalar[int], m, s)
	return n, err
}

// Verdicts reads all verdicts of a commitment: the judgement, then its corrections.
func Verdicts(tx *db.Tx, m ident.Merchant, id ident.Commitment) ([]Verdict, error) {
	return db.All(tx, sqlVerdicts, scanVerdict, m, id)
}

// Warning is a risk the shopper and the desk were warned of.
type Warning struct {
	ID          ident.Warning
	Commitment  ident.Commitment
	Cause       string  // one of the causes of Risk, or an incident (fact.IncidentOf)
	Probability float64 // of missing the deadline, when it was written
	At          civil.Instant
	Lifted      civil.Instant // when it stopped being so; 0: it stands
}

// Standing are the warnings that nobody took back.
func Standing(all []Warning) (stand []Warning) {
	for _, w := range all {
		if w.Lifted == 0 {
			stand = append(stand, w)
		}
	}
	return stand
}

// Warnings reads the warnings of commitments, the oldest first.
func Warnings(tx *db.Tx, m ident.Merchant, ids []ident.Commitment) (map[ident.Commitment][]Warning, error) {
	ws, err := db.All(tx, sqlWarnings, scanWarning, m, db.In(ids))
	if err != nil {
		return nil, err
	}
	of := map[ident.Commitment][]Warning{}
	for _, w := range ws {
		of[w.Commitment] = append(of[w.Commitment], w)
	}
	return of, nil
}
