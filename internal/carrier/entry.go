package carrier

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Entry is one event of a payload while it is read: its fields, and what is
// wrong with them. Fields that nobody asks for are left alone.
type Entry struct {
	at     string // path of the event
	zone   *time.Location
	fields map[string]json.RawMessage
	faults fault.List
}

// report reads the event; false when it broke a rule, which stands in faults.
func (e *Entry) report(raw json.RawMessage, read func(*Entry) Report) (Report, bool) {
	if err := json.Unmarshal(raw, &e.fields); err != nil || e.fields == nil {
		e.faults.Add(fault.Invalid, "object_expected", e.at)
		return Report{}, false
	}
	r := read(e)
	return r, len(e.faults) == 0
}

// path is where a field stands in the payload.
func (e *Entry) path(field string) string { return e.at + "." + field }

// refuse notes a broken rule, once: a field may be looked at twice.
func (e *Entry) refuse(f *fault.Error) {
	for _, told := range e.faults {
		if told.Field == f.Field && told.Code == f.Code {
			return
		}
	}
	e.faults = append(e.faults, f)
}

// Require says that a field is missing, unless it already was found broken.
func (e *Entry) Require(field string) {
	for _, f := range e.faults {
		if f.Field == e.path(field) {
			return
		}
	}
	e.faults.Add(fault.Invalid, "field_required", e.path(field))
}

// Text reads an optional field of text, of so many characters at most; empty
// when it is silent. The faults are text_expected and field_too_long.
func (e *Entry) Text(field string, limit int) string {
	raw := e.fields[field]
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	var s string
	switch err := json.Unmarshal(raw, &s); {
	case err != nil:
		e.refuse(fault.New(fault.Invalid, "text_expected", e.path(field)))
		return ""
	case utf8.RuneCountInString(s) > limit:
		e.refuse(fault.New(fault.Invalid, "field_too_long", e.path(field), "limit", limit))
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(s, "\x00", "")) // a NUL no database keeps
}

// Sentence reads what only people read, and cuts it at so many characters: no
// event is refused for a long sentence.
func (e *Entry) Sentence(field string, limit int) string {
	s := e.Text(field, MaxBytes)
	if runes := []rune(s); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return s
}

// Number reads the number of a parcel, folded. Without one the fault is
// field_required.
func (e *Entry) Number(field string) string {
	n := FoldNumber(e.Text(field, 64))
	if n == "" {
		e.Require(field)
	}
	return n
}

// Status reads a field that holds a status, or gives silent. The fault is
// unknown_status.
func (e *Entry) Status(field string, silent Status) Status {
	w := e.Text(field, 64)
	if w == "" {
		return silent
	}
	s, ok := StatusOf(strings.ToLower(w))
	if !ok {
		e.refuse(fault.New(fault.Invalid, "unknown_status", e.path(field), "status", w))
	}
	return s
}

// Word reads a field of an entry that holds one of known words, as find knows
// them, or gives silent. The fault is unknown_value.
func Word[T ~string](e *Entry, field string, silent T, find func(string) (T, bool), known []T) T {
	w := e.Text(field, 64)
	if w == "" {
		return silent
	}
	v, ok := find(strings.ToLower(w))
	if !ok {
		e.refuse(fault.New(fault.Invalid, "unknown_value", e.path(field), "value", w, "known", Words(known)))
	}
	return v
}
