package app

import "github.com/promesse-dev/promesse/internal/fact"

// returnLeaves are the facts of returns, relay points, refunds and webhooks that
// nobody needs to hear.
var returnLeaves = []fact.Kind{
	"relay.points_fed", "relay.store_set",
	"returns.requested", "returns.held", "returns.accepted", "returns.labelled", "returns.deposited", "returns.received", "returns.decided",
	"returns.cancelled", "returns.expired", "returns.closed", "returns.contested", "returns.dispute_settled", "returns.uplift_booked", "returns.withdrawn",
	"payment.refund_ordered", "payment.refunded", "payment.refund_stuck", "payment.refund_missed", "payment.credit_given", "payment.credit_spent",
	"webhook.endpoint_set", "webhook.endpoint_rested",
}
