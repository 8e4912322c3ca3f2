package promise

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// danger is the greatest risk of a commitment.
type danger struct {
	commitment Commitment
	p          float64
	cause      string
	by         ident.Incident // reckoned without the days of this incident; empty: with none
}

// weights are dangers: of each commitment first as if there were no incident, and
// then in the light of each that touches it.
type weights []danger

// weigh gives the risks of open promises, in the order given.
func (c *Curves) weigh(tx *db.Tx, org merchant.Organisation, open []Commitment, incidents []Incident) (weights, error) {
	if len(open) == 0 {
		return nil, nil
	}
	view, err := survey(tx, org, open)
	if err != nil {
		return nil, err
	}
	var ways []way
	for _, one := range open {
		ways = append(ways, view.ways(one, tx.Now, &c.Calendars, nil)...)
		for _, i := range incidents {
			ways = append(ways, view.under(one, tx.Now, &c.Calendars, i)...)
		}
	}
	return c.dangers(tx, org.ID, ways)
}

// dangers weighs each parcel that has not arrived, and the goods in none, and
// gives the greatest risk of each commitment, in the order given.
func (c *Curves) dangers(tx *db.Tx, m ident.Merchant, ways []way) (weights, error) {
	if err := c.fill(tx, m, ways); err != nil {
		return nil, err
	}
	var all weights
	for _, w := range ways {
		p, cause := Risk(w.outlook)
		if w.by != "" {
			cause = string(w.by)
		}
		d := danger{w.commitment, p, cause, w.by}
		switch n := len(all); {
		case n == 0 || all[n-1].commitment.ID != d.commitment.ID || all[n-1].by != d.by:
			all = append(all, d)
		case all[n-1].p < d.p:
			all[n-1] = d
		}
	}
	return all, nil
}

// plain is the risk of each commitment as if there were no incident.
func (w weights) plain() map[ident.Commitment]float64 {
	of := map[ident.Commitment]float64{}
	for _, d := range w {
		if d.by == "" {
			of[d.commitment.ID] = d.p
		}
	}
	return of
}

// grave are the dangers to warn of, those of incidents first: an incident is one
// where it makes things worse than they are anyway.
func (w weights) grave(from float64) weights {
	plain := w.plain()
	var out weights
	for _, d := range w {
		if d.by != "" && d.p >= from && d.p > plain[d.commitment.ID] {
			out = append(out, d)
		}
	}
	for _, d := range w {
		if d.by == "" && d.p >= from {
			out = append(out, d)
		}
	}
	return out
}

// by are the dangers of one incident; of all incidents where none is named.
func (w weights) by(i ident.Incident) weights {
	return slices.DeleteFunc(w, func(d danger) bool { return d.by == "" || i != "" && d.by != i })
}

// safe are the commitments that nothing endangers.
func (w weights) safe(below float64) (cs []Commitment) {
	worst := map[ident.Commitment]float64{}
	for _, d := range w {
		worst[d.commitment.ID] = max(worst[d.commitment.ID], d.p)
	}
	for _, d := range w {
		if d.by == "" && worst[d.commitment.ID] < below {
			cs = append(cs, d.commitment)
		}
	}
	return cs
}
