package carrier

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// The bounds of one payload. More events than MaxEvents are more than one
// transaction should carry: the sender is asked to send several payloads.
const (
	MaxBytes  = 1 << 20
	MaxEvents = 500
	maxDepth  = 16
)

// ReadEvents reads a payload of the form {"events": [{…}, …]}, each event by
// read, and gives the reports of those that broke no rule.
//
// Faults about the whole (body_too_large, invalid_utf8, json_too_deep,
// invalid_json, object_expected, too_many_events, and list_expected or
// field_required at "events") come without reports. Those about one event bear
// its place, "events[3].status", and come beside the reports of the good ones.
func ReadEvents(raw []byte, zone *time.Location, read func(*Entry) Report) ([]Report, error) {
	events, err := split(raw)
	if err != nil {
		return nil, err
	}
	var faults fault.List
	reports := make([]Report, 0, len(events))
	for i, e := range events {
		entry := Entry{at: fmt.Sprintf("events[%d]", i), zone: zone}
		if r, ok := entry.report(e, read); ok {
			reports = append(reports, r)
		}
		faults = append(faults, entry.faults...)
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
