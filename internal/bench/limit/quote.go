package limit

import "time"

// calendar is the limit's own: the day number of each working day, and of each
// day how many working days there were until then.
type calendar struct {
	first int32
	rank  []int32
	sel   []int32
}

// newCalendar works on the weekdays given, without holidays: a limit needs the
// look-ups, not the law.
func newCalendar(from time.Time, days int, open func(time.Weekday) bool) *calendar {
	c := &calendar{first: int32(from.Unix() / 86400)}
	for i := range days {
		if open(from.AddDate(0, 0, i).Weekday()) {
			c.sel = append(c.sel, int32(i))
		}
		c.rank = append(c.rank, int32(len(c.sel)))
	}
	return c
}

func (c *calendar) add(day int32, n int) int32 {
	return c.sel[int(c.rank[day-c.first])+n-1] + c.first
}

func (c *calendar) is(day int32) bool {
	i := day - c.first
	return i > 0 && c.rank[i] != c.rank[i-1]
}

// transit is a cumulative histogram of working days.
type transit [12]uint32

func (h *transit) quantile(p float64) int {
	want := uint32(p * float64(h[len(h)-1]))
	for d, n := range h {
		if n >= want {
			return d
		}
	}
	return len(h)
}

// date is the least a quote can be: cut-off, preparation, quantile, two calendars.
func date(merchant, carrier *calendar, h *transit, cutoff, prep int, loc *time.Location, now time.Time) int32 {
	_, off := now.In(loc).Zone()
	s := now.Unix() + int64(off)
	day, minute := int32(s/86400), int(s%86400)/60
	if minute >= cutoff || !merchant.is(day) {
		day = merchant.add(day, 1)
	}
	if prep > 0 {
		day = merchant.add(day, prep)
	}
	if q := h.quantile(.95); q > 0 {
		day = carrier.add(day, q)
	}
	return day
}
