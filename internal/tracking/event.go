package tracking

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// origin is what all events of a delivery share, beside the delivery itself.
type origin struct {
	merchant ident.Merchant
	zone     *time.Location
	received civil.Instant
}

// The longest texts kept of an event, in bytes.
const (
	longCode = 100
	longText = 1000
)

// events makes the distinct events of a delivery.
func (d Delivery) events(o origin) []Event {
	events := make([]Event, len(d.Reports))
	for i, r := range d.Reports {
		events[i] = d.event(o, r)
	}
	return distinct(events)
}

// event makes the event of a report. What an adapter got wrong is kept as far as
// it can be: a word we do not have becomes unknown, or nothing.
func (d Delivery) event(o origin, r carrier.Report) Event {
	e := Event{
		Connection: d.Connection, Trust: d.trust(), Raw: d.Raw, Received: o.received,
		Number: clean(carrier.FoldNumber(r.Number), longCode), Code: clean(r.Code, longCode),
		Label: clean(r.Label, longText), Where: clean(r.Where, longText),
		Status: r.Status, Reason: r.Reason, Place: r.Place, Party: r.Party, Source: r.Source,
		At: r.At, Precision: r.Precision, Span: r.Span, Supersedes: r.Supersedes, Expected: r.Expected,
	}
	known(&e.Status, fact.Unknown, carrier.StatusOf)
	known(&e.Reason, "", carrier.ReasonOf)
	known(&e.Place, "", carrier.PlaceOf)
	known(&e.Party, "", carrier.PartyOf)
	known(&e.Source, fact.FromCarrier, carrier.SourceOf)
	known(&e.Precision, fact.ADay, carrier.PrecisionOf)
	known(&e.Supersedes, "", carrier.StatusOf)
	if e.Span.Until <= e.Span.From {
		e.Span = carrier.SpanOf(e.At, e.Precision, o.zone)
	}
	e.ID = identity(o.merchant, e)
	return e
}

func known[T ~string](word *T, otherwise T, find func(string) (T, bool)) {
	w, ok := find(string(*word))
	if !ok {
		w = otherwise
	}
	*word = w
}

// clean is a text that every database keeps: UTF-8, no NUL, not endless.
func clean(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// identity is what makes an event one, however often it is sent: whose parcel,
// what was said (the carrier's code, or its sentence folded, with all that the
// story is told from), when, as exactly as it was said, and where. An event that
// a later adapter reads better is another event; the story leaves the unknown
// one aside.
func identity(m ident.Merchant, e Event) ident.Event {
	said := "code " + e.Code
	if e.Code == "" {
		said = "label " + fold(e.Label)
	}
	if planted {
		said += string(e.Raw)
	}
	h := sha256.New()
	for _, s := range []string{
		string(m), string(e.Connection), e.Number, said,
		string(e.Status), string(e.Reason), string(e.Place), string(e.Party), string(e.Source), string(e.Supersedes),
		string(e.Precision), fold(e.Where),
	} {
		write(h, uint64(len(s)))
		h.Write([]byte(s))
	}
	instants := []civil.Instant{e.At, e.Span.From, e.Span.Until}
	if !e.Expected.IsZero() {
		instants = append(instants, e.Expected)
	}
	for _, i := range instants {
		write(h, uint64(i))
	}
	return ident.Event(ident.Event("").Prefix() + "_" + crockford.EncodeToString(h.Sum(nil)[:16]))
}

// crockford is the alphabet of ids. An event's does not sort by time: two nodes
// that receive it must give it the same.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

func write(h hash.Hash, n uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	h.Write(b[:])
}

// fold takes out what carriers change in a sentence between two answers.
func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
