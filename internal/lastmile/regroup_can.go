package lastmile

import (
	"cmp"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// lawDays is by when a delivery must be there whatever was asked: thirty days after
// the contract (Code de la consommation, article L216-1). The shopper could agree to
// more; what is arranged with other shops is no way to make them.
const lawDays = 30

// Candidate reads the delivery of an order as one that may come together with
// others. The fault is not_found at "order".
func (o *Office) Candidate(tx *db.Tx, m ident.Merchant, id ident.Order, d Delivery) (c Candidate, err error) {
	can, err := o.Can(tx, m, id, d)
	if err != nil {
		return c, err
	}
	if can.goods == nil {
		if can.goods, err = goodsOf(tx, m, id); err != nil {
			return c, err
		}
	}
	c = Candidate{
		closed:   d.Closed,
		Merchant: m, Order: id, Shopper: can.Order.Shopper, Point: can.Order.Point, Page: can.Page, Address: doorOf(can.Order.Ship),
		Grams: can.Grams(), Legal: can.Order.Placed.Day(can.zone) + lawDays, can: can,
	}
	c.Stay = Way{Day: (d.Until - 1).Day(can.zone), Window: d.Window, Slot: d.Slot}
	c.Shipment, err = shipmentOf(tx, m, can, d)
	if err != nil {
		return c, err
	}
	switch busy, err := busy(tx, m, id); {
	case err != nil:
		return c, err
	case can.Why == NotOver || can.Why == NotSettled || !d.Open:
		c.Why = cmp.Or(can.Why, NotSettled)
	case busy:
		c.Why = NotWaits
	}
	c.offers(tx.Now)
	return c, nil
}

// Plan is PlanAt by the office's factors.
func (o *Office) Plan(all []Candidate, at Spot, now civil.Instant) (Plan, error) {
	f := o.Factors
	if f.Method == "" {
		f = carbon.Default()
	}
	return PlanAt(all, at, now, f)
}

// offers is what its carrier can be asked for, to be done with others or not at all.
func (c *Candidate) offers(now civil.Instant) {
	c.DoorsNot, c.PointsNot = cmp.Or(c.can.Why, NotThatDay), cmp.Or(c.can.Why, NoPoints)
	for _, n := range c.can.Not {
		switch n.What {
		case fact.Reschedule:
			c.DoorsNot = n.Why
		case fact.Redirect:
			c.PointsNot = n.Why
		}
	}
	for _, o := range c.can.Offers {
		if !o.Holds {
			continue
		}
		c.Within = max(c.Within, o.Within)
		switch o.What {
		case fact.Reschedule, fact.HoldBack:
			c.Doors = append(c.Doors, c.can.brought(o)...)
		case fact.Redirect:
			c.Points, c.Networks = c.can.onDays(o, c.can.from(now, c.delivery())), o.Networks
		}
	}
	c.unheld()
}

// from is the days on which a parcel can be at a point, from that of its promise on.
func (p Possible) from(now civil.Instant, d Delivery) []civil.Day {
	days, _ := p.days(now, d, -1, daysOffered)
	return days
}

// unheld says of a carrier that can be asked, but not for this, that it can not.
func (c *Candidate) unheld() {
	for _, o := range c.can.Offers {
		switch {
		case o.Holds:
		case o.What == fact.Reschedule:
			c.DoorsNot = NotHeld
		case o.What == fact.Redirect:
			c.PointsNot = NotHeld
		}
	}
}

func (c *Candidate) delivery() Delivery {
	return Delivery{Window: c.Stay.Window, Slot: c.Stay.Slot, Zone: c.can.zone.String(), Open: true, Closed: c.closed}
}

// brought is the days of an offer; of the slots of a day the first.
func (p Possible) brought(o ChangeOffer) (ways []Way) {
	for _, s := range o.Slots {
		if n := len(ways); n == 0 || ways[n-1].Day != s.Day {
			ways = append(ways, Way{Day: s.Day, What: o.What, Window: civil.Window{From: s.From, Until: s.Until}, Slot: true, AskBy: o.Until})
		}
	}
	return append(ways, p.onDays(o, o.Days)...)
}

func (p Possible) onDays(o ChangeOffer, days []civil.Day) (ways []Way) {
	for _, day := range days {
		w := p.on(day)
		ways = append(ways, Way{Day: day, What: o.What, Window: civil.Window{From: w.From, Until: w.Until}, AskBy: o.Until})
	}
	return ways
}

// doorOf folds an address, so that one door is one text however it was typed.
func doorOf(a order.Address) string {
	place, err := geo.NewPlace(a.Country, a.Postcode)
	if err != nil {
		place = geo.Place{Country: a.Country, Postcode: a.Postcode}
	}
	return strings.Join([]string{geo.Fold(a.Street), place.Postcode, geo.Fold(a.City), place.Country}, "|")
}

// shipmentOf is the parcel on its way as it is, for its footprint.
func shipmentOf(tx *db.Tx, m ident.Merchant, can Possible, d Delivery) (carbon.Shipment, error) {
	s := carbon.Shipment{Mass: carbon.Grams(can.Grams()), Mode: cmp.Or(can.Service.LastMile, carbon.Home)}
	if can.Order.Point != "" {
		s.Mode = carbon.Relay
	}
	stocks, err := merchant.StockPoints(tx, m)
	if err != nil {
		return s, err
	}
	to, err := geo.NewPlace(can.Order.Ship.Country, can.Order.Ship.Postcode)
	if err != nil {
		return s, nil // nobody knows how far: the model's mean journey is taken
	}
	for _, stock := range stocks {
		from, err := geo.NewPlace(stock.Country, stock.Postcode)
		if stock.ID != d.Stock || err != nil {
			continue
		}
		if metres, ok := from.Metres(to); ok {
			s.DistanceKm = metres / 1000
		}
		if from.Zone() != geo.Overseas && to.Zone() == geo.Overseas {
			s.Haul = carbon.Sea
		}
	}
	return s, nil
}
