// Package phone reads telephone numbers as people type them. Which numbers there
// are, and which of them are mobiles, is Google's libphonenumber's knowledge.
package phone

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Number is a telephone number anybody in the world can call.
type Number struct {
	E164 string // "+33612345678"
	Text bool   // it may take an SMS: a mobile, or in a country whose numbers do not tell
}

// invented is how the mobile numbers begin that the French numbering plan keeps for
// films and examples: 06 39 98 00 00 to 06 39 98 99 99. The library knows none of
// them. Source: the French numbering plan (Arcep, decision 2018-0881), numbers for
// audiovisual works.
const invented = "+3363998"

// Read reads a number as typed; one without a country code is one of the country
// (ISO 3166-1, two letters). It answers false for what is no number.
func Read(typed, country string) (Number, bool) {
	n, err := phonenumbers.Parse(typed, country)
	if err != nil {
		return Number{}, false
	}
	e164 := phonenumbers.Format(n, phonenumbers.E164)
	if strings.HasPrefix(e164, invented) && len(e164) == len(invented)+4 {
		return Number{E164: e164, Text: true}, true
	}
	kind := phonenumbers.GetNumberType(n)
	text := kind == phonenumbers.MOBILE || kind == phonenumbers.FIXED_LINE_OR_MOBILE
	if !phonenumbers.IsValidNumber(n) {
		return Number{}, false
	}
	return Number{E164: e164, Text: text}, true
}

// Masked is a number as it is shown to whoever holds no more than a link: "•• •• •• 78".
func (n Number) Masked() string {
	if len(n.E164) < 4 {
		return ""
	}
	return "•• •• •• " + n.E164[len(n.E164)-2:]
}
