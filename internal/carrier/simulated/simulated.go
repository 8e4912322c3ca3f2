// Package simulated is the carrier that does not exist: it speaks the generic
// webhook, which is also how a merchant's own courier, or any program, reports
// events without waiting for an adapter of its own.
//
//	{"events": [{
//	  "tracking_number": "SIM0001",           required
//	  "status": "out_for_delivery",           one of our words; or "code", the sender's
//	  "label": "On the van", "reason": "delay", "place": "mailbox", "party": "carrier",
//	  "source": "carrier",                    who saw it; the carrier when silent
//	  "occurred_at": "2026-03-02T08:15",      required; RFC 3339, whole or cut short
//	  "precision": "minute",                  how exactly that is known
//	  "zone": "Europe/Paris",                 where, when occurred_at has no offset
//	  "expected_at": "16:31",                 when it will arrive: the next 16:31, or an instant
//	  "location": "Lyon",
//	  "supersedes": "delivered"               a correction: it never was
//	}]}
//
// Fields it does not know are left alone. It stores nothing, emits and hears no
// fact; it deliberately does not judge events, whatever date they bear.
package simulated

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Adapter is its key in the registry.
const Adapter = "simulated"

// The bounds of one payload are everybody's.
const (
	MaxBytes  = carrier.MaxBytes
	MaxEvents = carrier.MaxEvents
)

// Parse is the carrier.Parser. Its faults are those of carrier.ReadEvents.
func Parse(raw []byte, zone *time.Location) ([]carrier.Report, error) {
	return carrier.ReadEvents(raw, zone, report)
}

func report(e *carrier.Entry) carrier.Report {
	r := carrier.Report{
		Code:   e.Text("code", 64),
		Label:  e.Sentence("label", 500),
		Where:  e.Sentence("location", 200),
		Reason: carrier.Word(e, "reason", "", carrier.ReasonOf, fact.Reasons),
		Place:  carrier.Word(e, "place", "", carrier.PlaceOf, fact.Places),
		Party:  carrier.Word(e, "party", "", carrier.PartyOf, fact.Parties),
		Source: carrier.Word(e, "source", fact.FromCarrier, carrier.SourceOf, fact.Sources),
	}
	r.Number = e.Number("tracking_number")
	r.Status = e.Status("status", statusOfCode(r.Code))
	r.Supersedes = e.Status("supersedes", "")
	if r.Status == "" {
		e.Require("status")
	}
	e.Happened("occurred_at", &r)
	r.Expected = e.Expected("expected_at", r.At)
	return r
}

// statusOfCode reads a code where there is no status: our own words in any case,
// and for any other code the status unknown. A code is never an error, because
// carriers make new ones without telling.
func statusOfCode(code string) carrier.Status {
	if code == "" {
		return ""
	}
	if s, ok := carrier.StatusOf(strings.ToLower(code)); ok {
		return s
	}
	return fact.Unknown
}
