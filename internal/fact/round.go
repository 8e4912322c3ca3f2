package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// CourierSet is a courier of a shop's own let in, or shown out.
type CourierSet struct {
	Courier ident.Member `json:"courier"`
	Gone    bool         `json:"gone"`
}

// RoundDeviceSet is a device let in for rounds, or shown out.
type RoundDeviceSet struct {
	Device  ident.Device `json:"device"`
	Revoked bool         `json:"revoked"`
}

// StopSet is an order put on a courier's round of a day; on nobody's when Courier is empty.
type StopSet struct {
	Stop    ident.Stop   `json:"stop"`
	Order   ident.Order  `json:"order"`
	Courier ident.Member `json:"courier"`
	Day     civil.Day    `json:"day"` // local
}

// StopVisited is what a courier said of a stop. What it means for the parcels,
// tracking tells.
type StopVisited struct {
	Visit   ident.Visit   `json:"visit"`
	Stop    ident.Stop    `json:"stop"`
	Order   ident.Order   `json:"order"`
	Courier ident.Member  `json:"courier"`
	Device  ident.Device  `json:"device"`
	Act     string        `json:"act"`   // going, late, delivered or failed
	Proof   string        `json:"proof"` // photo, signature, name or code; empty: none was asked
	At      civil.Instant `json:"at"`
}

// Kind names the fact.
func (CourierSet) Kind() Kind { return "lastmile.courier_set" }

// Kind names the fact.
func (RoundDeviceSet) Kind() Kind { return "lastmile.device_set" }

// Kind names the fact.
func (StopSet) Kind() Kind { return "lastmile.stop_set" }

// Kind names the fact.
func (StopVisited) Kind() Kind { return "lastmile.visited" }
