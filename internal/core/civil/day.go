package civil

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// Day is a calendar day without zone, counted from 1970-01-01. It is written,
// stored and read as 2026-11-21. NoDay, not zero, means "never said".
type Day int32

// NoDay is the absent day.
const NoDay Day = -1 << 31

// Date makes a day, normalising as time.Date does (32 January = 1 February).
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads 2026-11-21.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return NoDay, fmt.Errorf("parse day %q: %w", s, err)
	}
	return Date(t.Date()), nil
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Date splits the day.
func (d Day) Date() (year int, month time.Month, day int) { return d.utc().Date() }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return time.Weekday((int(d)%7 + 4 + 7) % 7) }

// Start is the first instant of the day in a zone: midnight, the first of two
// midnights, or the first instant after the gap where the clocks skip it. The
// start of NoDay was never said either.
func (d Day) Start(loc *time.Location) Instant {
	if d == NoDay {
		return 0
	}
	at, _ := wall(d, 0, loc)
	return at
}

// End is the first instant of the next local day: a promise for the day ends there, exclusive.
func (d Day) End(loc *time.Location) Instant {
	if d == NoDay {
		return 0
	}
	return (d + 1).Start(loc)
}

// String is 2026-11-21, or nothing for NoDay.
func (d Day) String() string {
	if d == NoDay {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalJSON writes "2026-11-21", or null.
func (d Day) MarshalJSON() ([]byte, error) {
	if d == NoDay {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON reads "2026-11-21" or null.
func (d *Day) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*d = NoDay
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := ParseDay(s)
	*d = v
	return err
}

// Value stores the ISO text, or null.
func (d Day) Value() (driver.Value, error) {
	if d == NoDay {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = NoDay
		return nil
	case string:
		p, err := ParseDay(v)
		*d = p
		return err
	case []byte:
		p, err := ParseDay(string(v))
		*d = p
		return err
	default:
		return fmt.Errorf("scan day from %T", src)
	}
}
