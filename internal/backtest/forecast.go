package backtest

import (
	"slices"
	"sort"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/promise"
)

// The rules. Each has its reason; none is fitted to a file.
//
// Clock: from purchase to delivery, in the shop's delivery days (week).
//
// Known: what had happened before the local midnight that began the day of
// purchase. Of a day under way, one sees the parcels that came and not yet those
// that will: counting it would make promises short.
//
// Window: the last 28 days, each weekday four times; longer where fewer than 200
// parcels came in them, as many as it takes to begin at all. What is looked at is
// what happened in the window, to whatever parcel was handed over by then: who
// came, who was given up, and who was on the road on which day. (In actuarial
// terms a period table, not one of cohorts: Brenner and Gefeller, Cancer 78,
// 1996.) So a slow lane is followed as closely as a fast one.
//
// Weekday: the parcels bought on the same weekday alone, where they are enough for
// 10 misses; else all.
//
// Day: what promise.Curve.Choose says of the share that promise.Aim asks.
const (
	windowDays = 28
	// missesEnough is how many misses the history of one weekday must allow for its
	// own curve to be read: 100 parcels at 0.90, 200 at 0.95, 500 at 0.98.
	missesEnough = 10
)

// forecast is what is promised on one day, and what it is learned from.
type forecast struct {
	history
	target float64
	first  civil.Instant // of the last delivery before promises begin

	today civil.Day
	known civil.Instant // what happened before it is known
	seen  int           // how many of entered are known
	road  []*trip       // of these, the ones that have not come
	week  week
	days  int // to promise today, in delivery days

	unsettled   []*trip // promised, in order of purchase
	due, missed float64 // of those settled
}

// promise makes the promise of an order, and first the forecast of its day.
func (f *forecast) promise(t *trip) {
	if t.from > f.today {
		f.learn(t)
	}
	t.promised = f.week.after(t.from, f.days)
	f.unsettled = append(f.unsettled, t)
}

// learn makes the forecast of the day on which an order was bought.
func (f *forecast) learn(bought *trip) {
	f.today = bought.from
	f.known = max(f.known, f.first+1, bought.Purchased.start(bought.from))
	last := f.window()
	f.week = f.weekOf(last)

	all := f.curve(last, always)
	aim := f.aim(all)
	curve := f.curve(last, func(t *trip) bool { return t.from.Weekday() == f.today.Weekday() })
	if float64(curve.N)*(1-f.target) < missesEnough {
		curve = all
	}
	f.days, _ = curve.Choose(aim)
}

func always(*trip) bool { return true }

// period is what is looked at: the parcels that came in the last days, and those
// that are on the road.
type period struct {
	since   civil.Day // its first day
	arrived []*trip
	road    []*trip
}

func (f *forecast) window() period {
	end := sort.Search(len(f.arrived), func(i int) bool { return f.arrived[i].arrived >= f.known })
	since := min(f.today-windowDays, f.arrived[end-warmUp].to)
	begin := sort.Search(end, func(i int) bool { return f.arrived[i].to >= since })
	f.follow()
	return period{since: since, arrived: f.arrived[begin:end], road: f.road}
}

// follow brings the parcels on the road up to what is known.
func (f *forecast) follow() {
	for ; f.seen < len(f.entered) && f.entered[f.seen].entered < f.known; f.seen++ {
		f.road = append(f.road, f.entered[f.seen])
	}
	f.road = slices.DeleteFunc(f.road, f.came)
}

// weekOf is the shop's week, once four weeks of deliveries are known.
func (f *forecast) weekOf(p period) week {
	if f.arrived[0].to > f.today-windowDays {
		return everyDay
	}
	var came [7]int
	for _, t := range p.arrived {
		came[t.to.Weekday()]++
	}
	return weekOf(came)
}

// curve is how the parcels of a period arrive, of those that of takes.
func (f *forecast) curve(p period, of func(*trip) bool) promise.Curve {
	transits := make([]promise.Transit, 0, len(p.arrived)+len(p.road))
	for _, t := range p.arrived {
		if of(t) {
			transits = append(transits, promise.Transit{Days: f.week.between(t.from, t.to), Done: true, Since: f.week.ended(t.from, p.since) + 1})
		}
	}
	for _, t := range p.road {
		if of(t) {
			transits = append(transits, promise.Transit{Days: f.week.ended(t.from, f.today), Since: f.week.ended(t.from, p.since) + 1})
		}
	}
	return promise.NewCurve(transits)
}

func (f *forecast) came(t *trip) bool { return t.arrived != 0 && t.arrived < f.known }

// aim is the share to ask so that the target is kept. It settles the promises
// whose day has ended. Like the curve it sees only parcels that were handed over
// and not given up; one given up that arrives after all was late.
func (f *forecast) aim(c promise.Curve) float64 {
	var due, missed float64 // of parcels on the road
	f.unsettled = slices.DeleteFunc(f.unsettled, func(t *trip) bool {
		if t.promised >= f.today {
			return false
		}
		if f.came(t) {
			f.settle(t)
			return true
		}
		age := f.week.ended(t.from, f.today)
		if t.entered != 0 && t.entered < f.known && age <= c.GiveUp() {
			due += c.Hope(age)
			missed += c.Hope(age)
		}
		return false
	})
	return promise.Aim(f.target, f.due+due, f.missed+missed, float64(c.N))
}

func (f *forecast) settle(t *trip) {
	f.due++
	if t.to > t.promised {
		f.missed++
	}
}
