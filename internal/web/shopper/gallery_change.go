package shopper

import (
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	orders "github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// ChangeGallery is the page on which a delivery is had otherwise, in each of its
// states, from invented data.
func ChangeGallery(loc lang.Locale) (all []ui.Exhibit) {
	for _, e := range []struct {
		name  string
		set   func(*changing)
		wrong *fault.Error
		reach *lastmile.Reach // of another door that was typed
	}{
		{name: "change-locked", set: func(c *changing) { c.trusted = false }},
		{name: "change-offers", set: func(*changing) {}},
		{name: "change-wrong", set: func(*changing) {}, wrong: fault.New(fault.Conflict, "slot_full", "slot")},
		{name: "change-no-point", set: func(c *changing) { c.near = nil }},
		{name: "change-asked", set: became(lastmile.ChangeAsked)},
		{name: "change-accepted", set: became(lastmile.ChangeAccepted)},
		{name: "change-refused", set: became(lastmile.ChangeRefused)},
		{name: "change-unanswered", set: became(lastmile.ChangeUnanswered)},
		{name: "change-door-known", set: func(c *changing) { c.book = []orders.Address{newDoor} }},
		{name: "change-door-wrong", set: func(*changing) {}, wrong: fault.New(fault.Invalid, "field_required", "address.street")},
		{name: "change-door-same-day", set: func(*changing) {}, reach: &lastmile.Reach{To: newDoor, Zone: "Europe/Paris"}},
		{name: "change-door-other-day", set: func(*changing) {}, reach: &lastmile.Reach{
			To: newDoor, Zone: "Europe/Paris", Window: civil.Window{Until: dayAfter(3)}, Dearer: eur(250),
		}},
		{name: "change-door-at-once", set: unpacked, reach: &lastmile.Reach{To: newDoor, Zone: "Europe/Paris"}},
		{name: "change-door-asked", set: wants(fact.Readdress, lastmile.ChangeAsked)},
		{name: "change-door-unproved", set: func(c *changing) {
			wants(fact.Readdress, lastmile.ChangeAsked)(c)
			c.trusted = false
		}},
		{name: "change-door-done", set: func(c *changing) {
			wants(fact.Readdress, lastmile.ChangeAccepted)(c)
			c.asked[0].Parcel = ""
		}},
		{name: "change-door-day", set: func(c *changing) {
			wants(fact.Readdress, lastmile.ChangeAccepted)(c)
			c.asked[0].Wanted = fact.Wanted{Until: dayAfter(3)}
		}},
		{name: "change-cancelled", set: func(c *changing) {
			wants(fact.CallBack, lastmile.ChangeAccepted)(c)
			nothing(lastmile.NotOver)(c)
			c.refund = dayAfter(14)
		}},
		{name: "change-cancel-refused", set: wants(fact.CallBack, lastmile.ChangeRefused)},
		{name: "change-cancel-unanswered", set: wants(fact.CallBack, lastmile.ChangeUnanswered)},
		{name: "change-closed-days", set: func(c *changing) {
			today := c.Now.Day(c.Zone)
			c.can.Offers = []lastmile.ChangeOffer{{What: fact.Reschedule, Within: time.Hour, Days: []civil.Day{today + 4, today + 5}, Closed: []civil.Day{today + 2, today + 3}}}
			c.can.Not = []lastmile.ChangeNot{{What: fact.CallBack, Why: lastmile.NotLawful}}
		}},
		{name: "change-elsewhere", set: itself},
		{name: "change-away", set: itself},
		{name: "change-answered", set: func(c *changing) {
			became(lastmile.ChangeRefused)(c)
			c.asked[0].Said = "Pas de tournée ce jour-là."
		}},
		{name: "change-unpacked", set: unpacked},
		{name: "change-over", set: nothing(lastmile.NotOver)},
		{name: "change-settled", set: nothing(lastmile.NotSettled)},
		{name: "change-several", set: nothing(lastmile.NotAlone)},
		{name: "change-collected", set: nothing(lastmile.NotPoint)},
		{name: "change-carrier", set: nothing(lastmile.NotCarrier)},
	} {
		c := movable(loc)
		e.set(&c)
		p := c.changePage()
		p.Key = "key"
		if e.name == "change-away" {
			p.Elsewhere = c.can.Page
		}
		if e.wrong != nil {
			said := *e.wrong
			said.Field = strings.TrimPrefix(said.Field, "address.")
			p.Wrong = []wrong{{doorField(e.wrong), lang.Fault(loc, &said)}}
			if doorField(e.wrong) != "" {
				p.retype(orders.Address{Name: newDoor.Name, Postcode: newDoor.Postcode}, "")
			}
		}
		if e.reach != nil {
			p.Check = c.checkDoor("", *e.reach)
		}
		all = append(all, ui.Exhibit{Name: e.name, Page: changeView(p)})
	}
	for _, e := range orderChanges {
		p := lives(loc, e.set).page()
		p.Scripts = nil
		all = append(all, ui.Exhibit{Name: e.name, Page: order(p)})
	}
	return all
}

// itself is a carrier that takes changes on its own page.
func itself(c *changing) {
	c.can = lastmile.Possible{Why: lastmile.NotHere, Page: "https://colis.example/6A1", Connection: c.can.Connection}
}

// nothing is that nothing can be changed, and why.
func nothing(why lastmile.WhyNot) func(*changing) {
	return func(c *changing) { c.can = lastmile.Possible{Why: why} }
}

// newDoor is where the parcel is wanted instead.
var newDoor = orders.Address{Name: "Camille Durand", Street: "12 rue Neuve", Extra: "2e étage", Postcode: "69008", City: "Lyon", Country: "FR"}

// unpacked is an order of which no carrier has anything.
func unpacked(c *changing) {
	c.parcels = nil
	c.can = lastmile.Possible{Why: lastmile.NotPacked, Connection: c.can.Connection, Offers: []lastmile.ChangeOffer{{What: fact.Readdress, AtOnce: true}}}
}

// wants is another door, or none at all, and what came of it.
func wants(what fact.ChangeKind, s lastmile.ChangeState) func(*changing) {
	return func(c *changing) {
		became(s)(c)
		c.asked[0].What, c.asked[0].Wanted, c.asked[0].Parcel = what, fact.Wanted{}, "par_1"
		c.asked[0].Reason = fact.ChangeImpossible
		if what == fact.Readdress {
			c.asked[0].To = newDoor
		}
	}
}

// orderChanges are the order's page, where something was asked for.
var orderChanges = []struct {
	name string
	set  set
}{
	{"change-order-asked", func(d *lived) {
		d.wished = []lastmile.Change{{State: lastmile.ChangeAsked, AnswerBy: d.Now.Add(20 * time.Minute)}}
		d.happened(8, fact.ChangeAsked{Change: fact.Change{What: fact.Reschedule}})
	}},
	{"change-order-page", func(d *lived) {
		d.mutable = lastmile.Possible{Page: "https://colis.example/6A1", Connection: carrier.Connection{Name: "Colis Express"}}
		d.happened(8, fact.ChangeElsewhere{})
	}},
	{"change-order-history", func(d *lived) {
		d.mutable = lastmile.Possible{Offers: []lastmile.ChangeOffer{{What: fact.Reschedule, Until: d.Now.Add(time.Hour)}}}
		of := fact.Change{What: fact.Reschedule}
		d.happened(7, fact.ChangeRefused{Change: of})
		d.happened(7, fact.ChangeUnanswered{Change: of})
		d.happened(8, fact.ChangeAccepted{Change: of})
	}},
}

// movable is an order about which everything can be asked.
func movable(loc lang.Locale) changing {
	c := changing{
		acting: acting{lived: lives(loc, sent(fact.InTransit)), who: shopper.Contact{Name: "Camille", Email: "camille@example.org"}, trusted: true}, where: "Lyon",
		points: map[ident.Point]relay.Point{},
	}
	today := c.Now.Day(c.Zone)
	var slots []lastmile.Slot
	for hour := 8; hour < 16; hour += 2 {
		from := (today + 1).Start(c.Zone).Add(time.Duration(hour) * time.Hour)
		slots = append(slots, lastmile.Slot{From: from, Until: from.Add(2 * time.Hour)})
	}
	within, until := 30*time.Minute, c.Now.Add(3*time.Hour)
	c.can = lastmile.Possible{
		Connection: carrier.Connection{ID: "con_1", Name: "Livreurs Bellecour"},
		Offers: []lastmile.ChangeOffer{
			{What: fact.Reschedule, Until: until, Within: within, Slots: slots},
			{What: fact.Redirect, Until: until, Within: within, Days: []civil.Day{today + 1}},
			{What: fact.Readdress, Until: until, Within: within},
			{What: fact.LeaveSafe, Within: within},
			{What: fact.ToNeighbour, Within: within},
			{What: fact.CallBack, Until: until, Within: within},
		},
		Not: []lastmile.ChangeNot{
			{What: fact.HoldBack, Why: lastmile.NotRoom},
			{What: fact.Redirect, Why: lastmile.NoPoints},
			{What: fact.Reschedule, Why: lastmile.NotLate},
			{What: fact.LeaveSafe, Why: lastmile.NotOut},
		},
	}
	counter := relay.Point{
		ID: "pnt_1", Name: "Tabac de la Gare", Street: "3 rue de la Gare", Postcode: "69002", City: "Lyon", Country: "FR",
		Zone: "Europe/Paris", Located: relay.Exact, At: geo.Point{Lat: 45.75, Lon: 4.83},
	}
	c.near = []relay.Found{{Point: &counter, Metres: 430}}
	c.carriers = map[ident.Connection]carrier.Connection{"con_1": c.can.Connection}
	return c
}

// became is a change to another slot, and what came of it.
func became(s lastmile.ChangeState) func(*changing) {
	return func(c *changing) {
		slot := c.can.Offers[0].Slots[1]
		c.asked = []lastmile.Change{{
			ID: "chg_1", Connection: "con_1", What: fact.Reschedule, State: s, Reason: fact.ChangeFull,
			Wanted: fact.Wanted{From: slot.From, Until: slot.Until, Slot: true},
			Asked:  c.Now.Add(-10 * time.Minute), AnswerBy: c.Now.Add(20 * time.Minute), Changed: c.Now,
		}}
	}
}
