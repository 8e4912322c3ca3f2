// Package simulated is the carrier that does not exist: it speaks the generic
// webhook, which is also how a merchant's own courier, or any program, reports
// events without waiting for an adapter of its own.
//
//	{"events": [{
//	  "tracking_number": "SIM0001",           required
//	  "status": "out_for_delivery",           one of our words; or "code", the sender's
//	  "label": "On the van", "reason": "delay", "place": "mailbox", "party": "carrier",
//	  "source": "carrier",                    who saw it; the carrier when silent
//	  "occurred_at": "2026-03-02T08:15",      required; RFC 3339, whole or cut short
//	  "precision": "minute",                  how exactly that is known
//	  "zone": "Europe/Paris",                 where, when occurred_at has no offset
//	  "location": "Lyon",
//	  "supersedes": "delivered"               a correction: it never was
//	}]}
//
// Fields it does not know are left alone. It stores nothing, emits and hears no
// fact; it deliberately does not judge events, whatever date they bear.
package simulated

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Adapter is its key in the registry.
const Adapter = "simulated"

// The bounds of one payload. More events than MaxEvents are more than one
// transaction should carry: the sender is asked to send several payloads.
const (
	MaxBytes  = 1 << 20
	MaxEvents = 500
	maxDepth  = 16
)

// Parse is the carrier.Parser. Faults about the whole (body_too_large,
// invalid_utf8, json_too_deep, invalid_json, object_expected, too_many_events, and
// list_expected or field_required at "events") come without reports. Those about one event bear its place,
// "events[3].status", and come beside the reports of the good ones.
func Parse(raw []byte, zone *time.Location) ([]carrier.Report, error) {
	events, err := split(raw)
	if err != nil {
		return nil, err
	}
	var faults fault.List
	reports := make([]carrier.Report, 0, len(events))
	for i, e := range events {
		p := parser{at: fmt.Sprintf("events[%d]", i), zone: zone}
		if r, ok := p.report(e); ok {
			reports = append(reports, r)
		}
		faults = append(faults, p.faults...)
	}
	return reports, faults.Err()
}

// split checks the payload as a whole and parts it into events.
func split(raw []byte) ([]json.RawMessage, error) {
	switch {
	case len(raw) > MaxBytes:
		return nil, fault.New(fault.TooLarge, "body_too_large", "", "limit", MaxBytes)
	case !utf8.Valid(raw):
		return nil, fault.New(fault.Invalid, "invalid_utf8", "body")
	case depth(raw) > maxDepth:
		return nil, fault.New(fault.Invalid, "json_too_deep", "", "limit", maxDepth)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !json.Valid(raw) {
		return nil, fault.New(fault.Invalid, "invalid_json", "")
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal(raw, &body); err != nil {
		return nil, fault.New(fault.Invalid, "object_expected", "body").Because(err)
	}
	var events []json.RawMessage
	if len(body["events"]) > 0 {
		if err := json.Unmarshal(body["events"], &events); err != nil {
			return nil, fault.New(fault.Invalid, "list_expected", "events").Because(err)
		}
	}
	switch {
	case len(events) == 0:
		return nil, fault.New(fault.Invalid, "field_required", "events")
	case len(events) > MaxEvents:
		return nil, fault.New(fault.TooLarge, "too_many_events", "events", "count", len(events), "limit", MaxEvents)
	}
	return events, nil
}

// depth is how deep brackets nest outside strings. It looks before the decoder
// does, which would follow them all the way down.
func depth(raw []byte) (deepest int) {
	now, quoted, escaped := 0, false, false
	for _, c := range raw {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// parser reads one event.
type parser struct {
	at     string // path of the event
	zone   *time.Location
	fields map[string]json.RawMessage
	faults fault.List
}

// report reads the event; false when it broke a rule, which stands in faults.
func (p *parser) report(raw json.RawMessage) (carrier.Report, bool) {
	if err := json.Unmarshal(raw, &p.fields); err != nil || p.fields == nil {
		p.faults.Add(fault.Invalid, "object_expected", p.at)
		return carrier.Report{}, false
	}
	r := carrier.Report{
		Number: carrier.FoldNumber(p.text("tracking_number", 64)),
		Code:   p.text("code", 64),
		Label:  cut(p.text("label", MaxBytes), 500),
		Where:  cut(p.text("location", MaxBytes), 200),
		Reason: word(p, "reason", "", carrier.ReasonOf, fact.Reasons),
		Place:  word(p, "place", "", carrier.PlaceOf, fact.Places),
		Party:  word(p, "party", "", carrier.PartyOf, fact.Parties),
		Source: word(p, "source", fact.FromCarrier, carrier.SourceOf, fact.Sources),
	}
	if r.Number == "" {
		p.require("tracking_number")
	}
	r.Status = p.status("status", statusOfCode(r.Code))
	r.Supersedes = p.status("supersedes", "")
	if r.Status == "" {
		p.require("status")
	}
	p.instant(&r)
	return r, len(p.faults) == 0
}

// require says that a field is missing, unless it already was found broken.
func (p *parser) require(field string) {
	for _, f := range p.faults {
		if f.Field == p.at+"."+field {
			return
		}
	}
	p.faults.Add(fault.Invalid, "field_required", p.at+"."+field)
}

// text reads an optional field of text, of so many characters at most.
func (p *parser) text(field string, limit int) string {
	raw := p.fields[field]
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	var s string
	path := p.at + "." + field
	switch err := json.Unmarshal(raw, &s); {
	case err != nil:
		p.faults.Add(fault.Invalid, "text_expected", path)
		return ""
	case utf8.RuneCountInString(s) > limit:
		p.faults.Add(fault.Invalid, "field_too_long", path, "limit", limit)
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(s, "\x00", "")) // a NUL no database keeps
}

// cut shortens what only people read: no event is refused for a long sentence.
func cut(s string, limit int) string {
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}

// status reads a field that holds a status.
func (p *parser) status(field string, silent carrier.Status) carrier.Status {
	w := p.text(field, 64)
	if w == "" {
		return silent
	}
	s, ok := carrier.StatusOf(strings.ToLower(w))
	if !ok {
		p.faults.Add(fault.Invalid, "unknown_status", p.at+"."+field, "status", w)
		return fact.Unknown
	}
	return s
}

// statusOfCode reads a code where there is no status: our own words in any case,
// and for any other code the status unknown. A code is never an error, because
// carriers make new ones without telling.
func statusOfCode(code string) carrier.Status {
	if code == "" {
		return ""
	}
	if s, ok := carrier.StatusOf(strings.ToLower(code)); ok {
		return s
	}
	return fact.Unknown
}

// word reads a field that holds one of our words.
func word[T ~string](p *parser, field string, silent T, find func(string) (T, bool), known []T) T {
	w := p.text(field, 64)
	if w == "" {
		return silent
	}
	v, ok := find(strings.ToLower(w))
	if !ok {
		p.faults.Add(fault.Invalid, "unknown_value", p.at+"."+field, "value", w, "known", carrier.Words(known))
	}
	return v
}
