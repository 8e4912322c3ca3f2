package ownfleet

import (
	"context"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/egress"
)

// Couriers fetch parcels at the shopper's door, those too that no relay takes.
// Their labels are drawn here, and nobody is called: the shop's own planning hears
// by webhook of the day (returns.pickup_set), and of another one under the same
// label.
type Couriers struct{}

// mostGrams is what two people carry on a hand truck, and no rule of anybody's.
const mostGrams = 200_000

// Offer is every format, at the door. What a shop carries itself nobody insures.
func (Couriers) Offer(_ carrier.Account, r fact.Route, _ string) (carrier.Offer, bool) {
	return carrier.Offer{Formats: carrier.LabelFormats, MaxGrams: mostGrams, MaxInsured: money.Of(0, money.EUR)}, r == fact.BackByPickup
}

// AccountFields is the name under which the shop's couriers go.
func (Couriers) AccountFields() []carrier.AccountField {
	return []carrier.AccountField{{Name: "name", Required: true}}
}

// Label draws a label. The error is a final Refusal when nothing can be drawn.
func (Couriers) Label(_ context.Context, _ *egress.Client, c carrier.Connection, _ carrier.Account, r carrier.LabelRequest) (carrier.Issued, error) {
	return carrier.Drawn(c, "ENL", r)
}

// Void is heard: the planning hears of it as returns.cancelled.
func (Couriers) Void(context.Context, *egress.Client, carrier.Connection, carrier.Account, string) error {
	return nil
}
