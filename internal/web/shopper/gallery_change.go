package shopper

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
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
	}{
		{name: "change-locked", set: func(c *changing) { c.trusted = false }},
		{name: "change-offers", set: func(*changing) {}},
		{name: "change-wrong", set: func(*changing) {}, wrong: fault.New(fault.Conflict, "slot_full", "slot")},
		{name: "change-no-point", set: func(c *changing) { c.near = nil }},
		{name: "change-asked", set: became(lastmile.ChangeAsked)},
		{name: "change-accepted", set: became(lastmile.ChangeAccepted)},
		{name: "change-refused", set: became(lastmile.ChangeRefused)},
		{name: "change-unanswered", set: became(lastmile.ChangeUnanswered)},
		{name: "change-elsewhere", set: itself},
		{name: "change-away", set: itself},
		{name: "change-answered", set: func(c *changing) {
			became(lastmile.ChangeRefused)(c)
			c.asked[0].Said = "Pas de tournée ce jour-là."
		}},
		{name: "change-unpacked", set: nothing(lastmile.NotPacked)},
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
			p.Wrong = []wrong{{"", lang.Fault(loc, e.wrong)}}
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
		acting: acting{lived: lives(loc), who: shopper.Contact{Name: "Camille", Email: "camille@example.org"}, trusted: true}, where: "Lyon",
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
			{What: fact.LeaveSafe, Within: within},
			{What: fact.ToNeighbour, Within: within},
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
