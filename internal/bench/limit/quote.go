// Package limit is what the machine can do at best: the same outcomes as the
// product's, written by hand without any of its rooms. A date comes from bare
// tables; rows are written by bare SQL, pipelined, in one transaction.
package limit

import "time"

// Calendar is the limit's own: the day number of each working day, and of each
// day how many working days there were until then.
type Calendar struct {
	first int32
	rank  []int32
	sel   []int32
}

// NewCalendar works on the weekdays given, without holidays: a limit needs the
// look-ups, not the law.
func NewCalendar(from time.Time, days int, open func(time.Weekday) bool) *Calendar {
	c := &Calendar{first: int32(from.Unix() / 86400)}
	for i := range days {
		if open(from.AddDate(0, 0, i).Weekday()) {
			c.sel = append(c.sel, int32(i))
		}
		c.rank = append(c.rank, int32(len(c.sel)))
	}
	return c
}

func (c *Calendar) add(day int32, n int) int32 {
	return c.sel[int(c.rank[day-c.first])+n-1] + c.first
}

func (c *Calendar) is(day int32) bool {
	i := day - c.first
	return i > 0 && c.rank[i] != c.rank[i-1]
}

// Transit is a cumulative histogram of working days.
type Transit [12]uint32

func (h *Transit) quantile(p float64) int {
	want := uint32(p * float64(h[len(h)-1]))
	for d, n := range h {
		if n >= want {
			return d
		}
	}
	return len(h)
}

// Lane is what a date hangs on.
type Lane struct {
	Merchant, Carrier *Calendar
	Transit           *Transit
	Cutoff            int // minute of the local day
	Preparation       int // working days
	Zone              *time.Location
}

// Date is the least a quote can be: cut-off, preparation, quantile, two calendars.
func (l Lane) Date(now time.Time) int32 {
	_, off := now.In(l.Zone).Zone()
	s := now.Unix() + int64(off)
	day, minute := int32(s/86400), int(s%86400)/60
	if minute >= l.Cutoff || !l.Merchant.is(day) {
		day = l.Merchant.add(day, 1)
	}
	if l.Preparation > 0 {
		day = l.Merchant.add(day, l.Preparation)
	}
	if q := l.Transit.quantile(.95); q > 0 {
		day = l.Carrier.add(day, q)
	}
	return day
}
