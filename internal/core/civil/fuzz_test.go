package civil_test

import (
	"fmt"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// What is read as a day is written back letter for letter: there is one way to
// write a day.
func FuzzParseDay(f *testing.F) {
	for _, s := range []string{
		"2026-11-21", "2028-02-29", "2027-02-29", "0000-01-01", "9999-12-31", "1969-12-31", "1970-01-01",
		"", "2026-1-1", "2026-13-01", "2026-11-31", " 2026-11-21", "2026-11-21T00:00:00Z", "21/11/2026",
		"+2026-11-21", "-001-01-01", "10000-01-01", "2026-11-2\xff", "２０２６-11-21",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := civil.ParseDay(s)
		if err != nil {
			if d != civil.NoDay {
				t.Fatalf("%q is refused but is %s", s, d)
			}
			return
		}
		if d.String() != s {
			t.Fatalf("%q is read as %s", s, d)
		}
	})
}

// What is read as an instant can be written and read again as the same.
func FuzzParseInstant(f *testing.F) {
	for _, s := range []string{
		"2026-11-21T14:30:00Z", "2026-11-21T14:30:00+01:00", "2026-11-21T14:30:00.123456789-11:30",
		"2026-03-29T02:30:00+01:00", "2026-10-25T02:30:00+02:00", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+23:59",
		"", "2026-11-21", "2026-11-21 14:30:00", "2026-11-21T24:00:00Z", "2026-11-21T14:30:60Z",
		"2026-11-21T14:30:00,5Z", "2026-11-21T4:30:00Z", "2026-11-21T14:30:00+24:00", "2026-11-21t14:30:00z", "2026-11-21T14:30:00\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		i, err := civil.ParseInstant(s)
		if err != nil {
			if i != 0 {
				t.Fatalf("%q is refused but is %s", s, i)
			}
			return
		}
		if i == 0 {
			return // never said
		}
		again, err := civil.ParseInstant(i.String())
		if err != nil || again != i {
			t.Fatalf("%q is read as %s and then as %s (%v)", s, i, again, err)
		}
	})
}

// No name makes Zone panic, and one it knows is known by that name.
func FuzzZone(f *testing.F) {
	for _, s := range []string{"Europe/Paris", "UTC", "", "Local", "../etc/passwd", "Europe/../UTC", "Etc/GMT+5", "A/\xff", "Europe/Paris/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		loc, err := civil.Zone(s)
		if (loc == nil) == (err == nil) || loc != nil && loc.String() != s {
			t.Fatalf("%q: %v, %v", s, loc, err)
		}
	})
}

// What is read as hours is written in a form that is read as the same hours.
func FuzzParseHours(f *testing.F) {
	for _, s := range []string{
		tobacconist, "24/7", "Fr,Sa 18:00-02:00; PH FR-57 10:00-12:00", "Mo-Su off", "", ";", "Mo 24:00-00:00", "Sa-Mo 9:00–12:00",
		"2026-08-03..2026-08-16 off; 2026-12-24 09:00-16:00", "PH open", "Mo 22:00-02:00; Tu 01:00-03:00", "Mo 00:00-24:00,00:00-01:00", "0000-01-01 off", "\xff Mo",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := civil.ParseHours("hours", s)
		if err != nil {
			if h.Said() {
				t.Fatalf("%q is refused but is %q", s, h)
			}
			return
		}
		again, err := civil.ParseHours("hours", h.String())
		if err != nil || !again.Equal(h) {
			t.Fatalf("%q is written %q and read as %q (%v)", s, h, again, err)
		}
		for d := civil.KnownFrom; d < civil.KnownFrom+14; d++ {
			if a, b := fmt.Sprint(h.In("FR").Day(d)), fmt.Sprint(again.In("FR").Day(d)); a != b {
				t.Fatalf("%q: on %s %s, then %s", s, d, a, b)
			}
		}
	})
}
