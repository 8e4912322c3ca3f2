package app

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// returnRoutes are the reactions of returns: parcels on their way back, refunds
// that were paid, and the goods of a withdrawal.
func returnRoutes() []flow.Reaction { return returns.Reactions() }

// returnSweeps are the deadlines of returns.
func returnSweeps() []flow.Sweep { return returns.Sweeps() }

// returnErrands have carriers make labels, and make them void.
func returnErrands(i *carrier.Issuer) []flow.Errander { return returns.Errands(i) }

// returnLeaves are the facts of returns, relay points, refunds and webhooks that
// nobody needs to hear.
var returnLeaves = []fact.Kind{
	"relay.points_fed", "relay.store_set", "relay.favourite_set", "returns.uplift_booked", "webhook.endpoint_set", "webhook.endpoint_rested",
}
