package ui

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Reading is who reads a page, where the goods go, and when: what words about
// instants hang on.
type Reading struct {
	Locale lang.Locale
	Zone   *time.Location
	Now    civil.Instant
}

// T is a sentence in the reader's language.
func (r Reading) T(key string, args map[string]any) string { return lang.T(r.Locale, key, args) }

// Day is a day in words, with its year when that is not this one.
func (r Reading) Day(d civil.Day) string {
	year, _, _ := d.Date()
	if this, _, _ := r.Now.Day(r.Zone).Date(); this != year {
		return lang.DayYear(r.Locale, d)
	}
	return lang.Day(r.Locale, d)
}

// When is an instant in words, as exactly as it is known.
func (r Reading) When(at civil.Instant, p fact.Precision) string {
	local := at.In(r.Zone)
	switch p {
	case fact.ADay:
		return r.Day(at.Day(r.Zone))
	case fact.Hour:
		return r.T("order_page.about", map[string]any{"Day": r.Day(at.Day(r.Zone)), "Clock": lang.Clock(r.Locale, local.Truncate(time.Hour))})
	default:
		return lang.Moment(r.Locale, local)
	}
}

// Span is evidence in words: the day when all of it is one, the hour or the
// minute when it is known so well.
func (r Reading) Span(s fact.Span) string {
	switch wide := s.Until.Sub(s.From); {
	case wide > time.Hour:
		return r.When(s.From, fact.ADay)
	case wide > time.Minute:
		return r.When(s.From, fact.Hour)
	default:
		return r.When(s.From, fact.Minute)
	}
}

// Deadline is the day before whose end, or before whose minute, something is
// owed: an until at midnight means the day before.
func (r Reading) Deadline(until civil.Instant) (day civil.Day, wholeDay bool) {
	day = (until - 1).Day(r.Zone)
	return day, until == day.End(r.Zone)
}

// Due is a deadline in words: "mardi 24 novembre", "mardi 24 novembre avant 13:00".
func (r Reading) Due(until civil.Instant) string {
	day, whole := r.Deadline(until)
	if whole {
		return r.Day(day)
	}
	return r.T("order_page.due_clock", map[string]any{"Day": r.Day(day), "Clock": lang.Clock(r.Locale, until.In(r.Zone))})
}

// Long is a duration in words.
func (r Reading) Long(d time.Duration) string { return lang.Duration(r.Locale, d) }
