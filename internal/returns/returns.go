// Package returns is the way back: what a shopper may send back and how, until
// the merchant has said what is owed for it, and whoever disagrees was heard.
//
// It stores returns with their items, labels, proofs of deposit (each holding the
// hash of the one before), findings of the warehouse, decisions, disputes, and
// parcels that nobody announced; and, apart from all that, withdrawals from a
// contract, which need nothing but an order to be read, and formal notices to
// deliver what is late (demand.go), whose end may be that the contract is resolved:
// a return without goods, decided and paid like any other. So are goods that a
// decision on a claim gives back (claim.go). Every move of a return is in one table
// (states.go). What a shop takes back is a policy in CEL (default.cel is the shipped
// one and its manual); what the law gives on top is in law.go and can not be written
// away.
//
// It emits the facts returns.*, with the order as subject, and hears
// tracking.moved for parcels on their way back, payment.refunded and
// payment.credit_given for what was paid, promise.broken for orders that are late,
// promise.kept for withdrawals that were acknowledged, desk.claim_decided and
// desk.contest_decided for goods they give back, and its own returns.withdrawn. The
// errands returns.Label and returns.Void ask carriers.
//
// It deliberately pays nothing (payment hears returns.decided), books nothing but
// the law's surcharge on late refunds, keeps no stock, and tells nobody: facts do.
package returns

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/rule"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Office is what the verbs need beside a transaction: compiled policies and the
// factors of the footprint. It is safe for concurrent use.
type Office struct {
	rules   *rule.Shelf
	factors carbon.Factors
	reach   Reach
}

// Reach is what a carrier can do on a route over a connection, from a country;
// false when it makes no labels there.
type Reach func(tx *db.Tx, m ident.Merchant, by ident.Connection, r fact.Route, country string) (carrier.Offer, bool, error)

// Reaching is the same office, which offers only the routes that carriers serve;
// without, it takes them at the shop's word.
func (o *Office) Reaching(r Reach) *Office {
	out := *o
	out.reach = r
	return &out
}

// NewOffice is an office without any policy compiled yet.
func NewOffice(f carbon.Factors) *Office {
	return &Office{rules: rule.NewShelf(language), factors: f}
}

// Stock is what the shop says of the goods an exchange needs: we keep no stock.
type Stock string

// The answers. Without one by its deadline, the exchange becomes a refund.
const (
	NotAsked   Stock = ""
	StockAsked Stock = "asked"
	InStock    Stock = "there"
	OutOfStock Stock = "none"
	StockQuiet Stock = "silent"
)

// Return is units of an order on their way back, or meant to be.
type Return struct {
	ID         ident.Return
	Key        string // of the request: asked for twice is asked for once
	Order      ident.Order
	Shopper    ident.Shopper
	Ground     fact.Ground
	Route      fact.Route
	Settlement fact.Settlement
	State      State
	Late       bool // a reason is that it arrived late
	Legal      bool // asked for while the shopper could withdraw: the law's clock runs too
	Units      int
	Value      money.Amount     // what was captured for them
	Fee        money.Amount     // of the way back, taken from what is refunded
	Insured    money.Amount     // cover on the way
	Premium    money.Amount     // what it costs the shopper beyond the cover included; zero: nothing was bought
	Zone       string           // by whose clocks its days end
	Connection ident.Connection // over whom its label is made
	Point      ident.Point      // chosen to deposit at; may be empty
	Parcel     ident.Parcel     // once there is a label
	Code       string           // to show at a store's counter
	Withdrawal ident.Withdrawal // the statement it follows from
	Transit    int              // working days it is said to take, at most
	AskedBy    flow.Actor
	Asked      civil.Instant
	Why        string // of a held one: the rule
	Doubts     []Doubt
	Pickup     civil.Day     // on which it is fetched at the door; NoDay for none
	MissedAt   civil.Instant // when nobody had come by the end of that day
	LookBy     civil.Instant // of a held one: accepted when nobody looked; of a deposited one: given up for lost. Exclusive, as all that follow
	DepositBy  civil.Instant
	Deposited  civil.Instant
	ReceiveBy  civil.Instant
	Received   civil.Instant
	ProcessBy  civil.Instant // the merchant's own deadline
	RefundBy   civil.Instant // the earlier of that one and the law's
	ContestBy  civil.Instant
	Stock      Stock
	StockBy    civil.Instant
	StockSKU   string        // wanted in exchange, in the shop's own word
	Exchanged  ident.Order   // the linked order
	Next       civil.Instant // when the clock looks again
	UpliftAt   civil.Instant // when a late refund is looked at again
}

// zone is by whose clocks the return's days end.
func (r Return) zone() *time.Location {
	loc, err := civil.Zone(r.Zone)
	if err != nil {
		return time.UTC // a name was checked before it was kept
	}
	return loc
}

// sent reports whether the shopper has something to send: nothing where they keep
// it, or were never handed it.
func (r Return) sent() bool {
	return r.Route != fact.BackNotNeeded && r.Route != fact.BackRecalled
}

// Cancellable reports whether the shopper may take the return back.
func (r Return) Cancellable() bool {
	return does(r.State, cancelling) && r.Route != fact.BackRecalled
}

// where is whose clocks count; without holidays, which only move the shopper's
// own deadlines.
func (r Return) where() Where { return Where{Zone: r.zone()} }

// told is what every fact says of the return.
func (r Return) told() fact.Sendback {
	return fact.Sendback{Return: r.ID, Order: r.Order, Shopper: r.Shopper}
}

// Proved reports whether the shopper's part is done, and since when: deposited,
// or received.
func (r Return) Proved() civil.Instant {
	if r.Deposited != 0 && (r.Received == 0 || r.Deposited < r.Received) {
		return r.Deposited
	}
	return r.Received
}
