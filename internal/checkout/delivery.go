package checkout

import (
	"cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/promise"
)

// Delivery is a delivery promise as the last mile asks for it, which knows no
// promises. zone is the shop's, for an order that nobody promised anything about.
func Delivery(c promise.Commitment, zone string, now civil.Instant) lastmile.Delivery {
	return lastmile.Delivery{
		Window: civil.Window{From: c.From, Until: c.Until}, Zone: cmp.Or(c.Zone, zone),
		Slot: c.Owed == fact.DeliverInSlot, Open: c.State == fact.Open && now < c.Until, Stock: c.Stock,
	}
}
