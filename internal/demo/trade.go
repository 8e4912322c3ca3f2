package demo

import (
	_ "embed"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
)

// trade is how a shop of the catalogue works: when it sends, by whom, for how
// much, to whom, and how it makes good what went wrong.
type trade struct {
	catalogue.Shop
	share    int // of the world's orders
	cutoff   int // local minute of the day until which it says that it still sends
	van      int // local minute at which the carriers' vans really come
	open     civil.Weekdays
	hauls    []haul
	fleet    *fleet  // its own couriers; nil: it has none
	target   float64 // probability its quotes aim at
	english  float64 // share of its customers who read English
	articles int     // in a basket, at most
	quarters []share[[]town]
	policy   string // in CEL; empty: the one that promesse ships
	back     terms  // on which it takes things back; see comesBack
	staff    []worker
}

// worker is somebody who works for a shop.
type worker struct {
	set  merchant.Set
	name string
}

// haul is a carrier that a shop sends by, and what the shop asks for it, in cents.
type haul struct {
	by       *hauler
	fee      int64 // to France
	abroad   int64 // to Belgium; 0: it does not go there
	freeFrom int64 // basket from which delivery to France is free; 0 is never
}

// hour is an hour of the day as a local minute.
func hour(h int) int { return h * 60 }

// The policies of shops that wrote their own.
var (
	//go:embed maison-aubepin.cel
	byTheDay string
	//go:embed fleurs-du-canal.cel
	halfTheBouquet string
)

// trades are the demo's shops, by slug.
var trades = map[string]trade{
	"epicerie-bellecour": {
		share: 28, cutoff: hour(16), van: hour(17) + 30, open: civil.MondayToSaturday,
		hauls: []haul{{by: express, fee: 590, abroad: 990, freeFrom: 9000}}, fleet: bellecour,
		target: 0.90, english: 0.05, articles: 7, quarters: rounds,
		staff: []worker{{merchant.Owner, "Claire Vernay"}, {merchant.Agent, "Bastien Oriol"}},
	},
	"fil-et-saison": {
		share: 20, cutoff: hour(15), van: hour(17), open: civil.MondayToFriday,
		hauls: []haul{
			{by: flash, fee: 690, abroad: 990},
			{by: express, fee: 490, abroad: 790, freeFrom: 18000},
		},
		target: 0.95, english: 0.10, articles: 3, quarters: quarters,
		staff: []worker{{merchant.Owner, "Sophie Delattre"}, {merchant.Agent, "Yacine Haddad"}},
	},
	"maison-aubepin": {
		share: 8, cutoff: hour(11), van: hour(15), open: civil.MondayToFriday,
		hauls: []haul{
			{by: roulage, fee: 3900, freeFrom: 80000},
			{by: express, fee: 990, abroad: 1490, freeFrom: 80000},
		},
		fleet:  aubepin,
		target: 0.95, english: 0.04, articles: 2, quarters: quarters, policy: byTheDay,
		staff: []worker{{merchant.Owner, "Étienne Jacquot"}, {merchant.Agent, "Maud Pernin"}},
	},
	"librairie-du-port": {
		share: 20, cutoff: hour(12), van: hour(16), open: civil.MondayToFriday,
		hauls: []haul{
			{by: express, fee: 390, abroad: 690},
			{by: roulage, fee: 190, abroad: 490, freeFrom: 3500},
		},
		target: 0.85, english: 0.30, articles: 4, quarters: quarters,
		staff: []worker{{merchant.Owner, "Gaëlle Le Bihan"}, {merchant.Agent, "Tristan Moreau"}},
	},
	// Volt & Cie is wrong about itself: whoever orders at five is told "tomorrow",
	// and the van left at four.
	"volt-et-cie": {
		share: 14, cutoff: hour(18), van: hour(16), open: civil.MondayToSaturday,
		hauls: []haul{
			{by: express, fee: 590, abroad: 990, freeFrom: 30000},
			{by: flash, fee: 790},
		},
		target: 0.90, english: 0.12, articles: 2, quarters: quarters,
		staff: []worker{{merchant.Owner, "Karim Benaïm"}, {merchant.Agent, "Élodie Ferrand"}},
	},
	"fleurs-du-canal": {
		share: 10, cutoff: hour(14), van: hour(16), open: civil.MondayToSaturday,
		hauls:  []haul{{by: express, fee: 690, freeFrom: 7000}},
		target: 0.95, english: 0.08, articles: 2, quarters: quarters, policy: halfTheBouquet,
		staff: []worker{{merchant.Owner, "Marianne Costes"}, {merchant.Agent, "Luc Estève"}},
	},
}

// tradeOf is how the shop with a slug works.
func tradeOf(slug string) trade {
	t := trades[slug]
	t.Shop, _ = catalogue.Find(slug)
	t.back = comesBack[slug]
	return t
}

// paris is where the clocks of all shops and carriers hang.
var paris = func() *time.Location {
	loc, err := civil.Zone("Europe/Paris")
	if err != nil {
		panic(err) // the zones are compiled in
	}
	return loc
}()

// local is the instant at which the clocks of Paris show a minute of a day.
func local(day civil.Day, minute int) civil.Instant {
	y, m, d := day.Date()
	return civil.At(time.Date(y, m, d, 0, minute, 0, 0, paris))
}

// calendars are the days on which shop and carriers work.
type calendars struct{ shop, carrier *civil.Calendar }

func calendarsOf(t trade) calendars {
	return calendars{
		shop:    civil.NewCalendar(civil.CalendarSpec{Open: t.open, Region: civil.RegionOf(t.Country, t.Postcode)}),
		carrier: civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"}),
	}
}

// cutoffs are what the shop says of itself.
func (t trade) cutoffs() civil.Cutoffs {
	c := civil.Cutoffs{Zone: paris}
	for weekday := range c.Minute {
		if t.open.Has(time.Weekday(weekday)) {
			c.Minute[weekday] = t.cutoff
		}
	}
	return c
}

// address is the mailbox of somebody who works there.
func (t trade) address(p worker) string { return plain(p.name) + "@" + t.Slug + ".example" }
