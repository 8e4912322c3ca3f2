// Package remedy answers for broken promises. Every broken commitment gets
// exactly one remedy: waiting, while it is not known how late it is; granted;
// or refused, with the reason. What decides is the merchant's policy, one file
// of one CEL expression (default.cel is the shipped one and its manual), asked
// by a pure function.
//
// It stores remedies and their grant lines, and posts each grant to the ledger
// as a credit of the shopper. It hears promise.broken and promise.corrected and
// emits remedy.granted, remedy.refused and remedy.awaited; its sweep moves on
// what waits when the policy's next threshold is crossed.
//
// Only proven lateness moves money: what somebody merely claims counts for
// nothing, while our own clock, with no proof of delivery, counts. So do missing
// units that the merchant or the shopper declared: what they grant is credit,
// inside the caps. What was granted is never taken back. The package does not pay out, tell the shopper,
// ask anybody's approval, or claim from the carrier.
package remedy

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Topic is the merchant's policy that this package asks.
const Topic = "remedy"

// State of a remedy.
type State string

// The states. Granted is final; a refusal stands until a later verdict says worse.
const (
	Waiting State = "waiting"
	Granted State = "granted"
	Refused State = "refused"
)

// Why a remedy is refused, beside the reasons that policies give.
const (
	NothingToGive = "nothing_to_give_back" // what the rule gives back was never paid
	CapReached    = "cap_reached"          // it was all given already
	KeptAfterAll  = "kept_after_all"       // later evidence: the promise was kept
	VoidAfterAll  = "void_after_all"       // later evidence: nobody owed it any more
	AnswersUnpaid = "answers_unpaid"       // a late answer, of which the policy does not speak
	NotCovered    = "not_covered"          // about a return: the law says what is owed for it; or about no order
)

// Kind says which captured money a grant gives back, and so what bounds it.
type Kind string

// The kinds.
const (
	Delivery Kind = "delivery" // of the delivery line
	Goods    Kind = "goods"    // of the other lines
)

// Remedy is the consequence of one broken commitment.
type Remedy struct {
	ID         ident.Remedy
	Commitment ident.Commitment
	Order      ident.Order
	Shopper    ident.Shopper
	Owed       fact.Owed
	Until      civil.Instant // of the commitment
	Verdict    ident.Verdict // the latest considered
	Late       time.Duration // as that verdict says: at least so much
	LateKnown  bool          // it arrived: Late grows no more
	Early      time.Duration
	Liable     fact.Party
	Trust      fact.Trust

	MissingUnits int // what a complete order lacks; zero for other promises
	MissingLines int

	State   State
	Reason  string        // why it is refused: a code of this package, or of the policy; when it waits again, why it was
	Next    civil.Instant // when waiting: the policy's next threshold is crossed
	Opened  civil.Instant
	Decided civil.Instant // the last time it changed
	Grants  []Grant       // when granted, and asked for
}

// Grant is one line of a granted remedy: at most one a rule of the policy.
type Grant struct {
	ID     ident.RemedyLine
	Rule   string
	Kind   Kind
	Amount money.Amount
	At     civil.Instant
}

// Total is what the grant lines come to, zero without any.
func Total(lines []Grant) money.Amount {
	var sum money.Amount
	for _, l := range lines {
		sum = money.Of(sum.Minor+l.Amount.Minor, l.Amount.Currency)
	}
	return sum
}

// cause is what the policy is asked about, as far as the remedy knows it.
func (r Remedy) cause() Cause {
	return Cause{
		Owed: r.Owed, Until: r.Until, Late: r.Late, LateKnown: r.LateKnown,
		Early: r.Early, Liable: r.Liable, Trust: r.Trust, MissingUnits: r.MissingUnits, MissingLines: r.MissingLines,
	}
}
