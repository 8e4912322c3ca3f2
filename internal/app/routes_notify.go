package app

import (
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// notifyRoutes run later, in a transaction of their own: telling must never
// hold up what there is to tell.
func notifyRoutes() (rs []flow.Reaction) {
	for _, on := range []fact.Kind{
		"order.placed", "tracking.moved", "promise.at_risk", "promise.risk_lifted", "promise.broken", "promise.amended", "promise.reestimated", "promise.corrected",
		"remedy.granted", "lastmile.early_asked",
		"lastmile.change_asked", "lastmile.change_accepted", "lastmile.change_refused", "lastmile.change_unanswered", "lastmile.change_unkept",
		"returns.accepted", "returns.deposited", "returns.received", "returns.lost", "returns.decided", "returns.expiring", "returns.expired", "returns.pickup_missed", "returns.dispute_settled",
		"returns.demanded", "returns.resolvable",
		"payment.refunded", "promise.made", "desk.asked", "desk.written", "desk.answered", "desk.claimed", "desk.contested", "desk.claim_decided", "desk.contest_decided", "survey.asked",
	} {
		rs = append(rs, flow.Reaction{On: on, Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider})
	}
	return rs
}
