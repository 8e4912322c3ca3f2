package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// ChangeKind is what a shopper wants otherwise about a delivery.
type ChangeKind string

// The kinds.
const (
	Reschedule  ChangeKind = "reschedule" // another day, another slot
	Redirect    ChangeKind = "redirect"   // to a relay point, a locker or a store
	Readdress   ChangeKind = "address"    // to another door
	LeaveSafe   ChangeKind = "safe_place" // left where the shopper says
	ToNeighbour ChangeKind = "neighbour"  // handed to somebody the shopper names
	HoldBack    ChangeKind = "hold"       // kept by the carrier, and brought on a later day
	CallBack    ChangeKind = "cancel"     // not brought at all, and taken back to the shop
)

// ChangeKinds lists them, in the order in which they are offered.
var ChangeKinds = []ChangeKind{Reschedule, Redirect, Readdress, LeaveSafe, ToNeighbour, HoldBack, CallBack}

// ChangeReason is why a change is refused.
type ChangeReason string

// The reasons. A carrier that gives none of them has said no.
const (
	ChangeTooLate    ChangeReason = "too_late"     // for this delivery
	ChangeOut        ChangeReason = "already_out"  // the courier has it on the round
	ChangeFull       ChangeReason = "full"         // no room left in the slot, or at the point
	ChangeImpossible ChangeReason = "not_possible" // for this parcel
	ChangeSaidNo     ChangeReason = "said_no"
)

// Of one that is carried out together with others or not at all, these are ours and
// no carrier's.
const (
	ChangeApart  ChangeReason = "apart"     // another one of them could not be
	ChangeSilent ChangeReason = "no_answer" // its carrier said nothing in time
)

// ChangeReasons lists those that a carrier may give.
var ChangeReasons = []ChangeReason{ChangeTooLate, ChangeOut, ChangeFull, ChangeImpossible, ChangeSaidNo}

// Change is what every fact about a change says of it.
type Change struct {
	Change  ident.Change     `json:"change"`
	What    ChangeKind       `json:"what"`
	Order   ident.Order      `json:"order"`
	Shopper ident.Shopper    `json:"shopper"`
	Parcel  ident.Parcel     `json:"parcel,omitempty"` // empty: nothing is packed yet
	Carrier ident.Connection `json:"carrier"`
	Other   ident.Shopper    `json:"other,omitempty"` // another contact whom the change names
	// It is carried out together with other deliveries of the shopper's, or not at all.
	Together bool `json:"together,omitempty"`
}

// Wanted is where and when the parcel is to come instead. Another address is a
// person's, and in no fact.
type Wanted struct {
	From  civil.Instant `json:"from,omitzero"`
	Until civil.Instant `json:"until,omitzero"` // exclusive; zero: the hour stays what it was
	Slot  bool          `json:"slot,omitempty"` // inside both ends
	Point ident.Point   `json:"point,omitempty"`
	Zone  string        `json:"zone,omitempty"` // IANA zone by whose clocks that is; empty: as before
}

// ChangeAsked is a change that its carrier is asked for. Nothing is changed yet.
type ChangeAsked struct {
	Change
	Wanted
	AnswerBy civil.Instant `json:"answer_by"` // exclusive
	// Of one that is carried out together with others: the carrier says whether it
	// would, and keeps it possible until then. Accepted means do it, refused let it go.
	HoldUntil civil.Instant `json:"hold_until,omitzero"`
}

// ChangeAccepted is a change that its carrier carries out.
type ChangeAccepted struct {
	Change
	Wanted
}

// ChangeRefused is one that it does not: all stays as it was.
type ChangeRefused struct {
	Change
	Reason ChangeReason `json:"reason"`
}

// ChangeUnanswered is one to which nothing was said in time. It may still be.
type ChangeUnanswered struct{ Change }

// ChangeElsewhere is a shopper who was sent to the carrier's own page, where it
// takes changes itself. What came of it nobody tells us.
type ChangeElsewhere struct {
	Order   ident.Order      `json:"order"`
	Shopper ident.Shopper    `json:"shopper"`
	Parcel  ident.Parcel     `json:"parcel"`
	Carrier ident.Connection `json:"carrier"`
}

// Kind names the fact.
func (ChangeAsked) Kind() Kind { return "lastmile.change_asked" }

// Kind names the fact.
func (ChangeAccepted) Kind() Kind { return "lastmile.change_accepted" }

// Kind names the fact.
func (ChangeRefused) Kind() Kind { return "lastmile.change_refused" }

// Kind names the fact.
func (ChangeUnanswered) Kind() Kind { return "lastmile.change_unanswered" }

// Kind names the fact.
func (ChangeElsewhere) Kind() Kind { return "lastmile.change_elsewhere" }
