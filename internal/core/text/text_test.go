package text_test

import (
	"strings"
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/text"
)

func TestTextThatCanBeKept(t *testing.T) {
	const limit = 5
	for _, c := range []struct{ what, text, check, required string }{
		{"a word", "Zoé", "", ""},
		{"as many characters as may be, of any number of bytes", "éé🚚éé", "", ""},
		{"a character more", "ééééé!", "field_too_long", "field_too_long"},
		{"spaces around it count", " Zoé  ", "field_too_long", "field_too_long"},
		{"nothing", "", "", "field_required"},
		{"blanks", " \u00a0", "", "field_required"},
		{"more blanks than may be", "      ", "field_too_long", "field_required"},
		{"a line feed alone is blank", "\n", "invalid_utf8", "field_required"},
		{"a line feed", "a\nb", "invalid_utf8", "invalid_utf8"},
		{"a tab", "a\tb", "invalid_utf8", "invalid_utf8"},
		{"a NUL", "a\x00", "invalid_utf8", "invalid_utf8"},
		{"a control character beyond ASCII", "a\u0085b", "invalid_utf8", "invalid_utf8"},
		{"Windows-1252", "Zo\xe9", "invalid_utf8", "invalid_utf8"},
		{"half a character", "Zo\xc3", "invalid_utf8", "invalid_utf8"},
		{"no UTF-8, and too long besides", "\xff" + strings.Repeat("a", limit), "invalid_utf8", "invalid_utf8"},
		{"the mark of what could not be read", "a\ufffd", "", ""},
		{"letters joined by what is not seen", "a\u200db", "", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			var checked, required fault.List
			text.Check(&checked, "lines[2].name", c.text, limit)
			text.Required(&required, "lines[2].name", c.text, limit)
			if got := told(t, checked, limit); got != c.check {
				t.Errorf("when it may be left out: %q, want %q", got, c.check)
			}
			if got := told(t, required, limit); got != c.required {
				t.Errorf("when it must be there: %q, want %q", got, c.required)
			}
			if text.Plain(c.text) != (c.check != "invalid_utf8") {
				t.Errorf("plain: %v", text.Plain(c.text))
			}
		})
	}
}

// told is the code of the one fault, which names its field, and its limit when it has one.
func told(t *testing.T, faults fault.List, limit int) string {
	t.Helper()
	if len(faults) == 0 {
		return ""
	}
	f := faults[0]
	if len(faults) > 1 || f.Kind != fault.Invalid || f.Field != "lines[2].name" || f.Code == "field_too_long" && f.Args["limit"] != limit {
		t.Errorf("got %v", faults)
	}
	return f.Code
}
