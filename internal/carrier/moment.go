package carrier

import (
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Moment is an instant as a carrier wrote it, and what it proves.
type Moment struct {
	At        civil.Instant
	Precision Precision
	Span      fact.Span
}

// forms are the ways to write an instant, RFC 3339 whole or cut short, and how
// much each one knows. A fraction of a second is read wherever seconds are.
var forms = []struct {
	layout string
	knows  Precision
	offset bool
}{
	{"2006-01-02T15:04:05Z07:00", fact.Exact, true},
	{"2006-01-02T15:04Z07:00", fact.Minute, true},
	{"2006-01-02T15:04:05", fact.Exact, false},
	{"2006-01-02T15:04", fact.Minute, false},
	{"2006-01-02", fact.ADay, false},
}

// Moment reads a field that holds an instant: RFC 3339, whole or cut short. The
// entry's fields "precision" and "zone" may say how exactly it is known, and
// where its clock hangs when it has no offset; else that is the connection's
// zone. Silent gives the zero Moment. The faults are instant_invalid,
// unknown_value at "precision" and unknown_zone at "zone".
func (e *Entry) Moment(field string) Moment {
	text := e.Text(field, 64)
	zone, said := e.saidZone()
	precision := Word(e, "precision", "", PrecisionOf, precisions)
	if text == "" {
		return Moment{}
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
		return first(t, coarser(f.knows, precision), zone, f.offset)
	}
	e.refuse(fault.New(fault.Invalid, "instant_invalid", e.path(field), "value", text))
	return Moment{}
}

// Happened reads a field that must hold an instant into a report. The fault of
// a missing one is field_required.
func (e *Entry) Happened(field string, r *Report) {
	m := e.Moment(field)
	if m == (Moment{}) {
		e.Require(field)
		return
	}
	r.At, r.Precision, r.Span = m.At, m.Precision, m.Span
}

// Expected reads a field that holds when the parcel is expected, as somebody
// said at an instant: an instant too, or a time of day, "16:31", which is the
// next one. The faults are those of Moment, and expected_before_event.
func (e *Entry) Expected(field string, said civil.Instant) civil.Instant {
	zone, _ := e.saidZone()
	text := e.Text(field, 64)
	minute, err := time.Parse("15:04", text)
	if err != nil {
		m := e.Moment(field)
		if !m.At.IsZero() && m.At < said {
			e.refuse(fault.New(fault.Invalid, "expected_before_event", e.path(field), "value", text))
		}
		return m.At
	}
	of := minute.Hour()*60 + minute.Minute()
	for d := said.Day(zone); ; d++ {
		// The clocks skip an hour once a year: then it is the same time a day later.
		if w, err := civil.Slot(d, of, of+1, zone); err == nil && w.From >= said {
			return w.From
		}
	}
}

// saidZone is the zone that the event says, or else the connection's.
func (e *Entry) saidZone() (zone *time.Location, said bool) {
	name := e.Text("zone", 64)
	if name == "" {
		return e.zone, false
	}
	zone, err := civil.Zone(name)
	if err != nil {
		for _, f := range fault.All(err) {
			at := *f
			at.Field = e.path("zone")
			e.refuse(&at)
		}
		return e.zone, false
	}
	return zone, true
}

// precisions, from the finest to the coarsest.
var precisions = []Precision{fact.Exact, fact.Minute, fact.Hour, fact.ADay}

// coarser is the lesser claim of two: an instant written without its hour is
// known to the day, whatever the sender says. What was not said claims nothing.
func coarser(known, said Precision) Precision {
	return precisions[max(slices.Index(precisions, known), slices.Index(precisions, said))]
}

// first gives the instant and its span. In the hour that the clocks show twice
// in October, a time without an offset may mean either showing: the instant is
// the first, and the span reaches to the end of the second.
func first(t time.Time, p Precision, zone *time.Location, offset bool) Moment {
	const wall = "2006-01-02T15:04:05.999999999"
	earlier, later := t, t
	if before := t.Add(-time.Hour); !offset && before.Format(wall) == t.Format(wall) {
		earlier = before
	}
	if after := t.Add(time.Hour); !offset && after.Format(wall) == t.Format(wall) {
		later = after
	}
	at := civil.At(earlier)
	return Moment{At: at, Precision: p, Span: fact.Span{
		From:  SpanOf(at, p, zone).From,
		Until: SpanOf(civil.At(later), p, zone).Until,
	}}
}
