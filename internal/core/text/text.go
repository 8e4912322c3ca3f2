// Package text is what people type and programs send as words: UTF-8 of a
// bounded length, without characters that control a machine. Every room that
// keeps a name, a reference or a sentence asks here whether it can be kept.
//
// It stores nothing and changes no text but in Lines: it neither cuts nor folds,
// which is for the room that knows what the words are for.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Plain reports whether s is UTF-8 and holds no control character. A line feed
// is one.
func Plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Check finds text that can not be kept: invalid_utf8 when it is not plain,
// field_too_long beyond limit characters.
func Check(faults *fault.List, field, s string, limit int) {
	switch {
	case !Plain(s):
		faults.Add(fault.Invalid, "invalid_utf8", field)
	case utf8.RuneCountInString(s) > limit:
		faults.Add(fault.Invalid, "field_too_long", field, "limit", limit)
	}
}

// Required is Check for text that must be there: field_required when it is
// empty or blank.
func Required(faults *fault.List, field, s string, limit int) {
	if strings.TrimSpace(s) == "" {
		faults.Add(fault.Invalid, "field_required", field)
		return
	}
	Check(faults, field, s, limit)
}

// several takes out what prose may hold and a name may not.
var several = strings.NewReplacer("\n", " ", "\t", " ")

// Prose is Required for what may have several lines: line feeds and tabs may
// stand in it, and no other character that controls a machine.
func Prose(faults *fault.List, field, s string, limit int) {
	Required(faults, field, several.Replace(s), limit)
}

// Lines is prose as people type it, with the line ends of every machine made one
// and none around it.
func Lines(typed string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(typed))
}
