// Package civil is the calendar that promises are written in: instants, local
// days, working days, public holidays, opening hours, cut-offs, slots and the
// intervals of evidence. It is pure: every function takes the instant it should consider,
// none reads a clock. It stores nothing, emits and hears no fact.
//
// An Instant is a point on the world's time line; a Day is a square on a wall
// calendar, without zone. Only a *time.Location turns one into the other, and
// daylight saving is handled where that happens (wall.go) and nowhere else.
//
// It deliberately does not know who a merchant or a carrier is, nor public
// holidays outside 2024-2030.
package civil

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Instant is a point in time in microseconds since 1970 UTC, the form in which
// both database engines keep it. The zero value means "never said".
type Instant int64

// At converts a time, dropping what is finer than a microsecond.
func At(t time.Time) Instant {
	if t.IsZero() {
		return 0
	}
	return Instant(t.UnixMicro())
}

// ParseInstant reads RFC 3339. It refuses the few texts whose instant can not
// be written back as one, because their offset leads out of the years 0-9999.
func ParseInstant(s string) (Instant, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, fmt.Errorf("parse instant %q: %w", s, err)
	}
	if y := t.UTC().Year(); y < 0 || y > 9999 {
		return 0, fmt.Errorf("parse instant %q: year %d in UTC", s, y)
	}
	return At(t), nil
}

// CheckInstant refuses an instant no order can have: before 2000 or more than
// two years after now, and so one never said too (the caller asks IsZero first
// where silence is allowed). The fault is date_out_of_range at the field, with
// the first and the last day allowed.
func CheckInstant(field string, i, now Instant) error {
	first, last := At(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)), At(now.Time().AddDate(2, 0, 0))
	if first <= i && i <= last {
		return nil
	}
	return fault.New(fault.Invalid, "date_out_of_range", field, "first", first.Day(time.UTC).String(), "last", last.Day(time.UTC).String())
}

// IsZero reports whether the instant was never said.
func (i Instant) IsZero() bool { return i == 0 }

// Time returns the instant in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// In returns the instant as a local time of the zone.
func (i Instant) In(loc *time.Location) time.Time { return time.UnixMicro(int64(i)).In(loc) }

// Add moves the instant by an exact duration.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d/time.Microsecond) }

// Sub is the exact duration since j; past 292 years, the longest there is.
func (i Instant) Sub(j Instant) time.Duration {
	const longest = Instant(math.MaxInt64 / time.Microsecond)
	return time.Duration(min(max(i-j, -longest), longest)) * time.Microsecond
}

// Before reports whether i comes strictly before j.
func (i Instant) Before(j Instant) bool { return i < j }

// After reports whether i comes strictly after j.
func (i Instant) After(j Instant) bool { return i > j }

// Day is the local calendar day of the instant in a zone.
func (i Instant) Day(loc *time.Location) Day {
	second, _ := divmod(int64(i), microsecond)
	day, _ := divmod(second+offset(second, loc), secondsADay)
	return Day(day)
}

// String is RFC 3339 in UTC, for logs and interchange, never for people.
func (i Instant) String() string {
	if i == 0 {
		return ""
	}
	return i.Time().Format("2006-01-02T15:04:05.999999Z07:00")
}

// MarshalJSON writes RFC 3339, or null when never said.
func (i Instant) MarshalJSON() ([]byte, error) {
	if i == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(i.String())
}

// UnmarshalJSON reads RFC 3339 or null.
func (i *Instant) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*i = 0
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := ParseInstant(s)
	*i = v
	return err
}

// Value stores microseconds, or null when never said.
func (i Instant) Value() (driver.Value, error) {
	if i == 0 {
		return nil, nil
	}
	return int64(i), nil
}

// Scan reads what Value stored.
func (i *Instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = 0
	case int64:
		*i = Instant(v)
	default:
		return fmt.Errorf("scan instant from %T", src)
	}
	return nil
}
