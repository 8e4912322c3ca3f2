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
		"order.placed", "tracking.moved", "promise.at_risk", "promise.broken", "promise.amended", "promise.reestimated",
		"remedy.granted", "lastmile.early_asked",
		"returns.accepted", "returns.deposited", "returns.received", "returns.decided", "returns.expiring", "returns.expired", "returns.dispute_settled",
		"payment.refunded", "promise.made",
	} {
		rs = append(rs, flow.Reaction{On: on, Name: "notify.Consider", Mode: flow.Later, Run: notify.Consider})
	}
	return rs
}
