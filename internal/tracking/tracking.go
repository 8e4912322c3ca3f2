// Package tracking turns scans into one story per parcel.
//
// What a carrier sends is kept as it came before anybody tries to understand
// it. Understood, it is events; an event belongs to a number of a connection and
// exists once, however often it is sent. A parcel knows its legs, the numbers it
// travels under; events of a number nobody knows yet wait for their parcel. The
// story of a parcel is Fold of the set of its legs' events: the order in which
// they came, and how often, change nothing.
//
// It stores raw payloads, events, legs, and per parcel the folded story with a
// version. It emits tracking.moved (another status, milestone or trust),
// tracking.disputed (events contradict one another), tracking.stalled (nothing
// heard for too long) and tracking.leg_added; it hears order.parcel_announced.
//
// It deliberately does not judge promises, tell anybody, or correct a carrier:
// a contradiction is flagged for a person, and what was sent stays as sent.
package tracking

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// Payload is what somebody sent, as it came.
type Payload struct {
	Connection  ident.Connection
	ContentType string
	Body        []byte
	Trust       fact.Trust // how far all in it may reach; empty = claimed
}

// Kept is a payload's place.
type Kept struct {
	Raw   ident.Raw
	Fresh bool // it was not kept before
}

// Delivery is a payload that was kept, with what was understood of it.
type Delivery struct {
	Payload
	Raw     ident.Raw
	Reports []carrier.Report
}

// Tally is what became of the reports of a delivery.
type Tally struct {
	Accepted  int // new events
	Duplicate int // known already
}

// RawState is how far a payload was understood.
type RawState string

// The states of a payload.
const (
	Unread RawState = "unread" // not, or not yet
	Read   RawState = "read"
	Partly RawState = "partly" // some of its events broke a rule
)

// Raw is a payload kept.
type Raw struct {
	Payload
	ID       ident.Raw
	Received civil.Instant
	State    RawState
	Error    string // why it is not read, for whoever replays it
}

// Event is one scan, as often as it may have been sent.
type Event struct {
	ID         ident.Event
	Connection ident.Connection
	Number     string // folded
	Code       string // the carrier's own
	Label      string
	Status     fact.Status
	Reason     fact.Reason
	Place      fact.Place
	Party      fact.Party
	Source     fact.Source
	Trust      fact.Trust
	At         civil.Instant // as received
	Precision  fact.Precision
	Span       fact.Span     // what At proves
	Expected   civil.Instant // when the sender said it would arrive; zero: nobody said
	Where      string
	Supersedes fact.Status // a correction: it never was that, up to At
	Received   civil.Instant
	Raw        ident.Raw
	Parcel     ident.Parcel // in answers of Events; an event itself knows only its number
}

// Wanted is where the shopper asked for the parcel: a relay point is a delivery
// to one who chose it, and a detour to one who waits at home.
type Wanted string

// Where a parcel may be wanted.
const (
	AtHome  Wanted = "home"
	AtPoint Wanted = "point"
)

// WantedOf is where a service brings parcels.
func WantedOf(m carrier.Mode) Wanted {
	if m.Collected() {
		return AtPoint
	}
	return AtHome
}

// Story is all that the events of a parcel say together.
type Story struct {
	Status   fact.Status
	Reason   fact.Reason // of the event that decided the status
	Place    fact.Place  // likewise
	Liable   fact.Party  // who answers for the last incident on the way; empty when there was none
	Trust    fact.Trust  // the least of the events that decided milestones; of the status while there are none
	Clocks   fact.Clocks
	LastScan civil.Instant // last sign of life from the carrier
	Expected civil.Instant // when it is expected, as said last; zero: nobody says
	Disputed []string      // codes of contradictions, sorted
	Events   []ident.Event // those that decided, sorted
}

// The contradictions. A person must look; nobody is told on their strength.
const (
	MovedAfterDelivery   = "moved_after_delivery"  // scanned on its way after it was delivered
	DeliveredTwice       = "delivered_twice"       // at instants that can not be one
	DeliveredAndClosed   = "delivered_and_closed"  // also returned, lost or cancelled
	MovedAfterClosure    = "moved_after_closure"   // scanned on its way after it was returned, lost or cancelled
	DeniedByShopper      = "denied_by_shopper"     // delivered, says the carrier; the shopper does not have it
	DistrustedCorrection = "distrusted_correction" // a correction trusted less than what it takes back
	ImplausibleTime      = "implausible_time"      // an event dated before 2000, or long after it was received
	NumberTaken          = "number_taken"          // another parcel travels under the number already
)
