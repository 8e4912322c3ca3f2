package backtest

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// shop is a made-up shop whose past can be drawn: how many orders it has, when it
// hands them over, how long its carrier takes and when it rests.
type shop struct {
	seed      uint64
	perDay    float64
	days      int
	season    func(day int) float64                    // factor on perDay
	ready     func(r *rand.Rand) float64               // days from purchase to handing over
	transit   func(r *rand.Rand, handed int) float64   // delivery days from handing over, rounded up
	rests     func(day int, weekday time.Weekday) bool // no delivery
	shipsOn   func(time.Weekday) bool
	lost      float64 // share handed over and never delivered
	cancelled float64 // share never handed over
	promises  int     // days that the shop promises; 0: none
}

// firstDay of every shop is a Monday.
const firstDay civil.Day = 20_514

func closedOn(days ...time.Weekday) func(int, time.Weekday) bool {
	return func(_ int, w time.Weekday) bool {
		for _, d := range days {
			if d == w {
				return true
			}
		}
		return false
	}
}

func monToFri(w time.Weekday) bool { return w != time.Saturday && w != time.Sunday }

// exponential waits of a mean, in days.
func exponential(mean float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean * r.ExpFloat64() }
}

// lognormal transits of a median that may drift.
func lognormal(median func(day int) float64, sigma float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, day int) float64 { return median(day) * math.Exp(sigma*r.NormFloat64()) }
}

func steady(v float64) func(int) float64 { return func(int) float64 { return v } }

// within is transits of 1, 2, 3 … days with the shares given.
func within(shares ...float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 {
		u := r.Float64()
		for i, s := range shares {
			if u -= s; u < 0 {
				return float64(i + 1)
			}
		}
		return float64(len(shares))
	}
}

// past draws the orders, as an export of the evening of the last day has them.
func (s shop) past() []Order {
	r := rand.New(rand.NewPCG(s.seed, 1))
	var orders []Order
	for day := range s.days {
		rate := s.perDay
		if s.season != nil {
			rate *= s.season(day)
		}
		for range int(rate + r.Float64()) {
			orders = append(orders, s.order(r, day))
		}
	}
	export := instantOf(s.days, 0)
	for i := range orders {
		forget(&orders[i].Handed, export)
		forget(&orders[i].Delivered, export)
	}
	return orders
}

func forget(m *Moment, after civil.Instant) {
	if m.At >= after {
		*m = Moment{}
	}
}

func (s shop) order(r *rand.Rand, day int) Order {
	minute := 7*60 + r.IntN(16*60)
	o := Order{Purchased: momentAt(day, minute), Promised: civil.NoDay}
	if s.promises > 0 {
		o.Promised = firstDay + civil.Day(day+s.promises)
	}
	if r.Float64() < s.cancelled {
		return o
	}
	handed := day + int(s.ready(r))
	if handed == day && minute >= 15*60 {
		handed++
	}
	for !s.shipsOn(weekdayOn(handed)) {
		handed++
	}
	o.Handed = momentAt(handed, 17*60)
	if r.Float64() < s.lost {
		return o
	}
	came := handed
	for left := int(math.Ceil(s.transit(r, handed))); left > 0; {
		if came++; !s.rests(came, weekdayOn(came)) {
			left--
		}
	}
	o.Delivered = momentAt(came, 9*60+r.IntN(9*60))
	return o
}

func weekdayOn(day int) time.Weekday { return (firstDay + civil.Day(day)).Weekday() }

func momentAt(day, minute int) Moment { return Moment{At: instantOf(day, minute), Offset: 3600} }

// instantOf is an instant in the shops' offset of one hour.
func instantOf(day, minute int) civil.Instant {
	return civil.Instant((int64(firstDay)+int64(day))*aDay + (int64(minute)-60)*60*aSecond)
}
