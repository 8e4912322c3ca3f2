package promise

import (
	"math"
	"sort"
)

// Transit is what parcels of one fate tell about how long their lane takes: the
// days from the start of the clock to their arrival or, of those still on the
// road, how many days have ended without them. The unit is the caller's: calendar
// days, or the carrier's working days. Below 0 days, a parcel on the road says
// nothing yet.
//
// Since is on which day they came under observation, 0 being the first: a parcel
// that was on the road already when a window began tells nothing of the days before.
type Transit struct {
	Days    int
	Done    bool
	Lost    bool // not done, and never will be: given up without waiting for the age
	Since   int
	Parcels int // that share all this
}

const (
	// patience is after how many times the window's median a silent parcel is given
	// up: a multiple, so that one rule serves a lane of 2 days and one of 20.
	patience = 4
	// horizon bounds a curve, in days. A slip in a date can then not make a curve
	// that is a century long: what took longer has not arrived within it.
	horizon = 1000
	// rounding forgives the last bits of a sum of shares.
	rounding = 1e-9
)

// Curve is how the parcels of a lane arrive, day by day: the estimate of Kaplan
// and Meier (Nonparametric estimation from incomplete observations, JASA 53,
// 1958) in whole days, where a parcel on the road counts for the days it has
// lived through. It is an immutable value; copies share their figures.
//
// A parcel silent for more than 4 times the window's median is given up and
// leaves the counts. To strike it out alone would not do: those to be given up
// later are still on the road, and would make every promise longer. So being
// given up is an end of its own (competing risks: Aalen and Johansen, Scand. J.
// Statist. 5, 1978), and the curve is the one of the parcels that do arrive.
type Curve struct {
	N      int // parcels it is made of, arrived or on the road; those given up left
	giveUp int
	lost   float64   // share given up, of all
	lived  int       // the last day known to have ended without the parcel; -1 of a new one
	kept   []float64 // kept[d] is the share there by the end of day d
}

// NewCurve makes the curve of a window of parcels, in any order, in time linear
// in their number. Of no parcels it is a curve by which nothing ever arrives.
func NewCurve(window []Transit) Curve {
	t := count(window)
	c := Curve{N: t.n, giveUp: t.giveUp, lived: -1, kept: make([]float64, len(t.arrived))}
	s := survivors{share: 1}
	for d, sum := 0, 0.0; d < len(c.kept); d++ {
		s.parcels += t.joined[d]
		sum += s.leave(t.arrived[d])
		c.kept[d] = sum
		if d == t.giveUp {
			c.lost = s.leave(t.given)
		}
		s.parcels -= t.waiting[d]
	}
	for d := range c.kept {
		if c.lost < 1 {
			c.kept[d] = min(1, c.kept[d]/(1-c.lost))
		}
	}
	return c
}

// survivors are the parcels under observation on a day, and the share of all that
// they stand for.
type survivors struct {
	parcels int
	share   float64
}

// leave takes n of them away and answers the share they stood for.
func (s *survivors) leave(n int) float64 {
	if n == 0 {
		return 0
	}
	share := s.share * float64(n) / float64(s.parcels)
	s.parcels -= n
	s.share -= share
	return share
}

// tally is a window counted by day.
type tally struct {
	joined  []int // came under observation
	arrived []int
	waiting []int // on the road, by the last day lived through
	giveUp  int
	given   int // silent beyond giveUp
	n       int // the others
}

func count(window []Transit) tally {
	days, lost := 0, false
	for _, p := range window {
		if p.Done || p.Days >= 0 {
			days = max(days, 1, min(p.Days, horizon)+1)
		}
		lost = lost || p.Lost
	}
	t := tally{arrived: make([]int, days)}
	arrivals := 0
	for _, p := range window {
		if p.Done && p.Days <= horizon {
			arrivals += p.Parcels
			t.arrived[max(0, p.Days)] += p.Parcels
		}
	}
	t.giveUp = min(horizon, patience*max(1, median(t.arrived, arrivals)))
	if more := t.giveUp + 1 - days; lost && more > 0 { // the lost are given up at that age too
		t.arrived = append(t.arrived, make([]int, more)...)
	}
	t.joined, t.waiting = make([]int, len(t.arrived)), make([]int, len(t.arrived))
	for _, p := range window {
		t.observe(p)
	}
	return t
}

