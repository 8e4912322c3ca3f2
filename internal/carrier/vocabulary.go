package carrier

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/fact"
)

// The vocabulary is fact's: carriers' scans and the facts that follow from them
// are told in the same words.
type (
	Status    = fact.Status
	Reason    = fact.Reason
	Place     = fact.Place
	Party     = fact.Party
	Source    = fact.Source
	Trust     = fact.Trust
	Precision = fact.Precision
)

// shortReasons are the names some of our own carrier tables use for a reason.
var shortReasons = map[string]Reason{
	"missort":       fact.ReasonMisrouted,
	"not_collected": fact.ReasonCollectionExpired,
	"customs_tax":   fact.ReasonCustomsDuty,
}

// StatusOf finds a status by its word.
func StatusOf(word string) (Status, bool) { return lookUp(fact.Statuses, word) }

// ReasonOf finds a reason by its word, or by its short one.
func ReasonOf(word string) (Reason, bool) {
	if r, ok := shortReasons[word]; ok {
		return r, true
	}
	return lookUp(fact.Reasons, word)
}

// PlaceOf finds a place by its word.
func PlaceOf(word string) (Place, bool) { return lookUp(fact.Places, word) }

// PartyOf finds a party by its word.
func PartyOf(word string) (Party, bool) { return lookUp(fact.Parties, word) }

// SourceOf finds a source by its word.
func SourceOf(word string) (Source, bool) { return lookUp(fact.Sources, word) }

// PrecisionOf finds a precision by its word.
func PrecisionOf(word string) (Precision, bool) {
	return lookUp([]Precision{fact.Exact, fact.Minute, fact.Hour, fact.ADay}, word)
}

func lookUp[T ~string](words []T, word string) (T, bool) {
	return T(word), slices.Contains(words, T(word))
}

// Words writes known words, for the sentence that says which there are.
func Words[T ~string](words []T) []string {
	out := make([]string, 0, len(words))
	for _, w := range words {
		if w != "" {
			out = append(out, string(w))
		}
	}
	return out
}
