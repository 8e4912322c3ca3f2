package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Clocks are the milestones that promises are judged by.
type Clocks struct {
	HandedOver Span `json:"handed_over"` // the carrier has it
	Presented  Span `json:"presented"`   // first presentation at the address
	Ready      Span `json:"ready"`       // collectable at the chosen point
	InHand     Span `json:"in_hand"`     // in the shopper's hands, or where the shopper asked for it
	Closed     Span `json:"closed"`      // returned, lost, cancelled: it will not arrive any more
}

// ParcelMoved is a parcel whose story changed: another status, another milestone,
// or another hour at which it is expected.
type ParcelMoved struct {
	Parcel    ident.Parcel     `json:"parcel"`
	Order     ident.Order      `json:"order"`
	Shopper   ident.Shopper    `json:"shopper"`
	Direction Direction        `json:"direction"`
	Carrier   ident.Connection `json:"carrier"`
	Service   ident.Service    `json:"service"`
	Was       Status           `json:"was"`
	Now       Status           `json:"now"`
	Reason    Reason           `json:"reason,omitempty"`
	Place     Place            `json:"place,omitempty"`
	Liable    Party            `json:"liable,omitempty"` // who answers for the last incident, when the events say so
	Trust     Trust            `json:"trust"`            // the least of the events that decided the milestones
	Clocks    Clocks           `json:"clocks"`
	LastScan  civil.Instant    `json:"last_scan"`
	Expected  civil.Instant    `json:"expected,omitzero"` // when it is said to arrive; zero: nobody says
	Events    []ident.Event    `json:"events"`            // evidence: the events that decided status and milestones
	Version   int64            `json:"version"`
}

// ParcelStalled is a parcel nothing was heard of for too long.
type ParcelStalled struct {
	Parcel   ident.Parcel  `json:"parcel"`
	Order    ident.Order   `json:"order"`
	Status   Status        `json:"status"`
	LastScan civil.Instant `json:"last_scan"`
}

// ParcelDisputed is a parcel whose events contradict one another: a person must look.
type ParcelDisputed struct {
	Parcel ident.Parcel `json:"parcel"`
	Order  ident.Order  `json:"order"`
	What   string       `json:"what"` // code of the contradiction
}

// LegAdded is one more carrier's number for the same parcel.
type LegAdded struct {
	Parcel  ident.Parcel     `json:"parcel"`
	Order   ident.Order      `json:"order"`
	Carrier ident.Connection `json:"carrier"`
	Number  string           `json:"number"`
}

// Kind names the fact.
func (ParcelMoved) Kind() Kind { return "tracking.moved" }

// Kind names the fact.
func (ParcelStalled) Kind() Kind { return "tracking.stalled" }

// Kind names the fact.
func (ParcelDisputed) Kind() Kind { return "tracking.disputed" }

// Kind names the fact.
func (LegAdded) Kind() Kind { return "tracking.leg_added" }
