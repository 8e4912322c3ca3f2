package shopper

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// pickup is the point that the shopper chose, until the parcel is in hand.
type pickup struct {
	Name    string // empty: there is nothing to say
	Address string
	Hours   []string // of the days on which it may be fetched
	Gone    string   // the point is there no more
}

// hoursAhead is of how many days the hours are told.
const hoursAhead = 4

// pickup tells where to go. A parcel that waits at a counter says so itself.
func (d *lived) pickup() (p pickup) {
	if d.point.ID == "" || len(d.waiting) > 0 || d.order.State != orders.Placed || d.fetched() {
		return p
	}
	p = pickup{Name: d.point.Name, Address: d.point.Address()}
	if !d.point.Gone.IsZero() {
		p.Gone = d.T("order_page.point_gone", nil)
		return p
	}
	zone, err := civil.Zone(d.point.Zone)
	if err != nil || !d.point.Hours.Said() {
		return p
	}
	first := d.Now.Day(zone)
	if d.delivery.Origin != promise.FromLaw {
		first = max(first, (d.delivery.Until - 1).Day(zone)) // nobody need go there before
	}
	for day := first; day < first+hoursAhead; day++ {
		p.Hours = append(p.Hours, d.T("order_page.point_hours", map[string]any{"Day": d.Day(day), "Hours": ui.Hours(d.Locale, d.point.Hours, day)}))
	}
	return p
}

// fetched reports whether all that was sent is in the shopper's hands.
func (d *lived) fetched() bool {
	for _, p := range d.outgoing() {
		if !d.stories[p.ID].Clocks.InHand.Known() {
			return false
		}
	}
	return d.packed
}

// bound is the town that the parcels go to.
func (d *lived) bound() string {
	city := d.order.Ship.City
	if d.point.ID != "" {
		city = d.point.City
	}
	return d.T("order_page.bound_for", map[string]any{"City": city})
}

// atPoint is a point that the shopper of an exhibit chose.
func atPoint(gone civil.Instant) set {
	return func(d *lived) {
		hours, err := civil.ParseHours("hours", "Mo-Fr 07:00-13:00,15:00-19:00; Sa 08:00-12:30; PH off")
		if err != nil {
			panic(err) // it is written in this line
		}
		d.delivery.Collect = true
		d.point = relay.Point{
			ID: "pnt_1", Name: "Tabac du Port", Street: "3 quai Carnot", Postcode: "29900", City: "Concarneau", Zone: "Europe/Paris", Hours: hours, Gone: gone,
		}
	}
}
