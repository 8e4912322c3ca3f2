package fact

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Topic is what a message is about; preferences are kept per topic.
type Topic string

// The topics that exist so far.
const (
	TopicConfirmed Topic = "order_confirmed"
	TopicShipped   Topic = "parcel_shipped"
	TopicOut       Topic = "out_for_delivery"
	TopicReady     Topic = "ready_for_pickup"
	TopicDelivered Topic = "delivered"
	TopicAtRisk    Topic = "promise_at_risk"
	TopicBroken    Topic = "promise_broken"
	TopicAmended   Topic = "promise_amended"
	TopicRepaired  Topic = "remedy_granted"
	TopicLink      Topic = "person_link"
	TopicEarly     Topic = "early_asked"     // the courier would like to come before the slot
	TopicNewDate   Topic = "new_date"        // when it will really come, looked up by a person
	TopicCode      Topic = "one_time_code"   // for a change that the link alone may not make
	TopicCancelled Topic = "order_cancelled" // in the shopper's name
	TopicCorrected Topic = "told_wrong"      // takes back what was told before

	TopicDemand Topic = "delivery_demanded" // a formal notice to deliver, and that it may be resolved
	TopicChange Topic = "delivery_change"   // asked for by the shopper, and what its carrier said

	TopicAsked        Topic = "question_received" // the dated copy of what the shopper wrote, with the deadline
	TopicAnswered     Topic = "question_answered" // by a person
	TopicClaimed      Topic = "claim_received"    // the dated copy of what the shopper claims, or contests, with the deadline
	TopicClaimDecided Topic = "claim_decided"     // by a person, with the reasons
	TopicSurvey       Topic = "survey"            // two questions after a delivery, or after a refund

	TopicReturnAccepted  Topic = "return_accepted"
	TopicReturnDeposited Topic = "return_deposited" // with its proof
	TopicReturnReceived  Topic = "return_received"
	TopicReturnLost      Topic = "return_lost"
	TopicReturnDecided   Topic = "return_decided"
	TopicReturnExpiring  Topic = "return_expiring"
	TopicReturnExpired   Topic = "return_expired"
	TopicPickupMissed    Topic = "return_pickup_missed" // nobody came to fetch it
	TopicRefundSent      Topic = "refund_sent"
	TopicDisputeSettled  Topic = "dispute_settled"
	TopicWithdrawn       Topic = "withdrawal_received" // the acknowledgement that the law asks for
)

// Topics lists them.
var Topics = []Topic{
	TopicConfirmed, TopicShipped, TopicOut, TopicReady, TopicDelivered,
	TopicAtRisk, TopicBroken, TopicAmended, TopicRepaired, TopicLink,
	TopicEarly, TopicNewDate, TopicCode, TopicCancelled, TopicCorrected, TopicChange, TopicDemand, TopicAsked, TopicAnswered, TopicClaimed, TopicClaimDecided, TopicSurvey,
	TopicReturnAccepted, TopicReturnDeposited, TopicReturnReceived, TopicReturnLost, TopicReturnDecided, TopicReturnExpiring, TopicReturnExpired, TopicPickupMissed,
	TopicRefundSent, TopicDisputeSettled, TopicWithdrawn,
}

// Message is what every fact about a message says of it.
type Message struct {
	Message    ident.Message    `json:"message"`
	Shopper    ident.Shopper    `json:"shopper"`
	Order      ident.Order      `json:"order,omitempty"`
	Topic      Topic            `json:"topic"`
	Commitment ident.Commitment `json:"commitment,omitempty"` // when it tells about the trouble of one
}

// MessageSent is a message the channel's provider accepted.
type MessageSent struct {
	Message
	At civil.Instant `json:"at"`
}

// MessageFailed is one it refused for good.
type MessageFailed struct {
	Message
	Reason string `json:"reason"`
}

// MessageBounced is one accepted first, and refused later.
type MessageBounced struct {
	Message
	At civil.Instant `json:"at"`
}

// Kind names the fact.
func (MessageSent) Kind() Kind { return "notify.sent" }

// Kind names the fact.
func (MessageFailed) Kind() Kind { return "notify.failed" }

// Kind names the fact.
func (MessageBounced) Kind() Kind { return "notify.bounced" }

// TemplateSet is a merchant who says something in words of their own, or in ours again.
type TemplateSet struct {
	Template ident.Template `json:"template"`
	Topic    Topic          `json:"topic"`
	Standard bool           `json:"standard"` // ours again
}

// TemplateFailed is a message that left in our words, because the merchant's could
// not write it.
type TemplateFailed struct {
	Template ident.Template `json:"template"`
	Message  ident.Message  `json:"message"`
	Topic    Topic          `json:"topic"`
	Reason   string         `json:"reason"` // code of the fault
}

// Kind names the fact.
func (TemplateSet) Kind() Kind { return "notify.template_set" }

// Kind names the fact.
func (TemplateFailed) Kind() Kind { return "notify.template_failed" }
