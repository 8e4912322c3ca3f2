package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// GridSet is the weekly slots of a service, from a day on.
type GridSet struct {
	Service ident.Service `json:"service"`
}

// SlotBooked is a place in a slot, taken for an order.
type SlotBooked struct {
	Booking ident.Booking `json:"booking"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	Service ident.Service `json:"service"`
	From    civil.Instant `json:"from"`
	Until   civil.Instant `json:"until"` // exclusive
}

// SlotReleased is that place given back.
type SlotReleased struct {
	Booking ident.Booking `json:"booking"`
	Order   ident.Order   `json:"order"`
}

// EarlyAsked is a courier who would like to come before the slot.
type EarlyAsked struct {
	Early   ident.Early   `json:"early"`
	Order   ident.Order   `json:"order"`
	Shopper ident.Shopper `json:"shopper"`
	At      civil.Instant `json:"at"`    // when the courier could come
	From    civil.Instant `json:"from"`  // the slot as it was promised
	Until   civil.Instant `json:"until"` // exclusive
}

// EarlyAnswered is what the shopper said to that. Silence is no answer, and no consent.
type EarlyAnswered struct {
	Early    ident.Early   `json:"early"`
	Order    ident.Order   `json:"order"`
	Shopper  ident.Shopper `json:"shopper"`
	Accepted bool          `json:"accepted"`
	At       civil.Instant `json:"at"` // when the courier may come, if accepted
}

// Kind names the fact.
func (GridSet) Kind() Kind { return "lastmile.grid_set" }

// Kind names the fact.
func (SlotBooked) Kind() Kind { return "lastmile.booked" }

// Kind names the fact.
func (SlotReleased) Kind() Kind { return "lastmile.released" }

// Kind names the fact.
func (EarlyAsked) Kind() Kind { return "lastmile.early_asked" }

// Kind names the fact.
func (EarlyAnswered) Kind() Kind { return "lastmile.early_answered" }
