// Package phone reads telephone numbers as people type them. Which numbers there
// are, and which of them are mobiles, is Google's libphonenumber's knowledge.
package phone

import (
	"github.com/nyaruka/phonenumbers"
)

// Number is a telephone number anybody in the world can call.
type Number struct {
	E164 string // "+33612345678"
	Text bool   // it may take an SMS: a mobile, or in a country whose numbers do not tell
}

// Read reads a number as typed; one without a country code is one of the country
// (ISO 3166-1, two letters). It answers false for what is no number.
func Read(typed, country string) (Number, bool) {
	n, err := phonenumbers.Parse(typed, country)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return Number{}, false
	}
	kind := phonenumbers.GetNumberType(n)
	return Number{
		E164: phonenumbers.Format(n, phonenumbers.E164),
		Text: kind == phonenumbers.MOBILE || kind == phonenumbers.FIXED_LINE_OR_MOBILE,
	}, true
}

// Masked is a number as it is shown to whoever holds no more than a link: "•• •• •• 78".
func (n Number) Masked() string {
	if len(n.E164) < 4 {
		return ""
	}
	return "•• •• •• " + n.E164[len(n.E164)-2:]
}
