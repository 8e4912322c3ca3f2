package bench

import (
	"runtime"
	"time"

	"github.com/promesse-dev/promesse/internal/bench/limit"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/promise"
)

// Quotes compares the date of one lane, and of forty, with the rank/select limit.
func Quotes() ([]Case, error) {
	loc, err := civil.Zone("Europe/Paris")
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, c := range []struct {
		name  string
		lanes int
		goal  float64
	}{{"1 lane", 1, 3}, {"40 lanes", 40, 5}} {
		cases = append(cases, Case{
			Name: "quote", Case: c.name, Goal: Goal{"cpu", "<=", c.goal},
			Limit:   func() (Sample, error) { return limitDates(loc, c.lanes), nil },
			Product: func() (Sample, error) { return productDates(loc, c.lanes), nil },
		})
	}
	return cases, nil
}

// dates is how many baskets one sample quotes.
const dates = 200_000

// moments spread the baskets over a year, so that cut-offs, weekends and
// changes of clocks all come up.
var moments = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)

func limitDates(loc *time.Location, lanes int) Sample {
	weekdays := func(d time.Weekday) bool { return d != time.Saturday && d != time.Sunday }
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := limit.Lane{
		Merchant: limit.NewCalendar(begin, 3*366, weekdays),
		Carrier:  limit.NewCalendar(begin, 3*366, func(d time.Weekday) bool { return d != time.Sunday }),
		Transit:  &limit.Transit{0, 10, 60, 85, 94, 97, 98, 99, 100, 100, 100, 100}, Cutoff: 960, Preparation: 1, Zone: loc,
	}
	var sum int64
	m := start(false)
	for i := range dates / lanes {
		now := moments.Add(time.Duration(i%8000) * time.Hour)
		for range lanes {
			sum += int64(l.Date(now))
		}
	}
	took := m.stop(dates / lanes)
	runtime.KeepAlive(sum) // so that the compiler computes the dates
	return took
}

func productDates(loc *time.Location, lanes int) Sample {
	cutoffs := civil.Cutoffs{Minute: [7]int{0, 960, 960, 960, 960, 960, 0}, Preparation: 1, Zone: loc}
	works := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"})
	carries := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"})
	l := promise.Lane{Cutoffs: &cutoffs, Works: works, Collects: carries, Delivers: carries, Days: 4}
	var sum int64
	m := start(false)
	for i := range dates / lanes {
		now := civil.At(moments.Add(time.Duration(i%8000) * time.Hour))
		for range lanes {
			_, day, _ := l.Date(now)
			sum += int64(day)
		}
	}
	took := m.stop(dates / lanes)
	runtime.KeepAlive(sum) // so that the compiler computes the dates
	return took
}
