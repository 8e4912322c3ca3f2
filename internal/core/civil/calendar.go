package civil

import "time"

// Weekdays is a set of days of the week.
type Weekdays uint8

// The weeks most shops and carriers keep.
const (
	MondayToFriday   Weekdays = 0b0111110
	MondayToSaturday Weekdays = 0b1111110
	EveryDay         Weekdays = 0b1111111
)

// WeekdaysOf makes a set.
func WeekdaysOf(days ...time.Weekday) Weekdays {
	var w Weekdays
	for _, d := range days {
		w |= 1 << d
	}
	return w
}

// Has reports whether the day of the week is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w>>d&1 == 1 }

// Days is a run of days, both ends included; for a single day they are equal.
// A run whose last day comes before its first is empty.
type Days struct{ First, Last Day }

// CalendarSpec says which days are worked. A later field wins over an earlier
// one: an opening is worked even on a holiday inside a closure.
type CalendarSpec struct {
	Open   Weekdays // usual week
	Region Region   // its public holidays are not worked; "" has none
	Closed []Days   // inventory, strike, summer holidays
	Opened []Days   // the Sundays before Christmas
}

// The days for which a Calendar knows more than the usual week. Before and
// after, it goes by the weekdays alone: no holiday, closure or opening counts.
const (
	KnownFrom  Day = 19723 // 2024-01-01
	KnownUntil Day = 22279 // 2030-12-31, the last one
	knownDays      = int(KnownUntil-KnownFrom) + 1
)

// Calendar answers questions about working days in constant time and without
// allocating, from a table of ranks: how many working days the known days up
// to each one hold, and which day is the n-th. It never changes and may be
// shared. About 18 kB each; build it when its spec changes, not for a quote.
type Calendar struct {
	week week
	rank [knownDays + 1]uint16 // rank[i]: working days among the first i known days
	nth  []Day                 // nth[k-1]: the k-th working day of the known days
	// What to add to a rank to make it one of the endless week: before the known
	// days, and after them.
	before, after int64
}

// NewCalendar builds the table.
func NewCalendar(spec CalendarSpec) *Calendar {
	c := &Calendar{week: newWeek(spec.Open), nth: make([]Day, 0, knownDays)}
	for i, works := range worked(spec) {
		c.rank[i+1] = c.rank[i]
		if works {
			c.rank[i+1]++
			c.nth = append(c.nth, KnownFrom+Day(i))
		}
	}
	c.before = c.week.rank(int64(KnownFrom) - 1)
	c.after = c.week.rank(int64(KnownUntil)) - int64(len(c.nth))
	return c
}

// worked walks the known days once, letting each field of the spec overrule the ones before.
func worked(spec CalendarSpec) *[knownDays]bool {
	var works [knownDays]bool
	for i := range works {
		works[i] = spec.Open.Has((KnownFrom + Day(i)).Weekday())
	}
	mark := func(runs []Days, open bool) {
		for _, run := range runs {
			for d := max(run.First, KnownFrom); d <= min(run.Last, KnownUntil); d++ {
				works[d-KnownFrom] = open
			}
		}
	}
	for _, d := range Holidays(spec.Region) {
		mark([]Days{{d, d}}, false)
	}
	mark(spec.Closed, false)
	mark(spec.Opened, true)
	return &works
}

// Is reports whether the day is worked.
func (c *Calendar) Is(d Day) bool {
	if i := int64(d) - int64(KnownFrom); 0 <= i && i < int64(knownDays) {
		return c.rank[i+1] != c.rank[i]
	}
	return d != NoDay && c.week.open.Has(d.Weekday())
}

// Next is the first working day on or after d; NoDay when none ever comes.
func (c *Calendar) Next(d Day) Day { return c.Add(d, 0) }

// Add is the n-th working day after d: on Friday, 1 is Monday. 0 is Next(d),
// and -1 the last working day before d. NoDay when there is none, when d is
// NoDay, or when it lies millions of years away.
func (c *Calendar) Add(d Day, n int) Day {
	if d == NoDay {
		return NoDay
	}
	const far = 1 << 32 // more days than Day can count
	steps := min(max(int64(n), -far), far)
	if n > 0 {
		return c.day(c.ranked(int64(d)) + steps)
	}
	return c.day(c.ranked(int64(d)-1) + 1 + steps)
}

// Between counts the working days after a up to and including b. It is
// negative when b comes before a, and 0 when either is NoDay.
func (c *Calendar) Between(a, b Day) int {
	if a == NoDay || b == NoDay {
		return 0
	}
	return int(c.ranked(int64(b)) - c.ranked(int64(a)))
}

// ranked counts the working days from the first known day to d, included; it
// goes on below 0 for days before.
func (c *Calendar) ranked(d int64) int64 {
	switch {
	case d < int64(KnownFrom):
		return c.week.rank(d) - c.before
	case d > int64(KnownUntil):
		return c.week.rank(d) - c.after
	}
	return int64(c.rank[d-int64(KnownFrom)+1])
}

// day is the working day of a rank.
func (c *Calendar) day(rank int64) Day {
	switch {
	case rank <= 0:
		return c.week.day(rank + c.before)
	case rank > int64(len(c.nth)):
		return c.week.day(rank + c.after)
	}
	return c.nth[rank-1]
}

// week counts the working days of a week repeated for ever.
type week struct {
	open Weekdays
	size int64    // working days in a week
	upTo [7]uint8 // upTo[r]: working days from Sunday to weekday r
	nth  [7]uint8 // nth[k]: the weekday of the week's k-th working day
}

// aSunday is the day before which every week begins anew: 1969-12-28.
const aSunday = -4

func newWeek(open Weekdays) week {
	w := week{open: open}
	for r := range 7 {
		if open.Has(time.Weekday(r)) {
			w.nth[w.size] = uint8(r)
			w.size++
		}
		w.upTo[r] = uint8(w.size)
	}
	return w
}

// rank counts the working days from aSunday to d, included.
func (w *week) rank(d int64) int64 {
	q, r := divmod(d-aSunday, 7)
	return q*w.size + int64(w.upTo[r])
}

// day is the working day of a rank.
func (w *week) day(rank int64) Day {
	if w.size == 0 {
		return NoDay
	}
	q, k := divmod(rank-1, w.size)
	d := q*7 + int64(w.nth[k]) + aSunday
	if d != int64(Day(d)) {
		return NoDay
	}
	return Day(d)
}
