package fact

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Trouble is what kind of incident stops parcels.
type Trouble string

// The kinds.
const (
	TroubleStrike  Trouble = "strike"
	TroubleWeather Trouble = "weather"
	TroubleRoad    Trouble = "road"    // closed, or blocked
	TroubleSystems Trouble = "it"      // the carrier's or the shop's machines
	TroubleClosure Trouble = "closure" // of a depot, a warehouse
	TroubleOther   Trouble = "other"
)

// Troubles lists them.
var Troubles = []Trouble{TroubleStrike, TroubleWeather, TroubleRoad, TroubleSystems, TroubleClosure, TroubleOther}

// Known reports whether it is one of the kinds.
func (t Trouble) Known() bool { return slices.Contains(Troubles, t) }

// Incident is what every fact about an incident says of it: on which days nothing is
// counted on.
type Incident struct {
	Incident ident.Incident `json:"incident"`
	Trouble  Trouble        `json:"trouble"`
	From     civil.Day      `json:"from"`
	Last     civil.Day      `json:"last"` // included; the day before From: none at all
}

// IncidentDeclared is somebody who said that lanes do not work on some days.
type IncidentDeclared struct{ Incident }

// IncidentChanged is other days or other words for an incident, or its end.
type IncidentChanged struct {
	Incident
	Ended bool `json:"ended"`
}

// BroadcastHeld is an incident of which so many would be told that a second person has
// to let it.
type BroadcastHeld struct {
	Incident
	People int `json:"people"`
}

// BroadcastReleased is the second person's yes.
type BroadcastReleased struct{ Incident }

// BroadcastRefused is their no: nobody is told.
type BroadcastRefused struct{ Incident }

// RiskLifted is a promise that an incident endangered and no longer does: what its
// shopper was told of that incident is not so any more.
type RiskLifted struct {
	Promise
	Warning ident.Warning `json:"warning"`
	Cause   string        `json:"cause"`
}

// incidentPrefix begins the cause of a danger that an incident is behind.
var incidentPrefix = ident.Incident("").Prefix() + "_"

// IncidentOf is the incident behind the cause of a danger, if one is.
func IncidentOf(cause string) (ident.Incident, bool) {
	return ident.Incident(cause), strings.HasPrefix(cause, incidentPrefix)
}

// Kind names the fact.
func (IncidentDeclared) Kind() Kind { return "promise.incident_declared" }

// Kind names the fact.
func (IncidentChanged) Kind() Kind { return "promise.incident_changed" }

// Kind names the fact.
func (BroadcastHeld) Kind() Kind { return "promise.broadcast_held" }

// Kind names the fact.
func (BroadcastReleased) Kind() Kind { return "promise.broadcast_released" }

// Kind names the fact.
func (BroadcastRefused) Kind() Kind { return "promise.broadcast_refused" }

// Kind names the fact.
func (RiskLifted) Kind() Kind { return "promise.risk_lifted" }
