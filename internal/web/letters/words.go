package letters

import (
	"context"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
)

// background bounds nothing: a sheet is rendered from memory into memory.
var background = context.Background()

// sentence is the promise as a first line, with what became of it. A letter
// without a promise has none.
func (d desk) sentence() string {
	if d.promise.ID == "" {
		return ""
	}
	args := map[string]any{"Promise": d.due()}
	switch d.promise.State {
	case fact.Kept:
		return d.T("letter.promise_kept", args)
	case fact.Broken:
		return d.T("letter.promise_broken", args)
	case fact.Void:
		return d.T("letter.promise_void", args)
	default:
		return d.T("letter.promise_open", args)
	}
}

// due is what was promised: a deadline at midnight is the day before, whole. The
// zone is named when a shopper could read the hour in another.
func (d desk) due() string {
	loc, until := d.msg.Locale, d.promise.Until
	day := until.Day(d.zone)
	wholeDay := until == day.Start(d.zone)
	if wholeDay {
		day--
	}
	args := map[string]any{"Day": lang.Day(loc, day), "Clock": lang.Clock(loc, until.In(d.zone))}
	switch {
	case wholeDay && d.promise.Collect:
		return d.T("letter.collect_day", args)
	case wholeDay:
		return d.T("letter.deliver_day", args)
	case d.promise.Collect:
		return d.elsewhere(d.T("letter.collect_clock", args))
	default:
		return d.elsewhere(d.T("letter.deliver_clock", args))
	}
}

func (d desk) elsewhere(sentence string) string {
	if d.promise.Zone == d.shop.Zone {
		return sentence
	}
	return sentence + " (" + lang.Zone(d.msg.Locale, d.promise.Zone) + ")"
}

// text is the letter without HTML, for whoever reads it so.
func (p page) text() string {
	var b strings.Builder
	for _, paragraph := range append([]string{p.Promise, p.Hello}, p.Paragraphs...) {
		if paragraph != "" {
			b.WriteString(paragraph + "\n\n")
		}
	}
	for _, i := range p.Items {
		b.WriteString(lang.T(p.Locale, "letter.item", map[string]any{"What": i.What, "Amount": i.Amount}) + "\n")
	}
	if len(p.Items) > 0 {
		b.WriteString("\n")
	}
	b.WriteString(lang.T(p.Locale, "letter.open", map[string]any{"Button": p.Button}) + "\n" + p.URL + "\n\n")
	b.WriteString("-- \n" + p.Shop + "\n" + p.Why + "\n") // RFC 3676, section 4.3: the signature's mark
	return b.String()
}
