package notify

import (
	"net/mail"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// The reasons of decisions. First is the one for sending.
const (
	First          = "first"           // nobody told this shopper this before
	DuplicateCause = "duplicate_cause" // somebody did
	NoContact      = "no_contact"
	Undeliverable  = "undeliverable_address" // not in the form of an address
	AddressBounced = "address_bounced"       // it was refused for good before
	OptedOut       = "opted_out"
	Superseded     = "superseded"    // a newer state makes it pointless
	NoText         = "landline"      // the number takes calls, and no SMS
	Together       = "told_together" // another letter about the order says it too
	Unproven       = "unproven"      // somebody merely claims it
	Stale          = "stale"         // it happened too long ago to be news
	Implausible    = "implausible"   // it is said to have happened in the future
)

// Case is a piece of news and the person it is for.
type Case struct {
	Contact    string        // address, number or browser; empty when none is known
	Malformed  bool          // it is none that a message can be sent to
	Voice      bool          // the number takes no text
	Elsewhere  bool          // the letter itself names the address: a consumer who withdraws says where
	Told       bool          // of this cause, on this topic and channel
	OptedOut   bool          // of this topic on this channel
	Closed     string        // why nothing is sent to that contact; empty: it is open
	Superseded bool          // by newer news
	Claimed    bool          // on evidence that proves nothing
	Happened   civil.Instant // zero: just now
	Now        civil.Instant
}

// Decision is whether to tell, and why, or why not.
type Decision struct {
	Send   bool
	Reason string
}

// The bounds of what is news: a status older than two days is known already, and
// clocks of carriers are a few minutes off.
const (
	staleAfter = 48 * time.Hour
	clockSkew  = 15 * time.Minute
)

// Decide is whether a person should be told.
func Decide(c Case) Decision {
	if reason := c.against(); reason != "" {
		return Decision{Send: false, Reason: reason}
	}
	return Decision{Send: true, Reason: First}
}

// against is the first reason not to tell.
func (c Case) against() string {
	switch {
	case c.Told:
		return DuplicateCause
	case c.Claimed:
		return Unproven
	case c.Happened > c.Now.Add(clockSkew):
		return Implausible
	case c.Happened != 0 && c.Now.Sub(c.Happened) > staleAfter:
		return Stale
	case c.Superseded:
		return Superseded
	default:
		return c.unreachable()
	}
}

// unreachable is what stands against the person rather than the news; it is
// asked again each time the message is about to leave.
func (c Case) unreachable() string {
	switch {
	case c.Elsewhere:
		return ""
	case c.Contact == "":
		return NoContact
	case c.OptedOut:
		return OptedOut
	case c.Closed != "":
		return c.Closed
	case c.Malformed:
		return Undeliverable
	case c.Voice:
		return NoText
	default:
		return ""
	}
}

// address reports whether a text is one plain e-mail address.
func address(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
