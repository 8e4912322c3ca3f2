// Package pin is the rule for the personal codes with which people sign in on a
// device that several share: how long they are, how often one may be wrong, and
// which are refused because they are tried first.
//
// It is pure: it stores no code, and does not compare any.
package pin

import (
	"strings"
	"unicode"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

// Digits is how long a code is, and Tries how often it may be wrong in a row.
const (
	Digits = 6
	Tries  = 5
)

// Check refuses what is no code, and the ones that are tried first: all digits
// alike, or one after the other. The fault is pin_invalid at pin.
func Check(faults *fault.List, pin string) {
	digits, alike, up, down := len(pin) == Digits, true, true, true
	for i := range len(pin) {
		digits = digits && pin[i] >= '0' && pin[i] <= '9'
		if i > 0 {
			alike, up, down = alike && pin[i] == pin[i-1], up && pin[i] == pin[i-1]+1, down && pin[i] == pin[i-1]-1
		}
	}
	if !digits || alike || up || down {
		faults.Add(fault.Invalid, "pin_invalid", "pin", "digits", Digits)
	}
}

// Typed is a code as it was said, without what people write between its digits.
func Typed(said string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' {
			return -1
		}
		return r
	}, said)
}
