// Package payment gives money back. What is owed is somebody else's decision; how
// it is paid, once and only once, is decided here, and so is that no line gets
// back more than was captured for it.
//
// It stores by what means orders were paid, what providers know merchants by
// (sealed), refunds with their lines, store credit spent on orders, shoppers who
// say that the money has not come, and the ids of what providers said by
// themselves. It hears returns.decided and order.cancelled; it emits
// payment.refund_ordered, payment.refunded, payment.refund_stuck,
// payment.refund_missed, payment.credit_given and payment.credit_spent, with the
// order as subject. Store credit lives in the ledger, on an account of its own.
//
// A refund has one key at its provider for its whole life: the id of its
// decision. Before a call leaves, its permission is written; a call whose outcome
// nobody knows is looked up, and is made again only when the provider says that it
// never happened and still remembers the key. What stays unclear waits for a person.
//
// It deliberately decides no amount, asks no second person, and captures nothing:
// the shop's checkout does, and tells what it captured.
package payment

import (
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Provider is who carries refunds out.
type Provider string

// The providers. Offline is the shop itself.
const (
	Offline Provider = "offline"
	Stripe  Provider = "stripe"
)

// Providers lists them.
var Providers = []Provider{Offline, Stripe}

// Means is how an order was paid, as far as giving back needs it. The zero Means
// is an order of which nobody told: the shop pays back itself.
type Means struct {
	Provider  Provider
	Reference string // the provider's own name of the capture: "pi_…" or "ch_…"; may be empty offline
	Label     string // for people, masked: "Visa •••• 4242", "chèque"
}

// State of a refund.
type State string

// The states.
const (
	Ordered State = "ordered" // nothing left us yet
	Sent    State = "sent"    // a call may leave, or has left; its answer is not written
	Asked   State = "asked"   // the shop was asked to pay, and has not confirmed
	Pending State = "pending" // the provider has taken it and is not done
	Unknown State = "unknown" // a call left and nobody knows what became of it
	Stuck   State = "stuck"   // a person must look
	Done    State = "done"
)

// moves is which state may follow which: the one table of the machine.
var moves = map[State][]State{
	Ordered: {Sent, Stuck},
	Sent:    {Unknown, Asked, Pending, Stuck, Done},
	Asked:   {Done, Stuck},
	Pending: {Done, Stuck},
	Unknown: {Sent, Pending, Stuck, Done},
	Stuck:   {Done, Pending, Unknown},
	Done:    {Stuck},
}

func (s State) leadsTo(to State) bool { return slices.Contains(moves[s], to) }

// Why a refund is stuck.
const (
	Declined     = "declined"      // the provider says no
	NotKnown     = "not_known"     // nobody can tell whether it was paid, and asking again might pay twice
	OtherAmount  = "other_amount"  // the provider has a refund under our key that is not ours
	FailedLater  = "failed_later"  // the bank sent it back
	NoAccount    = "no_account"    // we do not know the merchant's account at the provider
	NeverCarried = "never_carried" // the provider, or our own work, failed again and again
)

// Refund is what is given back for one decision.
type Refund struct {
	ID         ident.Refund
	Decision   ident.Decision
	Key        string // the provider's idempotency key, for life
	Return     ident.Return
	Order      ident.Order
	Shopper    ident.Shopper
	Settlement fact.Settlement
	Provider   Provider // empty when all of it is credit
	Capture    string
	Money      money.Amount // by the means that paid
	Credit     money.Amount // as store credit: chosen, or because credit had paid
	State      State
	Why        string // of a stuck one
	Reference  string // the provider's, or the shop's
	Ordered    civil.Instant
	Due        civil.Instant // exclusive; zero when nobody said
	First      civil.Instant // machine time at which the first call was permitted; zero before
	Sent       civil.Instant // machine time of the last permission
	Calls      int           // permissions so far
	Looks      int           // look-ups without a clear answer, and calls that never arrived
	Next       civil.Instant // machine time of the next look-up; zero when none is planned
	Done       civil.Instant // when it was carried out, by the provider's word
	ArrivesBy  civil.Day     // by when banks usually have booked it; NoDay before it is done
	version    int
}

// Line is what one line of the order gets back.
type Line struct {
	Line   ident.Line
	Units  int
	Amount money.Amount
}

// repayment is what facts say of a refund; amount is the part they are about.
func (r Refund) repayment(amount money.Amount) fact.Repayment {
	return fact.Repayment{
		Refund: r.ID, Decision: r.Decision, Return: r.Return, Order: r.Order, Shopper: r.Shopper, Amount: amount,
	}
}

// How long things are waited for, in machine time.
const (
	// keyLife is how long a provider surely knows our key again. Stripe prunes keys
	// once they are 24 hours old (API reference, "Idempotent requests"); an hour is
	// left for clocks and for calls under way.
	keyLife = 23 * time.Hour
	// mostCalls is how often the same call is permitted: ten minutes of calls that
	// the provider never carried out are a person's business.
	mostCalls = 25
	// permit is how long after it was written a permission to call may be used.
	permit = time.Minute
	// longestLook bounds the wait between look-ups: what became of a refund is known
	// within a minute after the provider answers again.
	longestLook = 30 * time.Second
	// pendingLook is how often a refund that the provider has taken is asked about.
	pendingLook = time.Hour
)

// wait is how long to wait before look-up n, counted from 0.
func wait(n int) time.Duration {
	return min(longestLook, 5*time.Second<<min(n, 3))
}
