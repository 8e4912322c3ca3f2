package civil

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Span is a stretch of a day's clock, in minutes since its midnight: from From
// until Until, exclusive. In a HoursSpec, Until may lie past 1440: a bar that
// opens on Friday at 22:00 and closes at 02:00 says {1320, 1560}, on Friday.
type Span struct{ From, Until int }

// HolidayRule is what a place does on public holidays.
type HolidayRule string

// The rules. Nobody must be sent to a place on a day it said nothing about, so
// where holidays are unsaid a place counts as closed then, and in doubt.
const (
	HolidaysUnsaid HolidayRule = ""
	HolidaysOff    HolidayRule = "off"
	HolidaysAsEver HolidayRule = "open"  // as on any other such weekday
	HolidaysOwn    HolidayRule = "hours" // the hours of Holiday
)

// Dated is what certain days have instead of their usual hours: the Sunday
// before Christmas, an afternoon for stock-taking, three weeks in August.
type Dated struct {
	Days
	Spans []Span // none: closed
}

// HoursSpec says when a place is open, by the clocks of its own zone. A later
// field wins over an earlier one, and within Dated a later entry.
type HoursSpec struct {
	Week     [7][]Span // by time.Weekday
	Holidays HolidayRule
	Holiday  []Span // with HolidaysOwn
	Region   Region // whose public holidays they are; "" knows none
	Dated    []Dated
}

// Hours are when a place is open. The zero value is hours that nobody said: a
// place with such is never known to be open. Hours never change and may be
// shared; as JSON and in a column they are the text that ParseHours reads.
type Hours struct{ t *timetable }

// timetable is a spec that was checked, with what is asked most worked out, and
// lying together: a search asks thousands of places whether they are open.
type timetable struct {
	off    *daySet // public holidays of the region, when they are not as ever; nil: none
	dated  Days    // from the first to the last day that Dated speaks of
	spills bool    // some day ends after its midnight
	begin  [8]uint8
	quick  [14]struct{ from, until uint16 } // of weekday d from begin[d] to begin[d+1]: what week says, when there is room

	week [7][]Span // what lies on the weekday: its own hours and the night before's
	spec HoursSpec
}

// NewHours checks a spec. The faults are at the field given: hours_out_of_order
// for a span that ends before it begins, begins at 24:00 or lasts longer than a
// day, hours_overlap for two at one time.
func NewHours(field string, spec HoursSpec) (Hours, error) {
	t := &timetable{spec: spec, dated: Days{First: 1}}
	var faults fault.List
	for d := range spec.Week {
		t.spec.Week[d] = checked(&faults, field, spec.Week[d])
	}
	t.spec.Holiday = checked(&faults, field, spec.Holiday)
	t.spec.Dated = slices.Clone(spec.Dated)
	for i, e := range spec.Dated {
		t.spec.Dated[i].Spans = checked(&faults, field, e.Spans)
	}
	if faults == nil {
		t.weekOverlaps(&faults, field)
	}
	if err := faults.Err(); err != nil {
		return Hours{}, err
	}
	t.prepare()
	return Hours{t}, nil
}

// checked puts the spans of a day in order.
func checked(faults *fault.List, field string, spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for i, s := range spans {
		if !s.sound() {
			faults.Add(fault.Invalid, "hours_out_of_order", field, "from", clock(s.From), "until", clock(s.Until))
		} else if i > 0 && spans[i-1].Until > s.From {
			faults.Add(fault.Invalid, "hours_overlap", field, "first", spans[i-1].String(), "second", s.String())
		}
	}
	return spans
}

// sound reports whether a span begins on its day and is no longer than one.
func (s Span) sound() bool {
	if s.From < 0 || s.From >= minutesADay || s.Until <= s.From {
		return false
	}
	return s.Until <= minutesADay || s.Until-s.From < minutesADay
}

// joined makes spans that touch or overlap one; they are in order.
func joined(spans []Span) []Span {
	out := spans[:1]
	for _, s := range spans[1:] {
		if last := &out[len(out)-1]; s.From <= last.Until {
			last.Until = max(last.Until, s.Until)
			continue
		}
		out = append(out, s)
	}
	return out
}

// String is 09:00-12:00, as ParseHours reads it: past midnight, 22:00-02:00.
func (s Span) String() string {
	until := s.Until
	if until > minutesADay {
		until -= minutesADay
	}
	return clock(s.From) + "-" + clock(until)
}

// weekOverlaps finds a night that runs into the hours of the day after.
func (t *timetable) weekOverlaps(faults *fault.List, field string) {
	for d, spans := range t.spec.Week {
		next := t.spec.Week[(d+1)%7]
		if len(spans) == 0 || len(next) == 0 {
			continue
		}
		if last := spans[len(spans)-1]; last.Until-minutesADay > next[0].From {
			faults.Add(fault.Invalid, "hours_overlap", field, "first", last.String(), "second", next[0].String())
		}
	}
}

