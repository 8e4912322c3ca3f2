package backtest

import (
	"slices"
	"sort"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/promise"
)

// forecast is what is promised on one day, and what it is learned from. The rule
// is the one of quotes, promise.NewForecast; day 0 is the day of purchase.
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

	unsettled []*trip // promised, in order of purchase
	record    promise.Record
}

// promise makes the promise of an order, and first the forecast of its day.
func (f *forecast) promise(t *trip) {
	if t.from > f.today {
		f.learn(t)
	}
	t.promised = f.week.days.Add(t.from, f.days)
	f.unsettled = append(f.unsettled, t)
}

// learn makes the forecast of the day on which an order was bought.
func (f *forecast) learn(bought *trip) {
	f.today = bought.from
	f.known = max(f.known, f.first+1, bought.Purchased.start(bought.from))
	f.follow()
	f.settle()
	past := f.past()
	f.days, _ = promise.NewForecast(past).Choose(f.today, f.target)
}

// follow brings the parcels on the road up to what is known.
func (f *forecast) follow() {
	for ; f.seen < len(f.entered) && f.entered[f.seen].entered < f.known; f.seen++ {
		f.road = append(f.road, f.entered[f.seen])
	}
	f.road = slices.DeleteFunc(f.road, f.came)
}

func (f *forecast) came(t *trip) bool { return t.arrived != 0 && t.arrived < f.known }

// settle counts the promises whose day has ended and whose parcel has come.
func (f *forecast) settle() {
	f.unsettled = slices.DeleteFunc(f.unsettled, func(t *trip) bool {
		if t.promised >= f.today || !f.came(t) {
			return false
		}
		f.record.Due++
		if t.to > t.promised {
			f.record.Missed++
		}
		return true
	})
}

// past is what is known when the day begins.
func (f *forecast) past() promise.Past {
	end := sort.Search(len(f.arrived), func(i int) bool { return f.arrived[i].arrived >= f.known })
	since := promise.Since(f.today, f.arrived[end-promise.WindowParcels].to)
	begin := sort.Search(end, func(i int) bool { return f.arrived[i].to >= since })
	arrived := f.arrived[begin:end]
	f.week = f.week.turn(f.openOn(arrived))

	p := promise.Past{Today: f.today, Since: since, Days: f.week.days, Record: f.record}
	p.Passages = make([]promise.Passage, 0, len(arrived)+len(f.road))
	for _, t := range arrived {
		p.Passages = append(p.Passages, promise.Passage{Start: t.from, Came: t.to, Promised: t.promised, Parcels: 1})
	}
	for _, t := range f.road {
		p.Passages = append(p.Passages, promise.Passage{Start: t.from, Came: civil.NoDay, Promised: t.promised, Parcels: 1})
	}
	return p
}

// openOn is the weekdays of the shop's deliveries, once four weeks of them are known.
func (f *forecast) openOn(arrived []*trip) civil.Weekdays {
	if f.arrived[0].to > f.today-promise.WindowDays {
		return civil.EveryDay
	}
	var came [7]int
	for _, t := range arrived {
		came[t.to.Weekday()]++
	}
	return weekdaysOf(came)
}
