package civil

import "time"

// Interval is when something happened, as exactly as the evidence knows: at
// From or later, before Until. Empty, it says nothing.
type Interval struct {
	From  Instant `json:"from"`
	Until Instant `json:"until"`
}

// Precision is how much of an event's instant its reporter really knew.
type Precision string

// The precisions, from a courier's scanner to a clerk's date stamp.
const (
	Exact       Precision = "exact"
	ToTheMinute Precision = "minute"
	ToTheHour   Precision = "hour"
	ToTheDay    Precision = "day"
)

// IntervalOf is what an instant of that precision proves in a zone: one
// microsecond, or the local minute, hour or day it lies in. A precision we do
// not know claims the least, the day; an instant never said proves nothing.
func IntervalOf(i Instant, p Precision, loc *time.Location) Interval {
	switch {
	case i.IsZero():
		return Interval{}
	case p == Exact:
		return Interval{i, i + 1}
	case p == ToTheMinute:
		return localUnit(i, time.Minute, loc)
	case p == ToTheHour:
		return localUnit(i, time.Hour, loc)
	}
	d := i.Day(loc)
	return Interval{d.Start(loc), d.End(loc)}
}

// localUnit is the unit of local time around i; half past is another instant in
// India than in Paris.
func localUnit(i Instant, unit time.Duration, loc *time.Location) Interval {
	second, _ := divmod(int64(i), microsecond)
	ahead := time.Duration(offset(second, loc)) * time.Second
	_, past := divmod(int64(i.Add(ahead)), int64(unit/time.Microsecond))
	from := i - Instant(past)
	return Interval{from, from.Add(unit)}
}

// Relation is how evidence lies to a window.
type Relation int

// A promise whose evidence is Within its window is kept, Outside broken, and
// Across an edge not decided by that evidence.
const (
	Across Relation = iota
	Within
	Outside
)

// Relate lays evidence on the window. An empty interval proves nothing: Across.
func (w Window) Relate(e Interval) Relation {
	switch {
	case e.Until <= e.From:
		return Across
	case e.Until <= w.opens(), w.Until <= e.From:
		return Outside
	case w.opens() <= e.From && e.Until <= w.Until:
		return Within
	}
	return Across
}

// LateBy is how late the evidence is at least; 0 when it may be in time.
func (w Window) LateBy(e Interval) time.Duration {
	if e.Until <= e.From {
		return 0
	}
	return max(0, e.From.Sub(w.Until))
}

// EarlyBy is how early the evidence is at least; 0 when it may be in time, or
// when nothing is too early.
func (w Window) EarlyBy(e Interval) time.Duration {
	if w.From.IsZero() || e.Until <= e.From {
		return 0
	}
	return max(0, w.From.Sub(e.Until-1))
}
