package backtest

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// week is the weekdays on which a shop's parcels arrive. Transit is counted in
// those days, as carriers do: else the parcels bought on a Friday would lengthen
// the promises of a Monday, and Sundays would be promised that nobody keeps.
//
// A service states its delivery days, holidays and all. A file of orders does not,
// so they are read off it.
type week struct {
	open civil.Weekdays
	days *civil.Calendar
}

// turn is the week with other weekdays. Weeks seldom change, and calendars cost.
func (w week) turn(open civil.Weekdays) week {
	if w.days != nil && w.open == open {
		return w
	}
	return week{open, civil.NewCalendar(civil.CalendarSpec{Open: open})}
}

// weekdaysOf reads the week off how many parcels came on each weekday. A weekday
// is a delivery day from a fifth of an even share on: enough to tell a round from a
// parcel handed over by chance.
func weekdaysOf(came [7]int) (open civil.Weekdays) {
	total := 0
	for _, n := range came {
		total += n
	}
	for w, n := range came {
		if n > 0 && n*5*7 >= total {
			open |= civil.WeekdaysOf(time.Weekday(w))
		}
	}
	return open
}
