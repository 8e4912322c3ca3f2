package simulated

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

// forms are the ways to write an instant, RFC 3339 whole or cut short, and how
// much each one knows. A fraction of a second is read wherever seconds are.
var forms = []struct {
	layout string
	knows  carrier.Precision
	offset bool
}{
	{"2006-01-02T15:04:05Z07:00", fact.Exact, true},
	{"2006-01-02T15:04Z07:00", fact.Minute, true},
	{"2006-01-02T15:04:05", fact.Exact, false},
	{"2006-01-02T15:04", fact.Minute, false},
	{"2006-01-02", fact.ADay, false},
}

// instant reads when it happened: the instant, and what it proves.
func (p *parser) instant(r *carrier.Report) {
	text := p.text("occurred_at", 64)
	zone, said := p.eventZone()
	precision := word(p, "precision", "", carrier.PrecisionOf, precisions)
	if text == "" {
		p.require("occurred_at")
		return
	}
	// RFC 3339, section 5.6: a space may stand for the T, and either in small letters.
	folded := strings.Replace(strings.ToUpper(text), " ", "T", 1)
	for _, f := range forms {
		t, err := time.ParseInLocation(f.layout, folded, zone)
		if err != nil {
			continue
		}
		if y := t.UTC().Year(); y < 1 || y > 9999 {
			break
		}
		if f.offset && !said {
			zone = t.Location()
		}
		r.Precision = coarser(f.knows, precision)
		r.At, r.Span = first(t, r.Precision, zone, f.offset)
		return
	}
	p.faults.Add(fault.Invalid, "instant_invalid", p.at+".occurred_at", "value", text)
}

// eventZone is the zone that the event says, or else the connection's.
func (p *parser) eventZone() (zone *time.Location, said bool) {
	name := p.text("zone", 64)
	if name == "" {
		return p.zone, false
	}
	zone, err := civil.Zone(name)
	if err != nil {
		for _, f := range fault.All(err) {
			at := *f
			at.Field = p.at + ".zone"
			p.faults = append(p.faults, &at)
		}
		return p.zone, false
	}
	return zone, true
}

// precisions, from the finest to the coarsest.
var precisions = []carrier.Precision{fact.Exact, fact.Minute, fact.Hour, fact.ADay}

// coarser is the lesser claim of two: an instant written without its hour is
// known to the day, whatever the sender says. What was not said claims nothing.
func coarser(known, said carrier.Precision) carrier.Precision {
	return precisions[max(slices.Index(precisions, known), slices.Index(precisions, said))]
}

// first gives the instant and its span. In the hour that the clocks show twice
// in October, a time without an offset may mean either showing: the instant is
// the first, and the span reaches to the end of the second.
func first(t time.Time, p carrier.Precision, zone *time.Location, offset bool) (civil.Instant, fact.Span) {
	const wall = "2006-01-02T15:04:05.999999999"
	earlier, later := t, t
	if before := t.Add(-time.Hour); !offset && before.Format(wall) == t.Format(wall) {
		earlier = before
	}
	if after := t.Add(time.Hour); !offset && after.Format(wall) == t.Format(wall) {
		later = after
	}
	at := civil.At(earlier)
	return at, fact.Span{
		From:  carrier.SpanOf(at, p, zone).From,
		Until: carrier.SpanOf(civil.At(later), p, zone).Until,
	}
}
