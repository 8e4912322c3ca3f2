// Package ownfleet speaks for the couriers a shop employs itself: what their
// app, or a spreadsheet and a script, tells of a round.
//
//	{"events": [{
//	  "tracking_number": "E-1",            required: the number the parcel was announced under
//	  "status": "on_round",                required: left, on_round, delivered, failed, or one of our words
//	  "occurred_at": "2026-11-24T15:40",   required; RFC 3339, whole or cut short
//	  "zone": "Europe/Paris",              where, when occurred_at has no offset
//	  "precision": "minute",               how exactly that is known
//	  "expected_at": "16:31",              when the courier will be there: the next 16:31, or an instant
//	  "reason": "delay",                   why; required when an attempt failed
//	  "place": "reception",                in whose hands it was left; the shopper's when silent
//	  "signed_by": "C. Durand",            read and forgotten
//	  "label": "Running late, 16:31",      in the courier's words
//	  "location": "Lyon 3e"
//	}]}
//
// Every event is the courier's own word. Who signed is a person's name: it
// stands in the payload as it was sent and goes no further, neither into the
// parcel's events nor into any fact. Fields it does not know are left alone.
//
// The package stores nothing, emits and hears no fact; it deliberately plans no
// round and judges no hour: whether 16:31 is too late is the promise's business.
package ownfleet

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Adapter is its key in the registry.
const Adapter = "ownfleet"

// The words of couriers, beside ours.
const (
	left    carrier.Status = "left" // the shop, with the parcel
	onRound carrier.Status = "on_round"
	failed  carrier.Status = "failed" // nobody there, no way in
)

// known are the words that a courier may use, ours last.
var known = append([]carrier.Status{left, onRound, failed}, fact.Statuses...)

// Parse is the carrier.Parser. Its faults are those of carrier.ReadEvents.
func Parse(raw []byte, zone *time.Location) ([]carrier.Report, error) {
	return carrier.ReadEvents(raw, zone, report)
}

func report(e *carrier.Entry) carrier.Report {
	word := carrier.Word(e, "status", "", statusOf, known)
	r := carrier.Report{
		Number: e.Number("tracking_number"), Code: string(word), Status: ours(word), Source: fact.FromCourier,
		Label:  e.Sentence("label", 500),
		Where:  e.Sentence("location", 200),
		Reason: carrier.Word(e, "reason", "", carrier.ReasonOf, fact.Reasons),
		Place:  carrier.Word(e, "place", "", carrier.PlaceOf, fact.Places),
	}
	if word == "" {
		e.Require("status")
	}
	if r.Status == fact.FailedAttempt && r.Reason == "" {
		e.Require("reason")
	}
	e.Happened("occurred_at", &r)
	r.Expected = e.Expected("expected_at", r.At)
	_ = e.Text("signed_by", 200) // a number here is a mistake worth telling
	return r
}

func statusOf(word string) (carrier.Status, bool) {
	_, one := carrier.StatusOf(string(ours(carrier.Status(word))))
	return carrier.Status(word), one
}

// ours is a courier's word in the vocabulary; ours are what they are.
func ours(word carrier.Status) carrier.Status {
	switch word {
	case left:
		return fact.PickedUp
	case onRound:
		return fact.OutForDelivery
	case failed:
		return fact.FailedAttempt
	}
	return word
}
