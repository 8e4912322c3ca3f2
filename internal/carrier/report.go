package carrier

import (
	"strings"
	"time"
	"unicode"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Report is one thing a carrier says of one parcel, in our words.
type Report struct {
	Number     string // of the parcel, as the carrier knows it; FoldNumber makes it comparable
	Code       string // the carrier's own, as received; empty when it has none
	Label      string // the carrier's own sentence
	Status     Status
	Reason     Reason
	Place      Place
	Party      Party
	Source     Source
	At         civil.Instant // as received
	Precision  Precision
	Span       fact.Span     // what At proves at that precision, where it was said; zero: in the zone of the connection
	Where      string        // town, depot or relay, in the carrier's words
	Expected   civil.Instant // when the sender said it would arrive; zero: nobody said
	Supersedes Status        // a correction: the parcel never had that status, whatever was said up to At; empty for an ordinary report
}

// SpanOf is what an instant of a precision proves in a zone.
func SpanOf(at civil.Instant, p Precision, zone *time.Location) fact.Span {
	i := civil.IntervalOf(at, civil.Precision(p), zone)
	return fact.Span{From: i.From, Until: i.Until}
}

// Parser reads what one carrier sends. It gives all it could read, and in the
// error, a fault.List, what it could not: both may be there at once, because one
// bad scan is no reason to lose ninety-nine good ones. Scans without a zone of
// their own are meant in zone.
type Parser func(raw []byte, zone *time.Location) ([]Report, error)

// Registry is the parsers of a program, by adapter.
type Registry map[string]Parser

// Parse reads raw as the adapter does. The fault unknown_adapter refuses an
// adapter the program does not have.
func (r Registry) Parse(adapter string, raw []byte, zone *time.Location) ([]Report, error) {
	parse, ok := r[adapter]
	if !ok {
		return nil, fault.New(fault.Unsupported, "unknown_adapter", "adapter", "adapter", adapter)
	}
	return parse(raw, zone)
}

// FoldNumber is the one form of a parcel's number: people and machines write it
// with spaces, hyphens, dots and in either case.
func FoldNumber(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}