// observe counts from when to when parcels were under observation.
func (t *tally) observe(p Transit) {
	last, since := max(0, p.Days), max(0, p.Since)
	arrives := p.Done && p.Days <= horizon
	gone := p.Lost || p.Days > t.giveUp
	switch {
	case arrives:
		since = min(since, last)
		t.n += p.Parcels
	case gone && since <= t.giveUp:
		t.given += p.Parcels
	case gone || p.Days < since: // given up before, or nothing seen yet
		return
	default:
		t.waiting[last] += p.Parcels
		t.n += p.Parcels
	}
	t.joined[since] += p.Parcels
}

// median is the days that half of the parcels that arrived took at most; where
// none did, nothing is given up before the horizon.
func median(arrived []int, arrivals int) int {
	sum := 0
	for d, n := range arrived {
		if sum += n; 2*sum > arrivals {
			return d
		}
	}
	return horizon
}

// GiveUp is the age in days beyond which a silent parcel has left the counts.
func (c Curve) GiveUp() int { return c.giveUp }

// Hope is the probability that a parcel which has not arrived by the end of the
// day age arrives at all, and is not given up.
func (c Curve) Hope(age int) float64 {
	coming := (1 - c.lost) * (1 - c.KeptBy(age))
	if coming+c.lost < rounding {
		return 1 // older than all that arrived, where none was ever given up
	}
	return coming / (coming + c.lost)
}

// KeptBy is the probability to have arrived by the end of a day, from 0 to 1; it
// never falls from one day to the next. After the last day of the curve it stays.
func (c Curve) KeptBy(day int) float64 {
	day = min(day, len(c.kept)-1)
	if day <= c.lived {
		return 0
	}
	if c.lived < 0 {
		return c.kept[day]
	}
	gone := c.kept[c.lived]
	if left := 1 - gone; left > rounding {
		return (c.kept[day] - gone) / left
	}
	return 0
}

// Quantile is the first day by whose end a share of at least p has arrived; not
// ok when the curve does not reach so far.
func (c Curve) Quantile(p float64) (day int, ok bool) {
	day = sort.Search(len(c.kept), func(d int) bool { return c.KeptBy(d) >= p-rounding })
	return day, day < len(c.kept)
}

// Choose is the day to promise so that a share of target is kept, and the share
// that the curve expects by then: never the target echoed. Three things set it
// apart from Quantile.
//
// Of n parcels the k-th to arrive has k/(n+1) of those to come before it and not
// k/n (Wilks, Ann. Math. Statist. 12, 1941). So a little more is asked of few.
//
// A step of one whole day is rounded to the nearer side: the day before is taken
// where its share is nearer, and short by no more than a tenth of the misses that
// the target allows. Else every promise would be half a step too long.
//
// What lies beyond the curve, while parcels on the road are older than all that
// arrived, is taken to arrive evenly until the age at which one would give up.
func (c Curve) Choose(target float64) (day int, kept float64) {
	ask := min(1, target*float64(c.N+1)/float64(max(c.N, 1)))
	day, ok := c.Quantile(ask)
	if !ok {
		day = c.beyond(ask)
		return day, c.KeptBy(day)
	}
	kept = c.KeptBy(day)
	before := c.KeptBy(day - 1)
	if short := ask - before; before > 0 && short <= kept-ask && short <= (1-target)/10 {
		return day - 1, before
	}
	return day, kept
}

// beyond is the day of a share that the curve does not reach.
func (c Curve) beyond(share float64) int {
	most := c.KeptBy(len(c.kept) - 1)
	last, _ := c.Quantile(most)
	if most == 0 || last >= c.giveUp {
		return max(0, len(c.kept)-1)
	}
	return last + int(math.Ceil(float64(c.giveUp-last)*(share-most)/(1-most)-rounding))
}

// Given is the curve of the parcels that had not arrived by the end of the day
// age. Days are still counted from the start of the clock.
func (c Curve) Given(age int) Curve {
	c.lived = max(c.lived, min(age, len(c.kept)-1))
	return c
}

// Aim is the share to ask of a curve so that target is kept over all the promises
// made before: of due promises, missed were not kept. Misses beyond the allowance
// are a debt, paid back over as many promises as the window of the curve has
// parcels, and savings are spent likewise. That holds in the long run whatever
// changes (the integral rule of Gibbs and Candès, Adaptive conformal inference
// under distribution shift, NeurIPS 2021). But the misses asked for never move by
// more than half, either way: promises after a strike are not those in a strike.
//
// A miss counts from the moment the promised day ends and not from the arrival,
// and what came early counts then too: with the news of arrivals alone the rule
// does harm. Of a parcel that is still on the road then, due and missed count for
// as much as there is Hope.
func Aim(target, due, missed, window float64) float64 {
	if window <= 0 {
		return target
	}
	allowed := 1 - target
	debt := missed - allowed*due
	return target + max(-allowed/2, min(allowed/2, debt/window))
}
