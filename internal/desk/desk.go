// Package desk is where a shopper writes to the shop in plain words, without
// category or bot, and a person answers. Before anything is sent the shopper is
// told by when; that is owed, and counted in the hours in which the desk is open.
//
// It stores conversations with every message in them, the answers that are kept
// to begin from, and, as a policy of the merchant, the desk's opening hours, its
// pace and its topics (words that tell what a message is about). It emits
// desk.asked, desk.written, desk.answered, desk.handed and desk.closed, with the
// order as subject where there is one, and hears nothing. A conversation may be
// handed to the desk of a network that the shop granted as much: its people then
// answer in the shop's name, and say so.
//
// It stores claims too (claim*.go): what a shopper says went wrong with an order,
// what the carrier and the shop were asked and said, what a person decided and why,
// and a second one where that was contested. It emits desk.claimed,
// desk.claim_sorted, desk.evidence_asked, desk.evidence_given, desk.claim_decided,
// desk.contested and desk.contest_decided.
//
// A conversation waits from the first message nobody answered; what the shopper
// adds meanwhile moves no deadline. Only staff answer: neither a rule nor a clock
// does, and nobody but the shopper may say that no answer is needed.
//
// It deliberately judges no promise (promise hears its facts), e-mails nobody
// (notify does), pays nothing (remedy answers what promise corrects), and never
// decides what a message means: topics suggest.
package desk

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/photo"
	"github.com/promesse-dev/promesse/internal/core/text"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// State is where a conversation stands.
type State string

// The states.
const (
	Waiting  State = "waiting"  // somebody waits for a person's answer
	Answered State = "answered" // a person did, and nobody wrote since
	Closed   State = "closed"
)

// Conversation is what was written about one matter.
type Conversation struct {
	ID       ident.Conversation
	Key      string        // of the form or call that opened it: sent twice is asked once
	Order    ident.Order   // empty: about no order
	Shopper  ident.Shopper // empty: nobody we know
	Via      fact.Via
	Source   string // https address of what was written in public; empty otherwise
	Locale   lang.Locale
	State    State
	Question ident.Said // the message that began the last wait
	Opened   civil.Instant
	Since    civil.Instant  // when the last wait began
	AnswerBy civil.Instant  // exclusive: of the last wait
	Value    money.Amount   // of the order: what is at stake
	Strange  civil.Instant  // last message from an address we do not know; 0 once a person answered
	Network  ident.Merchant // whose desk answers in the shop's name; empty: the shop's own
	Handed   civil.Instant  // since when; 0: the shop's own answers
	said     int64
}

// Said is one message of a conversation.
type Said struct {
	ID     ident.Said
	By     fact.Party // shopper, merchant; unknown: an address that is not the shopper's
	Actor  flow.Actor
	Via    fact.Via
	Source string // the mail's sender or name, for what came by mail; may be empty
	Words  string // plain text of several lines
	Photos []ident.Blob
	At     civil.Instant
	House  ident.Merchant // the network whose desk said it in the shop's name; empty: the shop, or whoever writes to it
}

// The bounds of what is kept.
const (
	MaxWords   = 5000 // characters of a message
	maxSource  = 500
	maxKey     = 100
	maxSaid    = 200 // messages of a conversation
	maxWaiting = 10  // conversations about one order that wait
)

// talk is what every fact about the conversation says of it.
func (c Conversation) talk() fact.Talk {
	return fact.Talk{Conversation: c.ID, Order: c.Order, Shopper: c.Shopper}
}

// subject is whose timeline tells of it.
func (c Conversation) subject() string {
	if c.Order != "" {
		return string(c.Order)
	}
	return string(c.ID)
}

// Waits reports whether somebody waits for an answer.
func (c Conversation) Waits() bool { return c.State == Waiting }

func checkWords(faults *fault.List, words string, photos []ident.Blob) {
	text.Prose(faults, "words", words, MaxWords)
	if len(photos) > photo.MaxFiles {
		faults.Add(fault.Invalid, "list_too_long", "photos", "limit", photo.MaxFiles)
	}
}

func checkVia(faults *fault.List, v fact.Via) {
	if !slices.Contains(fact.Vias, v) {
		faults.Add(fault.Invalid, "unknown_value", "via", "value", string(v), "known", fact.Vias)
	}
}