func (t *timetable) prepare() {
	for d := range t.spec.Week {
		t.week[d] = laid(t.spec.Week[d], t.spec.Week[(d+6)%7])
	}
	t.shorten()
	ends := slices.Concat(t.spec.Week[:]...)
	for i, e := range t.spec.Dated {
		ends = append(ends, e.Spans...)
		if i == 0 {
			t.dated = e.Days
		}
		t.dated = Days{First: min(t.dated.First, e.First), Last: max(t.dated.Last, e.Last)}
	}
	t.spills = slices.ContainsFunc(append(ends, t.spec.Holiday...), func(s Span) bool { return s.Until > minutesADay })
	if t.spec.Region != "" && t.spec.Holidays != HolidaysAsEver {
		t.off = holidaySet(t.spec.Region)
	}
}

// shorten lays the week together, and says so where it does not fit.
func (t *timetable) shorten() {
	n := 0
	for d, spans := range t.week {
		for _, s := range spans {
			if n < len(t.quick) {
				t.quick[n].from, t.quick[n].until = uint16(s.From), uint16(s.Until)
			}
			n++
		}
		t.begin[d+1] = uint8(min(n, len(t.quick)+1))
	}
}

// usually reports whether the place is open on a usual weekday at a minute.
func (t *timetable) usually(d time.Weekday, minute int) bool {
	if int(t.begin[7]) > len(t.quick) {
		return holds(t.week[d], minute)
	}
	for _, s := range t.quick[t.begin[d]:t.begin[d+1]] {
		if int(s.from) <= minute && minute < int(s.until) {
			return true
		}
	}
	return false
}

// laid is what lies on a day: what is left of the night before, and its own.
func laid(own, before []Span) []Span {
	var out []Span
	for _, s := range before {
		if s.Until > minutesADay {
			out = append(out, Span{0, s.Until - minutesADay})
		}
	}
	for _, s := range own {
		out = append(out, Span{s.From, min(s.Until, minutesADay)})
	}
	if len(out) == 0 {
		return nil
	}
	return joined(out)
}

// Said reports whether anybody said when the place is open.
func (h Hours) Said() bool { return h.t != nil }

// Spec is what the hours were made of; empty when nobody said. Read only: it is shared.
func (h Hours) Spec() HoursSpec {
	if h.t == nil {
		return HoursSpec{}
	}
	return h.t.spec
}

// In gives hours that name no region the public holidays of one: a list of
// points says "closed on holidays", its address says whose.
func (h Hours) In(r Region) Hours {
	if h.t == nil || h.t.spec.Region != "" || r == "" {
		return h
	}
	t := *h.t
	t.spec.Region = r
	t.prepare()
	return Hours{&t}
}

// Day is when the place is open on a day: spans between 0 and 1440, in order,
// apart from one another; what is left of the night before is one of them.
func (h Hours) Day(d Day) []Span {
	if h.t == nil || d == NoDay {
		return nil
	}
	return slices.Clone(h.t.day(d))
}

// day is Day without a copy: not to be changed.
func (t *timetable) day(d Day) []Span {
	if t.usual(d) {
		return t.week[d.Weekday()]
	}
	return laid(t.on(d), t.on(d-1))
}

// Doubt reports whether the day is a public holiday of the place and nobody
// said what it does then. It counts as closed.
func (h Hours) Doubt(d Day) bool {
	if h.t == nil || h.t.spec.Holidays != HolidaysUnsaid {
		return false
	}
	_, dated := h.t.exception(d)
	return !dated && h.t.holiday(d)
}

// usual reports whether what lies on the day is what its weekday says.
func (t *timetable) usual(d Day) bool {
	return !t.special(d) && !(t.spills && t.special(d-1))
}

func (t *timetable) special(d Day) bool {
	return t.dated.First <= d && d <= t.dated.Last || t.holiday(d)
}

func (t *timetable) holiday(d Day) bool { return t.off != nil && t.off.has(d) }

// daySet is a set of known days, a bit each: many places ask of many days.
type daySet [knownDays/64 + 1]uint64

func (s *daySet) has(d Day) bool {
	i := uint(d - KnownFrom)
	return i < uint(knownDays) && s[i/64]>>(i%64)&1 == 1
}

var holidaySets sync.Map // Region → *daySet; regions are as many as civil lists, and their misspellings share one

// holidaySet is the public holidays of a region; nil where we know none.
func holidaySet(r Region) *daySet {
	days := Holidays(r)
	if len(days) == 0 {
		return nil
	}
	if s, ok := holidaySets.Load(r); ok {
		return s.(*daySet)
	}
	s := &daySet{}
	for _, d := range days {
		s[(d-KnownFrom)/64] |= 1 << ((d - KnownFrom) % 64)
	}
	holidaySets.Store(r, s)
	return s
}

// on is the hours that begin on a day; they may end on the next.
func (t *timetable) on(d Day) []Span {
	if spans, ok := t.exception(d); ok {
		return spans
	}
	if !t.holiday(d) {
		return t.spec.Week[d.Weekday()]
	}
	if t.spec.Holidays == HolidaysOwn {
		return t.spec.Holiday
	}
	return nil
}

