package checkout

import (
	"cmp"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
)

// Delivery is a delivery promise as the last mile asks for it, which knows neither
// promises nor incidents: c is what is promised of an order, empty when nothing is.
func Delivery(tx *db.Tx, shop merchant.Organisation, o order.Order, c promise.Commitment) (d lastmile.Delivery, err error) {
	d = lastmile.Delivery{
		Zone: cmp.Or(c.Zone, shop.Zone), Slot: c.Owed == fact.DeliverInSlot, Open: c.State == fact.Open && tx.Now < c.Until, Stock: c.Stock,
	}
	d.From, d.Until = c.From, c.Until
	to, err := geo.NewPlace(o.Ship.Country, o.Ship.Postcode)
	if err != nil || !d.Open {
		return d, nil // an order that was erased goes nowhere
	}
	all, err := promise.Current(tx, shop.ID)
	closed := promise.Closed(all, promise.Course{Service: cmp.Or(o.Service, c.Service), Stock: c.Stock, To: to})
	if d.Closed = closed.Delivers; d.Slot {
		d.Closed = slices.Concat(closed.Works, closed.Delivers)
	}
	return d, err
}
