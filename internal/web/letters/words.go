package letters

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/promise"
)

// sentence is the promise as a first line, with what became of it. A letter
// without a promise has none.
func (d *desk) sentence() string {
	if d.back != nil {
		return d.backSentence()
	}
	c := d.about
	if c.ID == "" {
		return ""
	}
	if shown := d.shown(); shown != "" {
		return shown
	}
	args := map[string]any{"Promise": d.owed(c)}
	switch c.State {
	case fact.Kept:
		return d.T("letter.promise_kept", args)
	case fact.Broken:
		return d.T("letter.promise_broken", args)
	case fact.Void:
		return d.T("letter.promise_void", args)
	}
	if d.msg.Topic == fact.TopicAtRisk || d.msg.Topic == fact.TopicNewDate {
		return d.T("letter.promise_risk", args)
	}
	return d.T("letter.promise_open", args)
}

// shown is the promise in the very words of the checkout, for the letter that
// confirms it, in quotes: "livré mardi" alone could be taken for news. Words in
// another language than the letter's stand beside ours.
func (d *desk) shown() string {
	c := d.about
	if d.msg.Topic != fact.TopicConfirmed || c.State != fact.Open || c.Shown == "" || c.Locale != d.Locale {
		return ""
	}
	return d.T("letter.promise_shown", map[string]any{"Words": strings.TrimSuffix(c.Shown, ".")})
}

// owed is what was promised: both ends of a slot, a day, or an hour. A deadline
// at midnight is the day before, whole.
func (d *desk) owed(c promise.Commitment) string {
	if c.Owed == fact.Complete {
		return d.T("letter.complete", nil)
	}
	if c.Owed == fact.AnswerBy {
		return d.T("letter.answer_owed", map[string]any{"Due": d.Due(c.Until)})
	}
	if slot, ok := d.slot(c); ok {
		return d.elsewhere(d.T("letter.deliver_slot", map[string]any{"Slot": slot}))
	}
	day, whole := d.Deadline(c.Until)
	args := map[string]any{"Day": d.Day(day), "Clock": d.clock(c.Until)}
	switch {
	case whole && c.Collect:
		return d.T("letter.collect_day", args)
	case whole:
		return d.T("letter.deliver_day", args)
	case c.Collect:
		return d.elsewhere(d.T("letter.collect_clock", args))
	default:
		return d.elsewhere(d.T("letter.deliver_clock", args))
	}
}

// slot is "mardi 24 novembre entre 14:00 et 16:00"; false for a promise that has
// no beginning.
func (d *desk) slot(c promise.Commitment) (string, bool) {
	if c.Owed != fact.DeliverInSlot {
		return "", false
	}
	return lang.Slot(d.Locale, c.From.In(d.Zone), c.Until.In(d.Zone)), true
}

// due is the window of a promise as one reads it in a table.
func (d *desk) due(c promise.Commitment) string {
	if slot, ok := d.slot(c); ok {
		return d.elsewhere(slot)
	}
	if _, whole := d.Deadline(c.Until); whole {
		return d.Due(c.Until)
	}
	return d.elsewhere(d.Due(c.Until))
}

// elsewhere names the zone when a shopper could read the hour in another.
func (d *desk) elsewhere(words string) string {
	if d.Zone.String() == d.shop.Zone {
		return words
	}
	return words + " (" + lang.Zone(d.Locale, d.Zone.String()) + ")"
}

func (d *desk) clock(at civil.Instant) string { return lang.Clock(d.Locale, at.In(d.Zone)) }

// hour is an instant beside a promise: the time of day when that is on the same
// day, the day alone when nothing finer is meant.
func (d *desk) hour(at civil.Instant) string {
	if day, _ := d.Deadline(d.delivery.Until); at.Day(d.Zone) == day {
		return d.clock(at)
	}
	if day := at.Day(d.Zone); at == day.Start(d.Zone) {
		return d.Day(day)
	}
	return d.When(at, fact.Minute)
}

// expected is when somebody on the way said that it would come, if that is still
// to come; zero when nobody did.
func (d *desk) expected() civil.Instant {
	p, ok := d.parcel()
	if at := d.stories[p.ID].Expected; ok && at > d.Now {
		return at
	}
	return 0
}

// late is how long an instant comes after the end of the promise; zero when it is in time.
func (d *desk) late(at civil.Instant) time.Duration { return max(0, at.Sub(d.delivery.Until)) }

// address is where it goes, masked: enough to see that it is the right one, too
// little for whoever reads over a shoulder. The door code and the telephone stay out.
func (d *desk) address() string {
	a := d.order.Ship
	return d.T("letter.address", map[string]any{
		"Name": clip(initials(a.Name)), "Street": clip(masked(a.Street)), "Postcode": a.Postcode, "City": clip(a.City),
	})
}

// pickup is where it is collected; empty when nobody chose. A point is a public
// place: nothing of it is masked.
func (d *desk) pickup() string {
	if d.point.ID == "" {
		return ""
	}
	return clip(d.point.Name) + ", " + clip(d.point.Address())
}

// initials leaves the first of several names whole: "Camille D."
func initials(name string) string {
	words := strings.Fields(name)
	for i := 1; i < len(words); i++ {
		words[i] = string([]rune(words[i])[:1]) + "."
	}
	return strings.Join(words, " ")
}

// masked leaves of the last word of a street its first letter: "12 rue de la R…"
func masked(street string) string {
	words := strings.Fields(street)
	if len(words) == 0 {
		return ""
	}
	last := []rune(words[len(words)-1])
	words[len(words)-1] = string(last[:1]) + "…"
	return strings.Join(words, " ")
}
