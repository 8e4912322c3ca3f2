// Package webhook tells sellers' own systems what happened. An endpoint is an
// address that hears of the kinds of facts it asked for; each fact it hears of is
// a delivery, signed as Standard Webhooks asks (https://www.standardwebhooks.com),
// tried again for more than three days, and kept where it can be seen and replayed.
//
// It stores endpoints, their secrets (sealed), who hears what since when,
// deliveries, and where the numbering of each object stands. It hears every kind
// in Kinds, in the transaction of the fact, and emits
// webhook.endpoint_set and webhook.endpoint_rested with the merchant as subject.
//
// What happened to one object, an order for example, arrives in order, numbered
// from 1 without gaps at each endpoint: a delivery waits until the one before it
// has arrived or is given up. Every delivery arrives at least once; the id in its
// header is the same on every try.
//
// It deliberately sends no name, address or contact: a fact carries none, and who
// needs more asks the API. It follows nobody elsewhere, and calls nothing private.
package webhook

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Kinds are what an endpoint may hear of: what happens to orders, parcels,
// promises, returns, refunds and conversations, and who has to be erased there too.
var Kinds = []fact.Kind{
	"order.placed", "order.cancelled", "order.parcel_announced", "order.units_missing",
	"tracking.moved", "tracking.stalled",
	"promise.made", "promise.kept", "promise.broken", "promise.voided", "promise.corrected", "promise.amended", "promise.at_risk", "promise.risk_lifted", "promise.reestimated", "promise.incident_declared", "promise.incident_changed",
	"remedy.granted", "remedy.refused",
	"lastmile.booked", "lastmile.released", "lastmile.early_asked", "lastmile.early_answered",
	"lastmile.change_asked", "lastmile.change_accepted", "lastmile.change_refused", "lastmile.change_unanswered",
	"lastmile.change_unkept", "lastmile.regrouped", "lastmile.regroup_fallen",
	"returns.requested", "returns.held", "returns.accepted", "returns.labelled", "returns.deposited", "returns.received", "returns.lost", "returns.decided",
	"returns.pickup_set", "returns.pickup_missed", "returns.cancelled", "returns.expiring", "returns.expired", "returns.closed", "returns.contested", "returns.dispute_settled", "returns.withdrawn",
	"returns.demanded", "returns.resolvable", "returns.resolved", "returns.made_good",
	"desk.asked", "desk.written", "desk.answered", "desk.handed", "desk.closed", "desk.claimed", "desk.claim_decided", "desk.contested", "desk.contest_decided", "survey.answered",
	"shopper.erased",
	"payment.refund_ordered", "payment.refunded", "payment.refund_stuck", "payment.refund_missed", "payment.credit_given", "payment.credit_spent",
}

// TestKind is the type of a delivery that somebody sends to try an endpoint.
const TestKind fact.Kind = "webhook.test"

// State of an endpoint.
type State string

// The states.
const (
	On      State = "on"
	Rested  State = "rested"  // it failed for days: nothing is sent until somebody looks
	Gone    State = "gone"    // it answered 410: it wants nothing any more
	Removed State = "removed" // by the merchant
)

// Endpoint is an address of a seller's system.
type Endpoint struct {
	ID      ident.Endpoint
	URL     string
	Label   string // for people
	Kinds   []fact.Kind
	State   State
	Made    civil.Instant
	Failing civil.Instant // machine time since which every delivery failed; zero when the last one arrived
	next    civil.Instant
	version int
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery. Dead is not delivered and not tried any more by
// itself; anybody may replay it.
const (
	Waiting   DeliveryState = "waiting"
	Delivered DeliveryState = "delivered"
	Dead      DeliveryState = "dead"
)

// Delivery is one fact on its way to one endpoint.
type Delivery struct {
	ID       ident.Delivery
	Endpoint ident.Endpoint
	Fact     ident.Fact // empty for a test
	Kind     fact.Kind
	Subject  string // the object that the numbering is of
	Sequence int    // 1, 2, 3 … of the object at the endpoint; 0 for a test
	State    DeliveryState
	Tries    int
	Next     civil.Instant // machine time of the next try; zero when it waits behind another, or for nothing
	Status   int           // of the last answer; 0 when there was none
	Error    string        // why the last try failed: a code
	Made     civil.Instant
	Tried    civil.Instant // machine time
	Settled  civil.Instant // machine time at which it was delivered or given up
}

// Why a try failed, or a delivery is dead. What the network said is not told:
// it would tell of a network that is not the caller's.
const (
	NoAnswer     = "no_answer"
	NotAccepted  = "refused" // an answer that is not 2xx: see Status
	LeftAlone    = "resting" // it failed so often that it is left alone for a while
	WasRested    = "rested"
	WasGone      = "gone"
	WasRemoved   = "removed"
	FactNotFound = "lost"
)

// schedule is how long after the try before it each try is made, in machine time:
// the one that Standard Webhooks suggests, over 75 hours.
var schedule = []time.Duration{
	0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// Limits of time, in machine time.
const (
	// restAfter is how long an endpoint may fail before it is rested.
	restAfter = 5 * 24 * time.Hour
	// longestWait bounds what an endpoint may ask for with Retry-After.
	longestWait = 24 * time.Hour
	// aside is how long a delivery waits whose endpoint is left alone.
	aside = time.Minute
	// longestOverlap bounds how long an old secret goes on signing beside the new one.
	longestOverlap = 7 * 24 * time.Hour
)

// wait is how long to wait after so many failed tries, when the endpoint asks to
// be left alone for a while; false when there is no further try.
func wait(tries int, asked time.Duration) (time.Duration, bool) {
	if tries >= len(schedule) {
		return 0, false
	}
	return max(schedule[tries], min(asked, longestWait)), true
}
