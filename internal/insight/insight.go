// Package insight reads what the rooms have written and says how well promises
// are kept, and whether the books are in order. It is the only package that
// reads every room's tables; it writes none, and only doors may import it.
//
// A report is one .sql file, one struct and one test. The measures are those of
// the product: kept, told before, silent breaks, repaired, calibration,
// boldness. The invariants are named I1 to I14; those whose rooms exist are
// checked, each by a query that answers the ids which break it.
package insight

import (
	_ "embed"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Measures are what became of the commitments whose deadline lies in a period.
type Measures struct {
	Due        int // settled either way: kept and broken
	Kept       int
	Broken     int
	Void       int           // nobody owes them any more, or nobody can prove them
	ToldBefore int           // broken or amended, and the shopper was told before the deadline
	Silent     int           // broken, and the shopper was not told before: to be brought to zero
	Repaired   int           // broken, and a remedy was granted without being asked for
	Promised   time.Duration // summed over Due: from the promise to its deadline
	Repairing  time.Duration // summed over Repaired: from the deadline to the remedy
}

// KeptRate is kept ÷ due; ok is false when nothing was due.
func (m Measures) KeptRate() (rate float64, ok bool) { return ratio(m.Kept, m.Due) }

// Boldness is the mean time between promise and deadline, in days: short is
// bold, and worth something only at an equal kept rate.
func (m Measures) Boldness() (days float64, ok bool) {
	if m.Due == 0 {
		return 0, false
	}
	return m.Promised.Hours() / 24 / float64(m.Due), true
}

func ratio(n, of int) (float64, bool) {
	if of == 0 {
		return 0, false
	}
	return float64(n) / float64(of), true
}

func (m *Measures) add(o Measures) {
	m.Due += o.Due
	m.Kept += o.Kept
	m.Broken += o.Broken
	m.Void += o.Void
	m.ToldBefore += o.ToldBefore
	m.Silent += o.Silent
	m.Repaired += o.Repaired
	m.Promised += o.Promised
	m.Repairing += o.Repairing
}

// Promises is how well a merchant's promises were kept in a period. Those of
// delivery are the measure; that orders come whole is told apart.
type Promises struct {
	All         Measures // of delivery
	Whole       Measures // that orders are complete
	ByKind      map[fact.Owed]Measures
	ByWeek      []Measures // of delivery, from the beginning of the period on
	ByCarrier   map[ident.Connection]Measures
	ByService   map[ident.Service]Measures
	ByArea      map[string]Measures // "FR-69"
	Calibration []Decile
	Service     Service
	Given       []Given
}

// Service is the grocer's own measure: orders that came whole and in time, of
// those whose delivery is settled.
type Service struct{ Due, Met int }

// Rate is met ÷ due; ok is false when nothing was due.
func (s Service) Rate() (rate float64, ok bool) { return ratio(s.Met, s.Due) }

// Given is what was credited to shoppers.
type Given struct {
	Amount money.Amount
	Times  int
}

// Decile compares what quotes stated with what became of them.
type Decile struct {
	From   float64 // of stated confidence, inclusive; the decile is a tenth wide
	Due    int
	Stated float64 // mean confidence
	Kept   float64 // share kept
}

var (
	//go:embed promises.sql
	promisesSQL string

	//go:embed calibration.sql
	calibrationSQL string

	//go:embed service.sql
	serviceSQL string

	//go:embed given.sql
	givenSQL string
)

// PromisesOf reports on the commitments of a merchant whose deadline lies in
// [since, until).
func PromisesOf(tx *db.Tx, m ident.Merchant, since, until civil.Instant) (Promises, error) {
	p := Promises{
		ByKind:    map[fact.Owed]Measures{},
		ByCarrier: map[ident.Connection]Measures{}, ByService: map[ident.Service]Measures{}, ByArea: map[string]Measures{},
	}
	args := []any{m, int64(since), int64(until)}
	lanes, err := db.All(tx, promisesSQL, scanLane, args...)
	if err != nil {
		return p, err
	}
	for _, l := range lanes {
		p.add(l)
	}
	if p.Calibration, err = db.All(tx, calibrationSQL, scanDecile, args...); err != nil {
		return p, err
	}
	if p.Service, _, err = db.One(tx, serviceSQL, scanService, args...); err != nil {
		return p, err
	}
	p.Given, err = db.All(tx, givenSQL, scanGiven, args...)
	return p, err
}

func (p *Promises) add(l lane) {
	sum(p.ByKind, l.kind, l.Measures)
	if l.kind == fact.Complete {
		p.Whole.add(l.Measures)
		return
	}
	if l.kind != fact.DeliverBy && l.kind != fact.DeliverInSlot {
		return // about returns: told by kind
	}
	p.All.add(l.Measures)
	sum(p.ByCarrier, l.carrier, l.Measures)
	sum(p.ByService, l.service, l.Measures)
	sum(p.ByArea, l.country+"-"+l.area, l.Measures)
	for len(p.ByWeek) <= l.week && l.week < maxWeeks {
		p.ByWeek = append(p.ByWeek, Measures{})
	}
	if l.week < maxWeeks {
		p.ByWeek[l.week].add(l.Measures)
	}
}

// maxWeeks bounds the buckets of a report over all time.
const maxWeeks = 520

func sum[K comparable](by map[K]Measures, k K, m Measures) {
	all := by[k]
	all.add(m)
	by[k] = all
}

// lane is a part of a report, with where its promises were made.
type lane struct {
	kind    fact.Owed
	week    int // since the beginning of the period
	carrier ident.Connection
	service ident.Service
	country string
	area    string // first two characters of the postcode
	Measures
}

func scanLane(r db.Row) (l lane, err error) {
	var promised, repairing float64 // microseconds
	err = r.Scan(&l.kind, &l.week, &l.carrier, &l.service, &l.country, &l.area, &l.Kept, &l.Broken, &l.Void,
		&l.ToldBefore, &l.Silent, &l.Repaired, &promised, &repairing)
	l.Due = l.Kept + l.Broken
	l.Promised = time.Duration(promised) * time.Microsecond
	l.Repairing = time.Duration(repairing) * time.Microsecond
	return l, err
}

func scanDecile(r db.Row) (d Decile, err error) {
	var decile, kept int
	err = r.Scan(&decile, &d.Due, &kept, &d.Stated)
	d.From = float64(decile) / 10
	d.Kept, _ = ratio(kept, d.Due)
	return d, err
}

func scanService(r db.Row) (s Service, err error) {
	err = r.Scan(&s.Due, &s.Met)
	return s, err
}

func scanGiven(r db.Row) (g Given, err error) {
	err = r.Scan(&g.Amount.Currency, &g.Amount.Minor, &g.Times)
	return g, err
}
