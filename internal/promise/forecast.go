package promise

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
)

// The rule by which days are promised. There is one, for the quotes of a shop and
// for its backtest: what the one shows is what the other does. Each part has its
// reason; none is fitted to a file of orders.
//
// Known: what had happened before the midnight that began the day. Of a day under
// way, one sees the parcels that came and not yet those that will: counting it
// would make promises short.
//
// Window: the last 28 days, each weekday four times; longer where fewer than 200
// parcels came in them, as far back as it takes. What is looked at is what happened
// in the window, to whatever parcel was handed over by then: who came, who was
// given up, and who was on the road on which day. (In actuarial terms a period
// table, not one of cohorts: Brenner and Gefeller, Cancer 78, 1996.) So a slow
// lane is followed as closely as a fast one.
//
// Weekday: the parcels that set out on the same weekday alone, where they are
// enough for 10 misses; else all.
//
// Day: what Curve.Choose says of the share that Aim asks, from the record of the
// promises made by this rule before.
//
// What differs is what the two are told, and nothing else:
//
// Day 0 is the purchase in a backtest, which knows no cut-off and no plan, and the
// day of handing over in a quote, which has planned the merchant's own days before.
// History that is imported does not know its purchases, and risk needs the
// carrier's part of the way alone. A merchant who hands over later than planned
// misses promises; the record pays for some of them, as far as Aim goes.
//
// A parcel has come when it is delivered in a backtest, when it is first presented
// in a quote. Delivery days are read off the file by a backtest; a service states
// its own. Only a carrier declares parcels lost, and tells some news days late.
//
// A backtest scores from the 200th delivery on; quotes begin at the 30th (enough),
// where the choice is a carrier's standard.
const (
	// WindowDays is how many days a window has at least.
	WindowDays = 28
	// WindowParcels is how many of the latest parcels that came a window has at least.
	WindowParcels = 200
	// missesEnough is how many misses the history of one weekday must allow for its
	// own curve to be read: 100 parcels at 0.90, 200 at 0.95, 500 at 0.98.
	missesEnough = 10
)

// Passage is parcels of a lane that set out on one day and fared alike.
type Passage struct {
	Start    civil.Day // day 0 of their clock
	Came     civil.Day // NoDay: on the road
	Promised civil.Day // by the rule, to whom they go; NoDay: none was, or nobody says
	Lost     bool      // they will not come, and it is known
	Parcels  int
}

// Past is what is known of a lane at the midnight at which Today begins.
type Past struct {
	Today civil.Day
	Since civil.Day       // the first day of the window
	Days  *civil.Calendar // delivery days
	// Passages are the parcels that came in the window, and all that have set out
	// and not come.
	Passages []Passage
	Record   Record
}

// Record is how promises were kept whose day has ended and whose parcel has come.
type Record struct {
	Due    int
	Missed int // of these, came later than promised
}

// Since is the first day of the window of a day, given on which day the last but
// 199 of the parcels came: NoDay when there are not so many, and then all there is
// is looked at, from its beginning.
func Since(today, came civil.Day) civil.Day { return min(today-WindowDays, came) }

// Forecast is what the past of a lane says on one day. It is an immutable value;
// copies share their figures.
type Forecast struct {
	all         Curve
	weekday     [7]Curve // of the parcels that set out on one
	due, missed float64  // promises whose day has ended
}

// NewForecast applies the rule, in time linear in the number of passages.
func NewForecast(p Past) Forecast {
	all, of := p.transits()
	f := Forecast{all: NewCurve(all), due: float64(p.Record.Due), missed: float64(p.Record.Missed)}
	for w := range f.weekday {
		f.weekday[w] = NewCurve(all[of[w]:of[w+1]])
	}
	for _, q := range p.Passages {
		age := p.age(q)
		if !p.overdue(q) || age > f.all.GiveUp() {
			continue
		}
		late := f.all.Hope(age) * float64(q.Parcels)
		f.due += late
		f.missed += late
	}
	return f
}

// transits counts the passages in delivery days, those that set out on weekday w
// from of[w] up to of[w+1].
func (p Past) transits() (all []Transit, of [8]int) {
	var next [7]int
	for _, q := range p.Passages {
		of[q.Start.Weekday()+1]++
	}
	for w := range next {
		of[w+1] += of[w]
		next[w] = of[w]
	}
	all = make([]Transit, len(p.Passages))
	for _, q := range p.Passages {
		w := q.Start.Weekday()
		all[next[w]] = p.transit(q)
		next[w]++
	}
	return all, of
}

// eldest is a day before which no parcel on the road set out that the rule counts:
// those of before were given up when the window began. It is told of the parcels
// that came alone; NoDay where the window has no beginning.
func (p Past) eldest() civil.Day {
	if p.Since == civil.NoDay {
		return civil.NoDay
	}
	came, _ := p.transits()
	return p.Days.Add(p.Since, -NewCurve(came).GiveUp()-2)
}

// overdue reports whether parcels on the road were promised for a day that has
// ended. Those given up count no more than they do in a curve; one of them that
// comes after all was late.
func (p Past) overdue(q Passage) bool {
	return q.Came == civil.NoDay && !q.Lost && q.Promised != civil.NoDay && q.Promised < p.Today
}

// age is how many delivery days have ended since a passage set out.
func (p Past) age(q Passage) int { return p.Days.Between(q.Start, p.Today-1) }

// transit counts a passage in delivery days.
func (p Past) transit(q Passage) Transit {
	t := Transit{Done: q.Came != civil.NoDay, Lost: q.Lost, Parcels: q.Parcels}
	if t.Done {
		t.Days = took(p.Days, q.Start, q.Came)
	} else {
		t.Days = p.age(q)
	}
	if p.Since != civil.NoDay {
		t.Since = p.Days.Between(q.Start, p.Since-1) + 1
	}
	return t
}

// took counts the delivery days after start up to the one on which a parcel came.
// What comes between two of them counts as come on the next: on the first day that
// could have been promised and kept.
func took(days *civil.Calendar, start, came civil.Day) int {
	n := days.Between(start, came)
	if !days.Is(came) {
		n++
	}
	return max(0, n)
}

// Curve is how parcels arrive that set out on a day, as it is read for promises
// made at a target.
func (f Forecast) Curve(start civil.Day, target float64) Curve {
	if c := f.weekday[start.Weekday()]; float64(c.N)*(1-target) >= missesEnough {
		return c
	}
	return f.all
}

// Choose is how many delivery days after start to promise for parcels that set
// out then, so that a share of target of all promises is kept, and the share that
// the curve expects by then.
func (f Forecast) Choose(start civil.Day, target float64) (days int, kept float64) {
	return f.Curve(start, target).Choose(Aim(target, f.due, f.missed, float64(f.all.N)))
}
