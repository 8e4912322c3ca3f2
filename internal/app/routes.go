package app

import (
	"slices"

	"github.com/promesse-dev/promesse/internal/api"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/survey"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// routes says what follows from each fact, room by room. Within one kind they
// run in this order.
func routes(curves *promise.Curves, policies *remedy.Policies) []flow.Reaction {
	return slices.Concat(
		trackingRoutes(), order.Reactions(), promise.Reactions(curves), promise.ReturnReactions(), promise.DeskReactions(), survey.Reactions(), lastmile.Reactions(), remedyRoutes(policies),
		returnRoutes(), paymentRoutes(), notifyRoutes(), webhookRoutes(), erasureRoutes(),
	)
}

func trackingRoutes() []flow.Reaction {
	return []flow.Reaction{{
		On: "order.parcel_announced", Name: "tracking.Attach", Mode: flow.May, Run: tracking.Attach,
		Emits: []fact.Kind{"tracking.moved", "tracking.disputed"},
	}}
}

func erasureRoutes() []flow.Reaction {
	return []flow.Reaction{{On: "shopper.erased", Name: "api.EraseAnswers", Mode: flow.May, Run: api.EraseAnswers}}
}

func remedyRoutes(p *remedy.Policies) []flow.Reaction {
	emits := []fact.Kind{"remedy.granted", "remedy.refused", "remedy.awaited"}
	return []flow.Reaction{
		{On: "promise.broken", Name: "remedy.Consider", Mode: flow.May, Run: p.Consider, Emits: emits},
		{On: "promise.corrected", Name: "remedy.Review", Mode: flow.May, Run: p.Review, Emits: emits},
	}
}

// sweeps are the rooms' deadlines.
func sweeps(curves *promise.Curves, policies *remedy.Policies) []flow.Sweep {
	return slices.Concat(
		promise.Sweeps(curves), []flow.Sweep{policies.Waits(), tracking.Stalls(), notify.Waits()}, returnSweeps(), []flow.Sweep{survey.Moments(), lastmile.Silences()}, paymentSweeps(), webhookSweeps(),
	)
}

// leaves are the facts nobody needs to hear: they are history, shown on
// timelines and read by reports.
var leaves = slices.Concat(returnLeaves, counterLeaves, roundLeaves, []fact.Kind{
	"merchant.created", "merchant.configured", "merchant.key_issued", "merchant.key_revoked", "merchant.stock_point_set", "merchant.policy_set",
	"merchant.granted", "merchant.grant_revoked",
	"shopper.registered", "shopper.person_verified", "shopper.linked", "shopper.unlinked", "shopper.signed_in", "shopper.contact_changed", "shopper.exported",
	"order.tariff_set", "order.erased", "order.parcel_shared", "order.parcel_unshared", "carrier.connection_set", "carrier.service_set",
	"tracking.disputed", "tracking.leg_added",
	"promise.told", "promise.broadcast_held", "promise.broadcast_released", "promise.broadcast_refused",
	"remedy.awaited",
	"notify.failed", "notify.template_set", "notify.template_failed",
	"carrier.asked", "carrier.answered", "merchant.staff_set", "merchant.brand_set",
	"desk.evidence_asked", "desk.evidence_given",
	"lastmile.grid_set", "lastmile.change_elsewhere", "lastmile.change_agreed",
})
