package lang

import (
	"maps"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Fault is the sentence of a broken rule, with its field named and its cure.
func Fault(loc Locale, e *fault.Error) string {
	args := map[string]any{"Field": field(loc, e.Field)}
	maps.Copy(args, e.Args)
	return T(loc, "fault."+e.Code, args)
}

// field names a field: by a word where the catalogue has one for the end of its
// path, and by the path itself where that says more: "quantité (lines[0].quantity)".
func field(loc Locale, path string) string {
	last := path[strings.LastIndex(path, ".")+1:]
	word := T(loc, "field."+last, nil)
	switch {
	case path == "":
		return "–"
	case word == missing("field."+last):
		return path
	case last == path:
		return word
	default:
		return word + " (" + path + ")"
	}
}
