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
// Window: the parcels handed to the carrier in the last weeks, as many whole
// weeks as hold the give-up age of 4 medians, so that the fate of the oldest is
// known; and 200 of them at least, as many as it takes to begin at all. By the
// day of handing over and not of purchase: of the last purchases only the fast
// ones have been handed over.
//
// Weekday: the parcels bought on the same weekday alone, where they are enough for
// 10 misses; else all.
//
// Day: what promise.Curve.Choose says of the share that promise.Aim asks.
const (
	// missesEnough is how many misses the history of one weekday must allow for its
	// own curve to be read: 100 parcels at 0.90, 200 at 0.95, 500 at 0.98.
	missesEnough = 10
	// weekKnown is how many days of deliveries show a shop's week: each weekday
	// four times.
	weekKnown = 28
)

// forecast is what is promised on one day, and what it is learned from.
type forecast struct {
	history
	target float64
	since  civil.Instant // of the last delivery before promises begin

	today civil.Day
	known civil.Instant // what happened before it is known
	week  week
	days  int // to promise today, in delivery days
}

// learn makes the forecast of the day on which the i-th order was bought.
func (f *forecast) learn(i int) {
	first := f.bought[i]
	f.today = first.from
	f.known = max(first.Purchased.start(first.from), f.since+1)
	recent := f.recent()
	f.week = f.weekOf(recent)

	window := f.window(f.curve(recent).GiveUp())
	all := f.curve(window)
	aim := f.aim(i, all.GiveUp(), len(window))
	curve := f.curve(f.sameWeekday(window))
	if float64(curve.N)*(1-f.target) < missesEnough {
		curve = all
	}
	f.days = daysOf(curve, aim)
}

// daysOf is how many delivery days to promise. While the curve does not reach,
// nobody can say more than that the parcel will have come or be given up.
func daysOf(c promise.Curve, aim float64) int {
	if _, ok := c.Quantile(aim); !ok {
		return c.GiveUp()
	}
	days, _ := c.Choose(aim)
	return days
}

// recent is the last deliveries known: those of 28 days, 200 at least.
func (f *forecast) recent() []*trip {
	end := sort.Search(len(f.arrived), func(i int) bool { return f.arrived[i].arrived >= f.known })
	since := f.known - weekKnown*aDay
	begin := sort.Search(end, func(i int) bool { return f.arrived[i].arrived >= since })
	return f.arrived[max(0, min(begin, end-warmUp)):end]
}

// weekOf is the shop's week, once four weeks of deliveries are known.
func (f *forecast) weekOf(recent []*trip) week {
	if f.arrived[0].arrived > f.known-weekKnown*aDay {
		return everyDay
	}
	var came [7]int
	for _, t := range recent {
		came[t.to.Weekday()]++
	}
	return weekOf(came)
}

// window is the parcels to learn from: handed over in the whole weeks that hold
// the give-up age, 200 at least.
func (f *forecast) window(giveUp int) []*trip {
	end := sort.Search(len(f.entered), func(i int) bool { return f.entered[i].entered >= f.known })
	since := f.known - civil.Instant(f.week.calendar(giveUp))*aDay
	begin := sort.Search(end, func(i int) bool { return f.entered[i].entered >= since })
	return f.entered[max(0, min(begin, end-warmUp)):end]
}

func (f *forecast) sameWeekday(window []*trip) (same []*trip) {
	for _, t := range window {
		if t.from.Weekday() == f.today.Weekday() {
			same = append(same, t)
		}
	}
	return same
}

// curve is how the parcels of a window arrive, as far as is known.
func (f *forecast) curve(window []*trip) promise.Curve {
	transits := make([]promise.Transit, len(window))
	for i, t := range window {
		if f.came(t) {
			transits[i] = promise.Transit{Days: f.week.between(t.from, t.to), Done: true}
		} else {
			transits[i] = promise.Transit{Days: f.week.ended(t.from, f.today)}
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
