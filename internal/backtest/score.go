package backtest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// Result is what a walk found; as JSON, what the command prints. What can not be
// said is null: the shop without promised days, everything when nothing is scored.
type Result struct {
	Orders        int       `json:"orders"` // in the file, rejected rows apart
	Scored        int       `json:"scored"` // bought after the 200th delivery, and delivered
	Shop          *Figures  `json:"shop"`
	Promesse      *Asked    `json:"promesse"`
	HindsightDays *int      `json:"hindsight_days"` // the fixed number that would have reached the target
	ByMonth       []Month   `json:"by_month"`
	Breaches      *Breaches `json:"-"`
}

// Figures are promises and what became of them.
type Figures struct {
	Kept     float64 `json:"kept"`      // share delivered on the promised day or before
	MeanDays float64 `json:"mean_days"` // promised, in calendar days from purchase
	P50Days  int     `json:"p50_days"`  // half of the promises were of as many days or fewer
}

// Asked are the figures of promises made to be kept at a target.
type Asked struct {
	Target float64 `json:"target"`
	Figures
}

// Month is the orders bought in one calendar month.
type Month struct {
	Month    string   `json:"month"` // 2026-11
	Scored   int      `json:"scored"`
	Kept     float64  `json:"kept"`
	MeanDays float64  `json:"mean_days"`
	Shop     *Figures `json:"-"`
	TookDays float64  `json:"-"` // mean days from purchase to delivery
}

// Breaches count the broken promises of the scored orders that the shop had
// promised a day for: its own, and ours to the same customers.
type Breaches struct {
	Compared       int
	Shop, Promesse Breach
}

// Breach is broken promises, and those of them broken by more than Tolerance.
type Breach struct{ Broken, Repaired int }

// Tolerance is how late a delivery may be before the policy that is shipped makes
// it free: more than 30 minutes after the promised day.
const Tolerance = 30 * time.Minute

func score(orders int, scored []*trip, target float64) Result {
	r := Result{Orders: orders, Scored: len(scored), ByMonth: []Month{}}
	if len(scored) == 0 {
		return r
	}
	r.Promesse = &Asked{target, *figures(scored, ours)}
	r.Shop = figures(scored, theirs)
	r.HindsightDays = new(hindsight(scored, target))
	r.ByMonth = byMonth(scored)
	r.Breaches = breaches(scored)
	return r
}

// Whose promise is looked at.
func ours(t *trip) civil.Day   { return t.promised }
func theirs(t *trip) civil.Day { return t.Promised }

// figures of the trips that have a promise; nil when none has.
func figures(trips []*trip, promised func(*trip) civil.Day) *Figures {
	var days []int
	kept, sum := 0, 0
	for _, t := range trips {
		day := promised(t)
		if day == civil.NoDay {
			continue
		}
		days = append(days, int(day-t.from))
		sum += int(day - t.from)
		if t.to <= day {
			kept++
		}
	}
	if len(days) == 0 {
		return nil
	}
	slices.Sort(days)
	n := float64(len(days))
	return &Figures{Kept: float64(kept) / n, MeanDays: float64(sum) / n, P50Days: days[(len(days)-1)/2]}
}

// hindsight is the smallest number of days that, promised to everybody, would
// have been kept for a share of target.
func hindsight(scored []*trip, target float64) int {
	took := make([]int, len(scored))
	for i, t := range scored {
		took[i] = int(t.to - t.from)
	}
	slices.Sort(took)
	needed := int(math.Ceil(target*float64(len(took)) - 1e-9))
	return took[max(0, needed-1)]
}

// byMonth groups the trips by the month of purchase, in order.
func byMonth(scored []*trip) []Month {
	of := map[string][]*trip{}
	for _, t := range scored {
		name := monthOf(t.from)
		of[name] = append(of[name], t)
	}
	months := make([]Month, 0, len(of))
	for _, name := range slices.Sorted(maps.Keys(of)) {
		trips := of[name]
		f := figures(trips, ours)
		months = append(months, Month{
			Month: name, Scored: len(trips), Kept: f.Kept, MeanDays: f.MeanDays,
			Shop: figures(trips, theirs), TookDays: meanTook(trips),
		})
	}
	return months
}

func monthOf(d civil.Day) string {
	year, month, _ := d.Date()
	return fmt.Sprintf("%04d-%02d", year, month)
}

func meanTook(trips []*trip) float64 {
	sum := 0
	for _, t := range trips {
		sum += int(t.to - t.from)
	}
	return float64(sum) / float64(len(trips))
}

// breaches compares both promises to the same customers; nil when the shop made none.
func breaches(scored []*trip) *Breaches {
	var b Breaches
	for _, t := range scored {
		if t.Promised == civil.NoDay {
			continue
		}
		b.Compared++
		b.Shop.add(t, t.Promised)
		b.Promesse.add(t, t.promised)
	}
	if b.Compared == 0 {
		return nil
	}
	return &b
}

// add counts a trip that was promised for a day. The day ends where it was
// delivered: in the offset of the delivery.
func (b *Breach) add(t *trip, promised civil.Day) {
	if t.to <= promised {
		return
	}
	b.Broken++
	if t.arrived > t.Delivered.start(promised+1).Add(Tolerance) {
		b.Repaired++
	}
}
