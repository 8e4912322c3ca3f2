package backtest

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// week is the weekdays on which a shop's parcels arrive. Transit is counted in
// those days, as carriers do: else the parcels bought on a Friday would lengthen
// the promises of a Monday, and Sundays would be promised that nobody keeps.
type week struct {
	open  int    // how many days of the week are delivery days
	until [7]int // until[w]: how many of them are on the first w+1 days of the week
	days  []int  // the delivery days themselves
}

// everyDay is the week of a shop that is not known yet.
var everyDay = weekOf([7]int{1, 1, 1, 1, 1, 1, 1})

// weekOf reads the week off how many parcels came on each weekday. A weekday is a
// delivery day from a fifth of an even share on: enough to tell a round from a
// parcel handed over by chance.
func weekOf(came [7]int) week {
	total := 0
	for _, n := range came {
		total += n
	}
	var w week
	for slot := range 7 {
		if n := came[weekdayOf(slot)]; n > 0 && n*5*7 >= total {
			w.open++
			w.days = append(w.days, slot)
		}
		w.until[slot] = w.open
	}
	return w
}

// weekdayOf is the weekday of a place in the week, which begins where day 0 of
// civil does: on a Thursday.
func weekdayOf(slot int) time.Weekday { return civil.Day(slot).Weekday() }

// rank counts the delivery days up to and including d, from a fixed origin.
func (w week) rank(d civil.Day) int {
	whole := int(floorDiv(int64(d), 7))
	return whole*w.open + w.until[int(d)-7*whole]
}

func (w week) delivers(d civil.Day) bool { return w.rank(d) > w.rank(d-1) }

// between counts the delivery days after from up to to. What arrives between two
// of them counts as arrived on the next: on the day that could have been promised.
func (w week) between(from, to civil.Day) int {
	n := w.rank(to) - w.rank(from)
	if !w.delivers(to) {
		n++
	}
	return max(0, n)
}

// ended counts the delivery days after from that had ended before today.
func (w week) ended(from, today civil.Day) int { return w.rank(today-1) - w.rank(from) }

// after is the n-th delivery day after from; from itself for 0, where it is one.
// It is the first day d with between(from, d) >= n that can be promised.
func (w week) after(from civil.Day, n int) civil.Day {
	if !w.delivers(from) {
		n = max(n, 1)
	}
	r := w.rank(from) + n - 1
	whole := int(floorDiv(int64(r), int64(w.open)))
	return civil.Day(7*whole + w.days[r-whole*w.open])
}
