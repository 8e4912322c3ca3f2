// Package promise is the heart of the product: what a shopper was told, written
// down, watched, judged, and never forgotten. A quote computes dates nobody has
// to apologise for; a commitment is a date somebody owes; a verdict says whether
// it was kept, from evidence; a risk says beforehand that it may not be.
//
// An order owes a delivery, by an instant or inside a slot, and beside it to be
// complete; each is judged by itself.
//
// It stores commitments, verdicts (immutable, a correction is appended), warnings,
// who was told when, which courier may come early, which scans are contested,
// incidents (lanes that do not work on some days), and the transit history that
// quotes are computed from.
//
// Facts emitted: promise.made, kept, broken, voided, corrected, amended, at_risk,
// risk_lifted, reestimated and told, with the order as subject where there is one;
// incident_declared, incident_changed, broadcast_held, broadcast_released and
// broadcast_refused, with the merchant. Facts heard:
// tracking.moved (judge, assess, learn), tracking.stalled, its own promise.made,
// order.units_missing, order.cancelled, lastmile.early_answered,
// lastmile.change_accepted, notify.sent, notify.bounced; about returns, questions and
// claims, those in about.go, asked.go and contest.go. The errand promise.Review calls
// nobody: it looks at open promises in the light of an incident, page by page.
//
// It deliberately repairs nothing and tells nobody: remedy and notify hear its
// facts. A carrier being late never moves a date; only the shopper's own choice
// does, and that makes a new commitment. It knows no price beyond the one it shows.
package promise

import (
	"cmp"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Clock says what counts as done, and in which days it was counted. "On time"
// means nothing without it.
type Clock string

// The clocks. The shopper's, the slot's and the law's are in use so far.
const (
	CarrierClock  Clock = "carrier"  // first presentation, in the carrier's working days
	ShopperClock  Clock = "shopper"  // in hand, or collectable at the chosen point
	SlotClock     Clock = "slot"     // handed over inside both ends
	LawClock      Clock = "law"      // calendar days by statute
	BusinessClock Clock = "business" // a desk's opening hours
)

// Origin is why it is owed.
type Origin string

// The origins that exist so far.
const (
	FromQuote Origin = "quote" // shown at checkout, in a signed token
	FromRule  Origin = "rule"  // a window the shopper chose afterwards among what the merchant offers
	FromLaw   Origin = "law"   // Code de la consommation, article L216-1
	FromDesk  Origin = "desk"  // said beside the box in which a question is written
)

// Basis is what an estimate of transit days stands on.
type Basis string

// The bases, from the best to the last resort.
const (
	BasisOwn      Basis = "own"      // this merchant, this service, this destination zone
	BasisService  Basis = "service"  // this merchant, this service, everywhere
	BasisPool     Basis = "pool"     // merchants of a network that share history, this destination zone
	BasisStandard Basis = "standard" // the carrier's published service standard
)

// Commitment is something a merchant owes a shopper by an instant.
type Commitment struct {
	ID      ident.Commitment
	Owed    fact.Owed
	Order   ident.Order
	Shopper ident.Shopper
	About   string           // a return, a withdrawal or a question; empty for what is owed on the way out
	Service ident.Service    // empty when nobody chose one (by law)
	Stock   ident.StockPoint // where it was to leave from; empty by law

	From  civil.Instant // first instant of the window shown; coming earlier breaks no deliver_by
	Until civil.Instant // exclusive
	// Consented is from when the shopper lets the courier come before From; 0 when
	// nobody agreed to that.
	Consented civil.Instant
	// Contested is since when the shopper contests a scan that the last verdict rests
	// on; 0 when nobody does. Until that is decided it counts in no measure.
	Contested civil.Instant

	Zone  string // IANA zone of the destination
	Clock Clock
	// Collect: the shopper chose a relay point, a locker or a store, so lying
	// ready there is as good as in hand.
	Collect bool

	Origin     Origin
	Quote      ident.Quote // of the token, empty without one
	Shown      string      // the words at checkout
	Locale     lang.Locale // of those words
	Confidence float64     // probability stated with the quote; 0 when none was
	Basis      Basis       // what that stands on; empty without a quote
	// HandoverBy is the end, exclusive, of the day the parcel was to be with the
	// carrier; 0 when nobody said. A parcel later than that is late by the merchant.
	HandoverBy civil.Instant
	Grace      time.Duration // how late a report of a timely fact may come

	State       fact.State
	Made        civil.Instant
	ToldAt      civil.Instant    // first message about the trouble accepted before Until and not bounced; 0 = none
	Predecessor ident.Commitment // the one the shopper gave up for this one
	Successor   ident.Commitment // the one the shopper chose instead
	Last        Verdict          // the one that counts; its ID is empty while none was written

	dueAt    civil.Instant // when the clock judges next; 0 = not any more
	assessAt civil.Instant // when the clock assesses next; 0 = not any more
}

// Due is the instant at which the clock alone may judge.
func (c Commitment) Due() civil.Instant { return c.Until.Add(c.Grace) }

// Told reports whether the shopper heard of the trouble before the deadline.
func (c Commitment) Told() bool { return !c.ToldAt.IsZero() && c.ToldAt < c.Until }

// Delivers reports whether it is about when the goods come: by an instant, or
// inside a slot. That promise is the headline of an order.
func (c Commitment) Delivers() bool {
	return c.About == "" && (c.Owed == fact.DeliverBy || c.Owed == fact.DeliverInSlot)
}

// window is what Rule holds evidence against. Whoever is owed a parcel by an
// instant is not wronged by its coming earlier: only a slot has a beginning, and
// the shopper may put that forward.
func (c Commitment) window() civil.Window {
	switch {
	case c.Clock != SlotClock:
		return civil.Window{Until: c.Until}
	case !c.Consented.IsZero():
		return civil.Window{From: min(c.From, c.Consented), Until: c.Until}
	default:
		return civil.Window{From: c.From, Until: c.Until}
	}
}

// subject is whose timeline tells of it: the order's, or that of what was asked
// about no order.
func (c Commitment) subject() string { return cmp.Or(string(c.Order), c.About) }

// body is what every fact about the commitment says of it.
func (c Commitment) body() fact.Promise {
	return fact.Promise{
		Commitment: c.ID, Owed: c.Owed, Order: c.Order, Shopper: c.Shopper, About: c.About, Service: c.Service,
		From: c.From, Until: c.Until,
	}
}

// Verdict is a ruling as it was written down. Rows never change.
type Verdict struct {
	ID         ident.Verdict
	Commitment ident.Commitment
	Sequence   int64         // 1 is the judgement, more are corrections
	At         civil.Instant // of deciding
	Ruling
	Told     bool          // the shopper had been told before Until
	Evidence []ident.Event // that decided; empty when silence did
	Cause    ident.Fact    // that made us look; empty for the clock
}
