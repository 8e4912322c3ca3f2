package backtest

import (
	"slices"
	"sort"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/promise"
)

// The rules, fixed before any score was looked at.
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
}

// learn makes the forecast of the day on which the i-th order was bought.
func (f *forecast) learn(i int) {
	bought := f.bought[i]
	f.today = bought.from
	f.known = max(f.known, f.first+1, bought.Purchased.start(bought.from))
	window := f.window()
	f.week = f.weekOf(window)

	all := f.curve(window, always)
	aim := f.aim(i, all.GiveUp(), all.N)
	curve := f.curve(window, func(t *trip) bool { return t.from.Weekday() == f.today.Weekday() })
	if float64(curve.N)*(1-f.target) < missesEnough {
		curve = all
	}
	f.days = daysOf(curve, aim)
}

func always(*trip) bool { return true }

// daysOf is how many delivery days to promise. While the curve does not reach,
// nobody can say more than that the parcel will have come or be given up.
func daysOf(c promise.Curve, aim float64) int {
	if _, ok := c.Quantile(aim); !ok {
		return c.GiveUp()
	}
	days, _ := c.Choose(aim)
	return days
}

// window is what is looked at: the parcels that came in the last days, and those
// that are on the road.
type window struct {
	since   civil.Day // its first day
	arrived []*trip
	road    []*trip
}

func (f *forecast) window() window {
	end := sort.Search(len(f.arrived), func(i int) bool { return f.arrived[i].arrived >= f.known })
	since := min(f.today-windowDays, f.arrived[end-warmUp].to)
	begin := sort.Search(end, func(i int) bool { return f.arrived[i].to >= since })
	f.follow()
	return window{since: since, arrived: f.arrived[begin:end], road: f.road}
}

// follow brings the parcels on the road up to what is known.
func (f *forecast) follow() {
	for ; f.seen < len(f.entered) && f.entered[f.seen].entered < f.known; f.seen++ {
		f.road = append(f.road, f.entered[f.seen])
	}
	f.road = slices.DeleteFunc(f.road, f.came)
}

// weekOf is the shop's week, once four weeks of deliveries are known.
func (f *forecast) weekOf(w window) week {
	if f.arrived[0].to > f.today-windowDays {
		return everyDay
	}
	var came [7]int
	for _, t := range w.arrived {
		came[t.to.Weekday()]++
	}
	return weekOf(came)
}

// curve is how the parcels of a window arrive, of those that of takes.
func (f *forecast) curve(w window, of func(*trip) bool) promise.Curve {
	transits := make([]promise.Transit, 0, len(w.arrived)+len(w.road))
	for _, t := range w.arrived {
		if of(t) {
			transits = append(transits, promise.Transit{Days: f.week.between(t.from, t.to), Done: true, Since: f.week.ended(t.from, w.since) + 1})
		}
	}
	for _, t := range w.road {
		if of(t) {
			transits = append(transits, promise.Transit{Days: f.week.ended(t.from, f.today), Since: f.week.ended(t.from, w.since) + 1})
		}
	}
	return promise.NewCurve(transits)
}

func (f *forecast) came(t *trip) bool { return t.arrived != 0 && t.arrived < f.known }

// aim is the share to ask so that the target is kept, learned from the last
// promises that are due, made before the i-th order. Like the estimate it sees
// only parcels that were handed over and not given up.
func (f *forecast) aim(i, giveUp, window int) float64 {
	due, missed := 0, 0
	for _, t := range slices.Backward(f.bought[:i]) {
		if t.promised == civil.NoDay || due == window {
			break
		}
		onTheRoad := !f.came(t)
		switch {
		case t.promised >= f.today, t.entered == 0, t.entered >= f.known:
			continue
		case onTheRoad && f.week.ended(t.from, f.today) > giveUp:
			continue
		}
		due++
		if onTheRoad || t.to > t.promised {
			missed++
		}
	}
	return promise.Aim(f.target, due, missed, window)
}
