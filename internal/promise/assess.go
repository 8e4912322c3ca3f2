package promise

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// morning is the local minute of the day at which open commitments are
// assessed: the night's scans are in, and there is a day left to do something.
const morning = 7 * 60

// lookAhead is how many days before its deadline a commitment without a plan of
// handing over is first assessed: a month in advance there is nothing to see.
const lookAhead = 10

// firstLook is the first morning on which something can have gone wrong: after
// the day planned for handing over, when there is one. Whether an order will be
// complete, nobody can foresee.
func firstLook(c Commitment) civil.Instant {
	if !c.Delivers() {
		return 0
	}
	zone := zoneOr(c.Zone, time.UTC)
	from := c.HandoverBy
	if from.IsZero() {
		from = ((c.Until - 1).Day(zone) - lookAhead).Start(zone)
	}
	return c.nextLook(max(c.Made, from))
}

// nextLook is the first morning after an instant, 0 when the deadline is before it.
func (c Commitment) nextLook(now civil.Instant) civil.Instant {
	zone := zoneOr(c.Zone, time.UTC)
	for d := now.Day(zone); ; d++ {
		w, err := civil.Slot(d, morning, morning+1, zone)
		switch {
		case err != nil || w.From <= now:
		case w.From >= c.Until:
			return 0
		default:
			return w.From
		}
	}
}

// AssessMoves is the reaction to tracking.moved that weighs an incident: an
// ordinary scan can wait for the morning.
func (c *Curves) AssessMoves(tx *flow.Tx, facts []flow.Fact) error {
	moved, err := flow.Bodies[fact.ParcelMoved](facts)
	if err != nil {
		return err
	}
	about := alarm{causes: map[ident.Order]flow.Fact{}}
	for i, p := range moved {
		if p.Direction == fact.Out && (p.Reason != "" || incident(p.Now) || !p.Expected.IsZero()) {
			about.add(p.Order, facts[i])
		}
	}
	return c.assessOrders(tx, facts[0].Merchant, about)
}

// AssessStalls is the reaction to tracking.stalled: silence is no cause of its
// own, it only makes us look.
func (c *Curves) AssessStalls(tx *flow.Tx, facts []flow.Fact) error {
	stalled, err := flow.Bodies[fact.ParcelStalled](facts)
	if err != nil {
		return err
	}
	about := alarm{causes: map[ident.Order]flow.Fact{}}
	for i, p := range stalled {
		about.add(p.Order, facts[i])
	}
	return c.assessOrders(tx, facts[0].Merchant, about)
}

// incident reports whether a status by itself endangers a promise.
func incident(s fact.Status) bool {
	switch s {
	case fact.Exception, fact.CustomsHeld, fact.FailedAttempt, fact.Redirected, fact.Returning, fact.Returned, fact.Lost, fact.Cancelled:
		return true
	}
	return false
}

// alarm is what facts say of orders.
type alarm struct {
	orders []ident.Order
	causes map[ident.Order]flow.Fact
}

func (a *alarm) add(o ident.Order, f flow.Fact) {
	if _, seen := a.causes[o]; !seen {
		a.orders = append(a.orders, o)
	}
	a.causes[o] = f
}

func (c *Curves) assessOrders(tx *flow.Tx, m ident.Merchant, about alarm) error {
	if len(about.orders) == 0 {
		return nil
	}
	cs, err := db.All(tx.Tx, sqlCommitmentsOf, scanCommitment, m, db.In(about.orders))
	if err != nil {
		return err
	}
	return c.assess(tx, m, cs, about)
}

// Assessments is the sweep that assesses open commitments each local morning.
func (c *Curves) Assessments() flow.Sweep {
	return flow.Sweep{
		Name: "promise.Assessments",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlToAssess, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) { return earliest(tx, sqlNextToAssess) },
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			cs, err := db.All(tx.Tx, sqlCommitments, scanCommitment, m, db.In(ids))
			if err != nil {
				return err
			}
			rows := make([][]any, len(cs))
			for i, one := range cs {
				rows[i] = []any{one.ID, one.nextLook(tx.Now)}
			}
			if err := tx.Do(sqlAssessAt, m, db.Rows(rows)); err != nil {
				return err
			}
			return c.assess(tx, m, cs, alarm{})
		},
	}
}

// assess weighs the risk of open delivery promises, as things are and in the light of
// incidents, and warns once for each cause that crosses the merchant's threshold.
func (c *Curves) assess(tx *flow.Tx, m ident.Merchant, cs []Commitment, about alarm) error {
	open := stillOpen(cs, tx.Now)
	if len(open) == 0 {
		return nil
	}
	org, err := merchant.Get(tx.Tx, m)
	if err != nil {
		return err
	}
	incidents, err := tellable(tx.Tx, m)
	if err != nil {
		return err
	}
	w, err := c.weigh(tx.Tx, org, open, incidents)
	if err != nil {
		return err
	}
	return warn(tx, m, w.grave(org.RiskAt), about.causes)
}

// explains reports whether a warning has told why goods do not move: that they are
// slow, or have not left, is then no news.
func (w Warning) explains(cause string) bool {
	_, is := fact.IncidentOf(w.Cause)
	return is && w.Lifted == 0 && (cause == Slow || cause == NotHandedOver)
}

// warn writes each danger that was not warned of before, and says so. Within a
// lane nobody writes between the read and the insert.
func warn(tx *flow.Tx, m ident.Merchant, dangers weights, causes map[ident.Order]flow.Fact) error {
	if len(dangers) == 0 {
		return nil
	}
	ids := make([]ident.Commitment, len(dangers))
	for i, d := range dangers {
		ids[i] = d.commitment.ID
	}
	before, err := Warnings(tx.Tx, m, ids)
	if err != nil {
		return err
	}
	for _, d := range dangers {
		c := d.commitment
		if slices.ContainsFunc(before[c.ID], func(w Warning) bool { return w.Cause == d.cause || w.explains(d.cause) }) {
			continue
		}
		id := ident.New[ident.Warning](tx.Mint)
		if err := tx.Do(sqlInsertWarning, m, id, c.ID, d.cause, d.p, tx.Now); err != nil {
			return err
		}
		before[c.ID] = append(before[c.ID], Warning{ID: id, Commitment: c.ID, Cause: d.cause})
		err := tx.Because(causes[c.Order]).Emit(m, string(c.Order), string(id), fact.PromiseAtRisk{
			Promise: c.body(), Warning: id, Cause: d.cause, Probability: d.p,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fill gives each way its estimate, as of its own day.
func (c *Curves) fill(tx *db.Tx, m ident.Merchant, ways []way) error {
	of := map[civil.Day][]int{}
	for i, w := range ways {
		of[w.outlook.Today] = append(of[w.outlook.Today], i)
	}
	for today, indexes := range of {
		roads := make([]Road, len(indexes))
		for k, i := range indexes {
			roads[k] = ways[i].road
		}
		estimates, err := c.For(tx, m, roads, today)
		if err != nil {
			return err
		}
		for k, i := range indexes {
			ways[i].outlook.Estimate = estimates[k]
		}
	}
	return nil
}
