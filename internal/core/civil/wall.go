package civil

import (
	"math"
	"time"
)

const (
	secondsADay = 24 * 60 * 60
	minutesADay = 24 * 60
	microsecond = int64(time.Second / time.Microsecond)
)

// wall finds the instant at which the clocks of a zone show a minute of a day;
// 1440 is the next midnight. A time shown twice (October) means its first
// showing. A time never shown (March) means the instant at which the clocks
// jump over it, and missing says so.
//
// It does not lean on time.Date, which leaves open which side of a change of
// clocks it takes.
func wall(d Day, minute int, loc *time.Location) (at Instant, missing bool) {
	local := int64(d)*secondsADay + int64(minute)*60
	// No zone is a whole day from UTC, so these two stand safely on either side.
	before, after := offset(local-secondsADay, loc), offset(local+secondsADay, loc)
	if before == after || offset(local-before, loc) == before {
		return Instant((local - before) * microsecond), false
	}
	if offset(local-after, loc) == after {
		return Instant((local - after) * microsecond), false
	}
	_, jump := time.Unix(local-after, 0).In(loc).ZoneBounds()
	return At(jump), true
}

// spell is a time during which the clocks of a zone are not changed: about half
// a year in Europe. One look at the zone answers for all of it.
type spell struct {
	from, until int64 // Unix seconds, until exclusive
	ahead       int64 // seconds ahead of UTC
	loc         *time.Location
}

func spellOf(i Instant, loc *time.Location) spell {
	t := i.In(loc)
	_, ahead := t.Zone()
	from, until := t.ZoneBounds()
	s := spell{from: math.MinInt64 / 2, until: math.MaxInt64, ahead: int64(ahead), loc: loc}
	if !from.IsZero() {
		s.from = from.Unix()
	}
	if !until.IsZero() {
		s.until = until.Unix()
	}
	return s
}

// day is the local day of an instant of the spell.
func (s *spell) day(i Instant) Day {
	second, _ := divmod(int64(i), microsecond)
	day, _ := divmod(second+s.ahead, secondsADay)
	return Day(day)
}

// wall is wall without its looks at the zone, for a time inside the spell; on
// its first day a time may have been shown already, before it.
func (s *spell) wall(d Day, minute int) Instant {
	at := int64(d)*secondsADay + int64(minute)*60 - s.ahead
	if s.from+secondsADay <= at && at < s.until {
		return Instant(at * microsecond)
	}
	i, _ := wall(d, minute, s.loc)
	return i
}

// offset is how many seconds the clocks of a zone are ahead of UTC at a Unix second.
func offset(unix int64, loc *time.Location) int64 {
	_, seconds := time.Unix(unix, 0).In(loc).Zone()
	return int64(seconds)
}

// divmod divides rounding down, so that the rest is never negative.
func divmod(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		return quotient - 1, rest + b
	}
	return quotient, rest
}
