package fact

import "github.com/promesse-dev/promesse/internal/core/civil"

// Status is where a parcel is in its life, in our words. There are eighteen.
type Status string

// The statuses, grouped by the Phase they belong to.
const (
	Pending        Status = "pending"
	PickedUp       Status = "picked_up"
	InTransit      Status = "in_transit"
	ArrivedLocal   Status = "arrived_local"
	Customs        Status = "customs"
	CustomsHeld    Status = "customs_held"
	Exception      Status = "exception"
	OutForDelivery Status = "out_for_delivery"
	Appointment    Status = "appointment"
	FailedAttempt  Status = "failed_attempt"
	Redirected     Status = "redirected"
	ReadyForPickup Status = "ready_for_pickup"
	Delivered      Status = "delivered"
	Returning      Status = "returning"
	Returned       Status = "returned"
	Lost           Status = "lost"
	Cancelled      Status = "cancelled"
	Unknown        Status = "unknown"
)

// Statuses lists them in the order of a parcel's life.
var Statuses = []Status{
	Pending, PickedUp, InTransit, ArrivedLocal, Customs, CustomsHeld, Exception,
	OutForDelivery, Appointment, FailedAttempt, Redirected, ReadyForPickup,
	Delivered, Returning, Returned, Lost, Cancelled, Unknown,
}

// Phase is the coarse stage of a status. It is derived, never stored.
type Phase string

// The phases.
const (
	PhaseAnnounced  Phase = "announced"
	PhaseCarried    Phase = "carried"
	PhaseLastMile   Phase = "last_mile"
	PhaseCollection Phase = "collection"
	PhaseDone       Phase = "done"
	PhaseReturn     Phase = "return"
	PhaseClosed     Phase = "closed"
	PhaseUnknown    Phase = "unknown"
)

// Phase derives the coarse stage.
func (s Status) Phase() Phase {
	switch s {
	case Pending:
		return PhaseAnnounced
	case PickedUp, InTransit, ArrivedLocal, Customs, CustomsHeld, Exception:
		return PhaseCarried
	case OutForDelivery, Appointment, FailedAttempt, Redirected:
		return PhaseLastMile
	case ReadyForPickup:
		return PhaseCollection
	case Delivered:
		return PhaseDone
	case Returning, Returned:
		return PhaseReturn
	case Lost, Cancelled:
		return PhaseClosed
	default:
		return PhaseUnknown
	}
}

// Reason says why something did not go as it should.
type Reason string

// The reasons a carrier, or we, may give.
const (
	ReasonDelay             Reason = "delay"
	ReasonSortError         Reason = "sort_error"
	ReasonMisrouted         Reason = "misrouted"
	ReasonMissedConnection  Reason = "missed_connection"
	ReasonOffRadar          Reason = "off_radar"
	ReasonHold              Reason = "hold"
	ReasonCustomsDoc        Reason = "customs_doc"
	ReasonCustomsDuty       Reason = "customs_duty"
	ReasonAddress           Reason = "address"
	ReasonAccess            Reason = "access"
	ReasonAbsent            Reason = "absent"
	ReasonClosed            Reason = "closed"
	ReasonRefused           Reason = "refused"
	ReasonIdent             Reason = "ident"
	ReasonPayment           Reason = "payment"
	ReasonDamaged           Reason = "damaged"
	ReasonPartial           Reason = "partial"
	ReasonLost              Reason = "lost"
	ReasonDisposed          Reason = "disposed"
	ReasonProhibited        Reason = "prohibited"
	ReasonOversize          Reason = "oversize"
	ReasonRelayFull         Reason = "relay_full"
	ReasonRelayClosed       Reason = "relay_closed"
	ReasonCollectionExpired Reason = "collection_expired"
	ReasonStrike            Reason = "strike"
	ReasonWeather           Reason = "weather"
)

// Reasons lists them.
var Reasons = []Reason{
	ReasonDelay, ReasonSortError, ReasonMisrouted, ReasonMissedConnection, ReasonOffRadar, ReasonHold,
	ReasonCustomsDoc, ReasonCustomsDuty, ReasonAddress, ReasonAccess, ReasonAbsent, ReasonClosed,
	ReasonRefused, ReasonIdent, ReasonPayment, ReasonDamaged, ReasonPartial, ReasonLost, ReasonDisposed,
	ReasonProhibited, ReasonOversize, ReasonRelayFull, ReasonRelayClosed, ReasonCollectionExpired,
	ReasonStrike, ReasonWeather,
}

// Place is in whose hands a delivered parcel was left: it decides whether a promise was kept.
type Place string

// The places.
const (
	Doorstep   Place = "doorstep"
	Mailbox    Place = "mailbox"
	SafePlace  Place = "safe_place"
	Neighbour  Place = "neighbour"
	Reception  Place = "reception"
	Relay      Place = "relay"
	Locker     Place = "locker"
	PostOffice Place = "post_office"
	AltAddress Place = "alt_address"
	POBox      Place = "po_box"
)

// Places lists them.
var Places = []Place{Doorstep, Mailbox, SafePlace, Neighbour, Reception, Relay, Locker, PostOffice, AltAddress, POBox}

// Party is who answers for something.
type Party string

// The parties.
const (
	ByCarrier    Party = "carrier"
	ByMerchant   Party = "merchant"
	ByShopper    Party = "shopper"
	ByCustoms    Party = "customs"
	ByRelay      Party = "relay"
	ForceMajeure Party = "force_majeure"
	ByUnknown    Party = "unknown"
	ByNobody     Party = "nobody"
)

// Parties lists them.
var Parties = []Party{ByCarrier, ByMerchant, ByShopper, ByCustoms, ByRelay, ForceMajeure, ByUnknown, ByNobody}

// Source is who reported an event.
type Source string

// The sources.
const (
	FromCarrier    Source = "carrier"
	FromMerchant   Source = "merchant"
	FromShopper    Source = "shopper"
	FromCourier    Source = "courier"
	FromRelay      Source = "relay"
	FromCalculated Source = "calculated"
	FromClaim      Source = "claim"
)

// Sources lists them.
var Sources = []Source{FromCarrier, FromMerchant, FromShopper, FromCourier, FromRelay, FromCalculated, FromClaim}

// Trust is how far an event may reach: only a confirmed one moves money.
type Trust string

// The levels of trust.
const (
	TrustClaimed   Trust = "claimed"   // somebody said so
	TrustSigned    Trust = "signed"    // by the bearer of the connection's key
	TrustConfirmed Trust = "confirmed" // pulled from the carrier by us, or proved
)

// Precision is how exactly an event's instant is known.
type Precision string

// The precisions.
const (
	Exact  Precision = "exact"
	Minute Precision = "minute"
	Hour   Precision = "hour"
	ADay   Precision = "day"
)

// Direction of a parcel.
type Direction string

// Out goes to the shopper, Back comes from one.
const (
	Out  Direction = "out"
	Back Direction = "back"
)

// Span is evidence with its precision: something happened at an instant in
// [From, Until). Both zero means it has not happened.
type Span struct {
	From  civil.Instant `json:"from"`
	Until civil.Instant `json:"until"`
}

// Known reports whether it happened.
func (s Span) Known() bool { return s.From != 0 || s.Until != 0 }
