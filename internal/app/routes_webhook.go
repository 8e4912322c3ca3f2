package app

import (
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/webhook"
)

// webhookRoutes write what sellers' systems will hear, beside the fact itself: one
// indexed read where nobody listens. What fails is parked, and holds nothing up.
func webhookRoutes() (rs []flow.Reaction) {
	for _, on := range webhook.Kinds {
		rs = append(rs, flow.Reaction{On: on, Name: "webhook.Write", Mode: flow.May, Run: webhook.Write})
	}
	return rs
}

// webhookSweeps are its deadlines.
func webhookSweeps() []flow.Sweep { return []flow.Sweep{webhook.Retries()} }

// webhookErrand sends.
func webhookErrand(o webhook.Office) flow.Errander { return o.Sender() }
