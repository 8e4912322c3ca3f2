package ui

import (
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
)

// The words of the vocabulary that facts share, for pages that tell what
// happened. A test sees to it that each value has one.

// Status is where a parcel is.
func (r Reading) Status(s fact.Status) string {
	key, ok := map[fact.Status]string{
		fact.Pending:        "parcel_status.pending",
		fact.PickedUp:       "parcel_status.picked_up",
		fact.InTransit:      "parcel_status.in_transit",
		fact.ArrivedLocal:   "parcel_status.arrived_local",
		fact.Customs:        "parcel_status.customs",
		fact.CustomsHeld:    "parcel_status.customs_held",
		fact.Exception:      "parcel_status.exception",
		fact.OutForDelivery: "parcel_status.out_for_delivery",
		fact.Appointment:    "parcel_status.appointment",
		fact.FailedAttempt:  "parcel_status.failed_attempt",
		fact.Redirected:     "parcel_status.redirected",
		fact.ReadyForPickup: "parcel_status.ready_for_pickup",
		fact.Delivered:      "parcel_status.delivered",
		fact.Returning:      "parcel_status.returning",
		fact.Returned:       "parcel_status.returned",
		fact.Lost:           "parcel_status.lost",
		fact.Cancelled:      "parcel_status.cancelled",
		fact.Unknown:        "parcel_status.unknown",
	}[s]
	if !ok {
		key = "parcel_status.unknown"
	}
	return r.T(key, nil)
}

// Reason is why it does not move as it should.
func (r Reading) Reason(why fact.Reason) string {
	return r.T(map[fact.Reason]string{
		fact.ReasonDelay:             "parcel_reason.delay",
		fact.ReasonSortError:         "parcel_reason.sort_error",
		fact.ReasonMisrouted:         "parcel_reason.misrouted",
		fact.ReasonMissedConnection:  "parcel_reason.missed_connection",
		fact.ReasonOffRadar:          "parcel_reason.off_radar",
		fact.ReasonHold:              "parcel_reason.hold",
		fact.ReasonCustomsDoc:        "parcel_reason.customs_doc",
		fact.ReasonCustomsDuty:       "parcel_reason.customs_duty",
		fact.ReasonAddress:           "parcel_reason.address",
		fact.ReasonAccess:            "parcel_reason.access",
		fact.ReasonAbsent:            "parcel_reason.absent",
		fact.ReasonClosed:            "parcel_reason.closed",
		fact.ReasonRefused:           "parcel_reason.refused",
		fact.ReasonIdent:             "parcel_reason.ident",
		fact.ReasonPayment:           "parcel_reason.payment",
		fact.ReasonDamaged:           "parcel_reason.damaged",
		fact.ReasonPartial:           "parcel_reason.partial",
		fact.ReasonLost:              "parcel_reason.lost",
		fact.ReasonDisposed:          "parcel_reason.disposed",
		fact.ReasonProhibited:        "parcel_reason.prohibited",
		fact.ReasonOversize:          "parcel_reason.oversize",
		fact.ReasonRelayFull:         "parcel_reason.relay_full",
		fact.ReasonRelayClosed:       "parcel_reason.relay_closed",
		fact.ReasonCollectionExpired: "parcel_reason.collection_expired",
		fact.ReasonStrike:            "parcel_reason.strike",
		fact.ReasonWeather:           "parcel_reason.weather",
	}[why], nil)
}

// Place is in whose hands, or where, it was left.
func (r Reading) Place(p fact.Place) string {
	return r.T(map[fact.Place]string{
		fact.Doorstep:   "parcel_place.doorstep",
		fact.Mailbox:    "parcel_place.mailbox",
		fact.SafePlace:  "parcel_place.safe_place",
		fact.Neighbour:  "parcel_place.neighbour",
		fact.Reception:  "parcel_place.reception",
		fact.Relay:      "parcel_place.relay",
		fact.Locker:     "parcel_place.locker",
		fact.PostOffice: "parcel_place.post_office",
		fact.AltAddress: "parcel_place.alt_address",
		fact.POBox:      "parcel_place.po_box",
	}[p], nil)
}

// Topic is what a letter was about.
func (r Reading) Topic(t fact.Topic) string {
	return r.T(map[fact.Topic]string{
		fact.TopicConfirmed: "topic.order_confirmed",
		fact.TopicShipped:   "topic.parcel_shipped",
		fact.TopicOut:       "topic.out_for_delivery",
		fact.TopicReady:     "topic.ready_for_pickup",
		fact.TopicDelivered: "topic.delivered",
		fact.TopicAtRisk:    "topic.promise_at_risk",
		fact.TopicBroken:    "topic.promise_broken",
		fact.TopicAmended:   "topic.promise_amended",
		fact.TopicRepaired:  "topic.remedy_granted",
		fact.TopicLink:      "topic.person_link",
		fact.TopicEarly:     "topic.early_asked",
		fact.TopicNewDate:   "topic.new_date",
		fact.TopicCode:      "topic.one_time_code",
		fact.TopicCancelled: "topic.order_cancelled",
		fact.TopicCorrected: "topic.told_wrong",
		fact.TopicChange:    "topic.delivery_change",
		fact.TopicDemand:    "topic.delivery_demanded",

		fact.TopicAsked:        "topic.question_received",
		fact.TopicAnswered:     "topic.question_answered",
		fact.TopicClaimed:      "topic.claim_received",
		fact.TopicClaimDecided: "topic.claim_decided",
		fact.TopicSurvey:       "topic.survey",

		fact.TopicReturnAccepted:  "topic.return_accepted",
		fact.TopicReturnDeposited: "topic.return_deposited",
		fact.TopicReturnReceived:  "topic.return_received",
		fact.TopicReturnLost:      "topic.return_lost",
		fact.TopicReturnDecided:   "topic.return_decided",
		fact.TopicReturnExpiring:  "topic.return_expiring",
		fact.TopicReturnExpired:   "topic.return_expired",
		fact.TopicPickupMissed:    "topic.return_pickup_missed",
		fact.TopicRefundSent:      "topic.refund_sent",
		fact.TopicDisputeSettled:  "topic.dispute_settled",
		fact.TopicWithdrawn:       "topic.withdrawal_received",
	}[t], nil)
}

// StatusTone is how good a status is for whoever waits for the parcel.
func StatusTone(s fact.Status) Tone {
	switch s {
	case fact.Delivered, fact.ReadyForPickup:
		return Good
	case fact.Exception, fact.FailedAttempt, fact.CustomsHeld, fact.Redirected, fact.Returning:
		return Care
	case fact.Lost, fact.Returned, fact.Cancelled:
		return Bad
	default:
		return Calm
	}
}

// Goods are units of lines, each by its name.
func (r Reading) Goods(units []fact.Units, names map[ident.Line]string) string {
	said := make([]string, len(units))
	for i, u := range units {
		said[i] = r.T("demand.line", map[string]any{"Units": u.Units, "Name": names[u.Line]})
	}
	return strings.Join(said, ", ")
}
