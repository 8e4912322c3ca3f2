package ui

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

// Hours are those of a place on a day, in words.
func Hours(loc lang.Locale, h civil.Hours, d civil.Day) string {
	all := h.Day(d)
	switch {
	case h.Doubt(d):
		return lang.T(loc, "locator.holiday_unsaid", nil)
	case len(all) == 0:
		return lang.T(loc, "locator.day_closed", nil)
	case all[0] == civil.Span{From: 0, Until: 24 * 60}:
		return lang.T(loc, "locator.day_always", nil)
	}
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = strings.Replace(s.String(), "-", "–", 1)
	}
	return strings.Join(words, ", ")
}

// always is how long an opening is when it is told as day and night.
const always = 7 * 24 * time.Hour

// Opening is whether a place is open, until when or from when: w is its opening
// now, or the next one; empty when none is known.
func (r Reading) Opening(w civil.Interval) (Tone, string) {
	switch {
	case w.From.IsZero():
		return Mute, r.T("locator.state_closed", nil)
	case w.From <= r.Now && w.Until.Sub(r.Now) >= always:
		return Good, r.T("locator.state_always", nil)
	case w.From <= r.Now:
		return Good, r.T("locator.state_open", map[string]any{"Until": r.moment(w.Until)})
	}
	return Care, r.T("locator.state_opens", map[string]any{"From": r.moment(w.From)})
}

// moment is the clock today, and the day with it on another.
func (r Reading) moment(at civil.Instant) string {
	local := at.In(r.Zone)
	if at.Day(r.Zone) == r.Now.Day(r.Zone) {
		return lang.Clock(r.Locale, local)
	}
	return lang.Moment(r.Locale, local)
}

// Far is how far a place is, said as well as it is known.
func Far(loc lang.Locale, metres float64, exact bool) string {
	if exact {
		return distance(loc, metres)
	}
	return lang.T(loc, "locator.about", map[string]any{"Distance": distance(loc, max(metres, 1000))})
}

// distance is metres as people say them: to ten below a kilometre.
func distance(loc lang.Locale, metres float64) string {
	if metres < 995 {
		return lang.Decimal(loc, float64(int(metres/10+0.5)*10), 0) + "\u00a0m"
	}
	return lang.Decimal(loc, metres/1000, 1) + "\u00a0km"
}
