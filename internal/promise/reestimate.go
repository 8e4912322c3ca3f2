package promise

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Expected is when goods that are late, or may be, will really come.
type Expected struct {
	Day        civil.Day // in the destination's zone
	By         civil.Instant
	Confidence float64 // that they come by the end of that day; 0 on a standard, which has none
}

// maxAhead is how many days a date is looked for; what takes longer nobody can name.
const maxAhead = 60

// Expect reads when what a commitment owes will come, as surely as the merchant
// promises, given where its parcels are now. ok is false when nothing known
// allows a date: a parcel that will not come, a way that nobody serves.
func (c *Curves) Expect(tx *db.Tx, m ident.Merchant, one Commitment) (e Expected, ok bool, err error) {
	org, err := merchant.Get(tx, m)
	if err != nil {
		return e, false, err
	}
	incidents, err := Current(tx, m)
	if err != nil {
		return e, false, err
	}
	view, err := survey(tx, org, []Commitment{one})
	if err != nil {
		return e, false, err
	}
	ways := view.ways(one, tx.Now, &c.Calendars, incidents)
	if len(ways) == 0 {
		return e, false, nil
	}
	if err := c.fill(tx, m, ways); err != nil {
		return e, false, err
	}
	zone := zoneOr(one.Zone, time.UTC)
	sure, counted := view.target, 1.0
	if onStandard(ways) {
		sure, counted = evens, 0
	}
	for d := ways[0].outlook.Today; d <= ways[0].outlook.Today+maxAhead; d++ {
		if p := worst(ways, d, d.End(zone)); 1-p >= sure {
			return Expected{Day: d, By: d.End(zone), Confidence: counted * (1 - p)}, true, nil
		}
	}
	return e, false, nil
}

// evens is how sure a date is that stands on a carrier's standard alone: what has
// outlived it is taken to need as long again, which is a guess and said as one.
const evens = 0.5

func onStandard(ways []way) bool {
	return slices.ContainsFunc(ways, func(w way) bool { return w.outlook.Estimate.Basis == BasisStandard })
}

// worst is the risk that something has not come by the end of a day.
func worst(ways []way, d civil.Day, until civil.Instant) (p float64) {
	for _, w := range ways {
		w.outlook.Last, w.outlook.Until = d, until
		risk, _ := Risk(w.outlook)
		p = max(p, risk)
	}
	return p
}

// Reestimate has somebody's question "when, then?" answered: it says the day that
// Expect finds, so that the shopper is told. Nothing that is owed moves by it.
// The faults are not_found, commitment_closed (it arrived, or is not owed any
// more), and no_estimate.
func (c *Curves) Reestimate(tx *flow.Tx, m ident.Merchant, id ident.Commitment) (Expected, error) {
	one, err := Get(tx.Tx, m, id)
	if err != nil {
		return Expected{}, err
	}
	if !one.Delivers() || one.State != fact.Open && one.State != fact.Broken || one.State == fact.Broken && one.Last.LateKnown {
		return Expected{}, fault.New(fault.Conflict, "commitment_closed", "commitment", "state", string(one.State))
	}
	e, ok, err := c.Expect(tx.Tx, m, one)
	if err != nil {
		return Expected{}, err
	}
	if !ok {
		return Expected{}, fault.New(fault.Conflict, "no_estimate", "commitment")
	}
	estimate := ident.New[ident.Estimate](tx.Mint)
	return e, tx.Emit(m, string(one.Order), string(estimate), fact.PromiseReestimated{
		Promise: one.body(), Estimate: estimate, By: e.By, Confidence: e.Confidence,
	})
}
