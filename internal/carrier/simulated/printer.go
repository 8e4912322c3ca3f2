package simulated

import (
	"context"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Printer draws labels itself and calls nobody: it is the carrier of stories and
// benchmarks, in which nothing may wait for a network. It has no state; the
// number of a label is a function of its key.
type Printer struct{ Dispatcher }

// heaviest is what it takes: what relay networks take. dearest is the cover that
// can be bought, in cents.
const (
	heaviest = 30_000
	dearest  = 500_00
)

// Offer is every format, on every route that needs a label.
func (Printer) Offer(_ carrier.Account, r fact.Route, _ string) (carrier.Offer, bool) {
	ok := r == fact.BackByRelay || r == fact.BackByPost || r == fact.BackByPickup
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: heaviest, MaxInsured: money.Of(dearest, money.EUR), Points: true}, ok
}

// AccountFields is a name, by which nobody knows the merchant.
func (Printer) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "name", Required: true}}
}

// Label draws a label. The error is a final Refusal when nothing can be drawn.
func (Printer) Label(_ context.Context, _ *egress.Client, c carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	return carrier.Drawn(c, "SIM", r)
}

// Void is heard: there is nobody to tell.
func (Printer) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return nil
}
