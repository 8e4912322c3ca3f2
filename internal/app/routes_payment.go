package app

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/payment/offline"
	"github.com/promesse-dev/promesse/internal/payment/stripe"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// paymentRoutes say what follows for money: a decision is refused when it can
// not be paid, and a cancelled order gives its credit back.
func paymentRoutes() []flow.Reaction {
	return []flow.Reaction{
		{
			On: "returns.decided", Name: "payment.Pay", Mode: flow.Must, Run: payment.Pay,
			Emits: []fact.Kind{"payment.refund_ordered", "payment.credit_given"},
		},
		{On: "order.cancelled", Name: "payment.GiveBack", Mode: flow.May, Run: payment.GiveBack, Emits: []fact.Kind{"payment.credit_given"}},
	}
}

// paymentSweeps are its deadlines.
func paymentSweeps() []flow.Sweep { return []flow.Sweep{payment.Looks()} }

// refunders are the payment providers. address is that of a server that speaks
// Stripe's language, and empty for Stripe's own.
func refunders(out *egress.Client, address string, wall func() civil.Instant) map[payment.Provider]payment.Refunder {
	return map[payment.Provider]payment.Refunder{
		payment.Offline: offline.Provider{},
		payment.Stripe:  stripe.New(out, stripe.Options{URL: address, Wall: wall}),
	}
}

// paymentErrand carries refunds out.
func paymentErrand(f *flow.Flow, v *vault.Vault, providers map[payment.Provider]payment.Refunder) flow.Errander {
	return payment.Desk{Flow: f, Vault: v, Providers: providers}.Executor()
}

// notices are the readers of what payment providers say by themselves.
func notices() map[payment.Provider]payment.ReadNotice {
	return map[payment.Provider]payment.ReadNotice{payment.Stripe: stripe.ReadNotice}
}
