// Package notify decides who is told what, and tells them. Each piece of news
// becomes a decision, send or skip, stored with its reason either way, so that
// "why was this person not told?" has an answer. What is to be sent is composed
// once, stored, and sent until the channel takes it or refuses it for good,
// under one Message-ID for its whole life.
//
// It stores messages, preferences by topic and channel, quiet hours, the browsers
// that asked to be told, and the hashes of addresses that bounced and of numbers
// that said STOP, and the words that merchants write in place of ours, version by
// version. It hears what shoppers have a use for, of orders, parcels, promises,
// incidents, repairs, changes, returns, formal notices, refunds, conversations,
// claims and surveys (read, in news.go, names each kind of fact), and promise.made
// for the acknowledgement of a withdrawal; it emits notify.sent, notify.failed, notify.bounced,
// notify.template_set and notify.template_failed.
//
// A shopper is told once per channel, topic and cause, nothing after opting
// out, and nothing that is no longer so when the message would leave. News of scans
// wait a minute for the next ones; what was told and turns out false is taken back,
// to who was told and where. The
// package writes no words (web/letters does), speaks to no server (channels
// do), sends no advertising, and does not judge promises: that a message about
// trouble was accepted is a fact, what it is worth is the promise's affair.
package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// State of a message.
type State string

// The states. Queued becomes sent when the channel's provider accepted it, and
// failed when it refused; a failed one may be tried again by an operator. What
// was decided against, or stopped in the queue, is skipped.
const (
	Queued  State = "queued"
	Sent    State = "sent"
	Failed  State = "failed"
	Bounced State = "bounced"
	Skipped State = "skipped"
)

// Message is one decision to tell, or not to tell, a shopper something.
type Message struct {
	ID         ident.Message
	Shopper    ident.Shopper
	Channel    Channel
	Topic      fact.Topic
	Cause      string // with shopper, channel and topic: told once
	Order      ident.Order
	Commitment ident.Commitment // when it tells about the trouble of one
	Locale     lang.Locale
	Send       bool
	Reason     string // of the decision; of the failure when failed
	State      State
	Urgent     bool   // it waits for no morning
	MessageID  string // as in the header, empty until composed
	Contact    string // hash of the address it was sent to
	Subject    string
	HTML       string
	Text       string
	Created    civil.Instant
	Changed    civil.Instant  // when it got its state
	Accepted   civil.Instant  // by the channel's provider; zero when it never was
	NotBefore  civil.Instant  // it waits until then; zero: it does not
	Template   ident.Template // the merchant's words that wrote it; empty: ours did
	Failure    string         // why they could not, and ours did; code of a fault
}

// body is what every fact about the message says of it.
func (m Message) body() fact.Message {
	return fact.Message{Message: m.ID, Shopper: m.Shopper, Order: m.Order, Topic: m.Topic, Commitment: m.Commitment}
}

// Parcel is what messages about a parcel's progress have as their cause.
func (m Message) Parcel() ident.Parcel {
	return ident.Parcel(m.subject())
}

// Letter is a message ready to leave. A composer gives subject, HTML and text;
// the rest is filled in here.
type Letter struct {
	MessageID string        // without angle brackets
	From      string        // who writes: the merchant's name, as shoppers know it
	ReplyTo   string        // address at which a person reads answers; may be empty
	Return    string        // address that bounces go to; empty: as the channel has it
	To        string        // address; a composer gives it only where it is not the shopper's known one
	ToName    string        // may be empty
	Locale    lang.Locale   // of subject and texts
	At        civil.Instant // when it was decided: its date, the same at every try
	Subject   string
	HTML      string
	Text      string
	Template  ident.Template // the merchant's words that wrote it; empty: ours did
	Failure   string         // why they could not, and ours did; code of a fault
	URL       string         // where a push leads
	Refuse    string         // address that refuses the topic by one POST; empty: it is no marketing
	Devices   []Device       // browsers a push goes to
}

// PageMark stands in stored letters where the address of the order's page
// belongs. That address opens the page to whoever holds it, so it is filled in
// when the letter leaves, and never stored.
const PageMark = "https://page.invalid/"

// Compose writes the words of a message from the state of the world, with
// PageMark for the address of its order's page. It answers ErrSuperseded when
// there is nothing left to say, ErrTogether when the letter of another message
// says it.
type Compose func(tx *db.Tx, m ident.Merchant, msg Message) (Letter, error)

// ErrSuperseded is a composer's answer about news that is no longer so.
var ErrSuperseded = errors.New("notify: superseded by a newer state")

// ErrTogether is its answer about news that another letter tells too. It is an
// ErrSuperseded.
var ErrTogether = fmt.Errorf("%w: another letter says it", ErrSuperseded)

// Channels deliver letters, each by its name: an e-mail with all its parts, an SMS
// with its Text alone, a push with its Subject, Text and URL. They answer nil once the provider
// has accepted a letter, Refused when no further try can help, and any other
// error when one may.
type Channels map[Channel]func(context.Context, Letter) error

// Refused is a provider's last word about a letter.
type Refused struct {
	Reason string // code, such as smtp_550
	Err    error
}

// Error is for logs.
func (r Refused) Error() string { return r.Reason + ": " + r.Err.Error() }

// Unwrap gives the provider's own words.
func (r Refused) Unwrap() error { return r.Err }
