package lang

import (
	"fmt"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// Source: CLDR 48, locales fr and en-GB (wide names).
var (
	weekdays = map[Locale][]string{
		French:  {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		English: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
	months = map[Locale][]string{
		French: {
			"janvier", "février", "mars", "avril", "mai", "juin",
			"juillet", "août", "septembre", "octobre", "novembre", "décembre",
		},
		English: {
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
	}
)

// Day writes a day: "mardi 24 novembre", "mardi 1er décembre", "Tuesday 24
// November". The day that was never said is nothing.
func Day(loc Locale, d civil.Day) string {
	if d == civil.NoDay {
		return ""
	}
	_, month, day := d.Date()
	number := fmt.Sprint(day)
	if loc == French && day == 1 {
		number = "1er" // the first alone is ordinal
	}
	return strings.Join([]string{named(weekdays, loc)[d.Weekday()], number, named(months, loc)[month-1]}, " ")
}

// DayYear writes a day with its year: "mardi 24 novembre 2026".
func DayYear(loc Locale, d civil.Day) string {
	if d == civil.NoDay {
		return ""
	}
	year, _, _ := d.Date()
	return fmt.Sprintf("%s %d", Day(loc, d), year)
}

// named is the names of a locale; of English for an unknown one.
func named(names map[Locale][]string, loc Locale) []string {
	if n, ok := names[loc]; ok {
		return n
	}
	return names[English]
}

// Clock writes the time of day of t, in t's own zone: "16:31", "09:05". French
// and English write it alike.
// Source: CLDR 48, locales fr and en-GB (short time format, HH:mm).
func Clock(_ Locale, t time.Time) string { return t.Format("15:04") }

// Moment writes the day and time of t, in t's own zone: "mardi 24 novembre à 16:31".
func Moment(loc Locale, t time.Time) string {
	return T(loc, "time.moment", map[string]any{"Day": Day(loc, dayOf(t)), "Clock": Clock(loc, t)})
}

// Slot writes a span of hours of one day, in the zone of from: "mardi 24
// novembre entre 14:00 et 16:00".
func Slot(loc Locale, from, until time.Time) string {
	return T(loc, "time.slot", map[string]any{
		"Day": Day(loc, dayOf(from)), "From": Clock(loc, from), "Until": Clock(loc, until.In(from.Location())),
	})
}

func dayOf(t time.Time) civil.Day { return civil.Date(t.Date()) }

// Zone names a time zone of the IANA database, for a reader elsewhere: "heure de
// Paris"; by its city where the catalogue has no name for it.
func Zone(loc Locale, zone string) string {
	if s := T(loc, "zone."+zone, nil); s != missing("zone."+zone) {
		return s
	}
	city := strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
	return T(loc, "time.elsewhere", map[string]any{"City": city})
}

// Duration writes how long, whatever the sign: "31 minutes", "1 heure et 5
// minutes", "2 jours et 3 heures". It keeps the two largest units and drops what
// is below them, as one says "31 minutes late" after 31 min 40 s.
func Duration(loc Locale, d time.Duration) string {
	minutes := int(d.Abs() / time.Minute)
	hours, days := minutes/60, minutes/(24*60)
	switch {
	case minutes == 0:
		return T(loc, "unit.under_a_minute", nil)
	case hours == 0:
		return N(loc, "unit.minutes", minutes, nil)
	case days == 0:
		return pair(loc, N(loc, "unit.hours", hours, nil), "unit.minutes", minutes%60)
	default:
		return pair(loc, N(loc, "unit.days", days, nil), "unit.hours", hours%24)
	}
}

func pair(loc Locale, first, unit string, rest int) string {
	if rest == 0 {
		return first
	}
	return T(loc, "unit.pair", map[string]any{"First": first, "Second": N(loc, unit, rest, nil)})
}
