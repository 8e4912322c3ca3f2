package promise

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// terrain is all that assessing looks at, read in one go.
type terrain struct {
	files
	fleet
	target float64 // of the merchant's promises
	orders map[ident.Order]order.Order
	stocks map[ident.StockPoint]merchant.StockPoint
}

func survey(tx *db.Tx, org merchant.Organisation, cs []Commitment) (t terrain, err error) {
	m := org.ID
	if t.files, err = filesOf(tx, m, cs); err != nil {
		return t, err
	}
	if t.fleet, err = fleetOf(tx, m); err != nil {
		return t, err
	}
	t.target = org.Target
	ids := make([]ident.Order, len(cs))
	for i, c := range cs {
		ids[i] = c.Order
	}
	if t.orders, err = order.Many(tx, m, ids); err != nil {
		return t, err
	}
	points, err := merchant.StockPoints(tx, m)
	t.stocks = map[ident.StockPoint]merchant.StockPoint{}
	for _, p := range points {
		t.stocks[p.ID] = p
	}
	return t, err
}

// way is the rest of the way of a parcel, or of goods that are in none yet.
type way struct {
	commitment Commitment
	road       Road
	outlook    Outlook
	by         ident.Incident // whose days it is reckoned without; empty: whatever it is reckoned without is how things are
	touched    bool           // some incident takes days from it
}

// under is what of a commitment has not arrived and an incident touches, reckoned
// without the days that it takes.
func (t terrain) under(c Commitment, now civil.Instant, cals *Calendars, i Incident) (ways []way) {
	for _, w := range t.ways(c, now, cals, []Incident{i}) {
		if w.touched {
			w.by = i.ID
			ways = append(ways, w)
		}
	}
	return ways
}

// ways is what of a commitment has not arrived, reckoned without the days that
// incidents take. Where no service is known there is nothing to reckon with, and no
// way.
func (t terrain) ways(c Commitment, now civil.Instant, cals *Calendars, incidents []Incident) (ways []way) {
	to, err := geo.NewPlace(t.orders[c.Order].Ship.Country, t.orders[c.Order].Ship.Postcode)
	if err != nil {
		return nil
	}
	for _, p := range t.counted(c) {
		if known(p.sighting.Done) {
			continue
		}
		if s, ok := t.services[p.parcel.Service]; ok {
			closed := Closed(incidents, Course{s.ID, c.Stock, to})
			ways = append(ways, t.way(c, s, to, now, closing{cals, closed}).with(p, t.zone(p.parcel.Connection)))
		}
	}
	if s, ok := t.services[c.Service]; ok && !t.packed[c.Order] {
		ways = append(ways, t.way(c, s, to, now, closing{cals, Closed(incidents, Course{s.ID, c.Stock, to})}))
	}
	for i := range ways {
		ways[i].outlook.Standard, _ = ways[i].road.Service.Days(to, ways[i].outlook.start())
	}
	return ways
}

// closing is calendars without the days that incidents take.
type closing struct {
	cals   *Calendars
	closed Closures
}

// way is the whole way, from the merchant's door.
func (t terrain) way(c Commitment, s carrier.Service, to geo.Place, now civil.Instant, on closing) way {
	zone := zoneOr(c.Zone, time.UTC)
	o := Outlook{
		Today: now.Day(zone), Last: (c.Until - 1).Day(zone), Until: c.Until,
		Handed: civil.NoDay, Seen: civil.NoDay, Delivers: on.cals.Delivering(s, on.closed.Delivers...), Target: t.target,
	}
	o.Handover = o.Today
	stock, known := t.stocks[c.Stock]
	if known && !c.HandoverBy.IsZero() {
		o.Handover = max(o.Today, (c.HandoverBy - 1).Day(zoneOr(stock.Zone, zone)))
	}
	collects := on.cals.Collecting(s, on.closed.Collects...)
	works := collects
	if known {
		works = on.cals.Working(stock, on.closed.Works...)
	}
	o.Handover = both(o.Handover, works, collects)
	return way{commitment: c, road: Road{s, carrier.LaneZone(to)}, outlook: o, touched: len(on.closed.By) > 0}
}

// with adds what the carrier told of the parcel.
func (w way) with(p counted, zone *time.Location) way {
	o := &w.outlook
	o.Status, o.Reason, o.Expected = p.story.Status, p.story.Reason, p.story.Expected
	if p.story.Clocks.HandedOver.Known() {
		o.Handed = dayOf(p.story.Clocks.HandedOver, zone)
	}
	if !p.story.LastScan.IsZero() {
		o.Seen = p.story.LastScan.Day(zone)
	}
	return w
}

// start is the day transit is counted from.
func (o Outlook) start() civil.Day {
	if o.Handed != civil.NoDay {
		return o.Handed
	}
	return o.Handover
}

// both is the first day on or after d that two calendars work; NoDay when none
// comes within a year.
func both(d civil.Day, a, b *civil.Calendar) civil.Day {
	for range 366 {
		d = b.Next(d)
		if d == civil.NoDay || a.Is(d) {
			return d
		}
		d = a.Next(d)
	}
	return civil.NoDay
}