// exception is what Dated says of a day.
func (t *timetable) exception(d Day) ([]Span, bool) {
	for _, e := range slices.Backward(t.spec.Dated) {
		if e.First <= d && d <= e.Last {
			return e.Spans, true
		}
	}
	return nil, false
}

// Moment is an instant as the clocks of a zone show it: work it out once, then
// ask many places.
type Moment struct {
	at      Instant
	clocks  spell
	day     Day
	minute  int
	changes bool // the clocks are changed that day
}

// MomentOf reads the clocks of a zone.
func MomentOf(at Instant, zone *time.Location) Moment {
	s := spellOf(at, zone)
	second, _ := divmod(int64(at), microsecond)
	day, rest := divmod(second+s.ahead, secondsADay)
	midnight := second - rest
	return Moment{
		at: at, clocks: s, day: Day(day), minute: int(rest / 60),
		changes: midnight < s.from || midnight+secondsADay > s.until,
	}
}

// Day is the day that the clocks' calendar shows.
func (m Moment) Day() Day { return m.day }

// Open reports whether the place is open at the moment.
func (h Hours) Open(m Moment) bool {
	switch {
	case h.t == nil:
		return false
	case m.changes:
		w, ok := h.NextFrom(m)
		return ok && w.From <= m.at
	case h.t.usual(m.day):
		return h.t.usually(m.day.Weekday(), m.minute)
	}
	return holds(h.t.day(m.day), m.minute)
}

func holds(spans []Span, minute int) bool {
	for _, s := range spans {
		if s.From <= minute && minute < s.Until {
			return true
		}
	}
	return false
}

// OpenAt reports whether the place is open at an instant.
func (h Hours) OpenAt(at Instant, zone *time.Location) bool { return h.Open(MomentOf(at, zone)) }

// How far Next looks: a year ahead, and a week into a place that never closes.
const (
	farthest = 366
	endless  = 7
)

// Next is the stretch in which the place is open at an instant, or the next one
// to come: From is not after at when it is open. A place that never closes is
// said to be open for a week after that day. False when it does not open within a year.
func (h Hours) Next(at Instant, zone *time.Location) (Interval, bool) {
	return h.NextFrom(MomentOf(at, zone))
}

// NextFrom is Next from a moment.
func (h Hours) NextFrom(m Moment) (Interval, bool) {
	if h.t == nil {
		return Interval{}, false
	}
	for d := m.day; d < m.day+farthest; d++ {
		spans := h.t.day(d)
		for i, s := range spans {
			w := m.clocks.between(d, s)
			if w.Until <= m.at || w.Until <= w.From {
				continue
			}
			if i == len(spans)-1 && s.Until == minutesADay {
				w.Until = h.t.through(d+1, w.Until, &m.clocks)
			}
			if d == m.day && s.From == 0 {
				w.From = h.t.since(d-1, w.From, &m.clocks)
			}
			return w, true
		}
	}
	return Interval{}, false
}

// through follows hours that go on at midnight to their end.
func (t *timetable) through(d Day, until Instant, clocks *spell) Instant {
	for last := d + endless; d < last; d++ {
		spans := t.day(d)
		if len(spans) == 0 || spans[0].From > 0 {
			return until
		}
		until = clocks.between(d, spans[0]).Until
		if spans[0].Until < minutesADay {
			return until
		}
	}
	return until
}

// since follows hours that came over midnight back to their beginning, one day
// far: nobody asks when a place that never closes was opened.
func (t *timetable) since(d Day, from Instant, clocks *spell) Instant {
	spans := t.day(d)
	if n := len(spans); n > 0 && spans[n-1].Until == minutesADay {
		return clocks.between(d, spans[n-1]).From
	}
	return from
}

// between is a span of a day in time. Clocks that are put forward may leave
// nothing of it.
func (s *spell) between(d Day, of Span) Interval {
	return Interval{s.wall(d, of.From), s.wall(d, of.Until)}
}

// OpenFor is how long the place is open between two instants, of the first year
// if they lie further apart.
func (h Hours) OpenFor(from, until Instant, zone *time.Location) (total time.Duration) {
	if h.t == nil || until <= from {
		return 0
	}
	clocks := spellOf(from, zone)
	first := clocks.day(from)
	for d := first; d <= min(until.Day(zone), first+farthest); d++ {
		for _, s := range h.t.day(d) {
			w := clocks.between(d, s)
			total += max(0, min(w.Until, until).Sub(max(w.From, from)))
		}
	}
	return total
}

// Equal reports whether two places are open at the same times.
func (h Hours) Equal(other Hours) bool {
	return h.t == other.t || h.Said() == other.Said() && h.String() == other.String()
}

// MarshalJSON writes the text that ParseHours reads; "" when nobody said.
func (h Hours) MarshalJSON() ([]byte, error) { return json.Marshal(h.String()) }

// UnmarshalJSON reads it.
func (h *Hours) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return fmt.Errorf("opening hours: %w", err)
	}
	read, err := ParseHours("hours", text)
	*h = read
	return err
}
