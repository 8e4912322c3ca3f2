package demo

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// trade is what a shop is like: where it stands, what it sells and to whom.
type trade struct {
	slug     string
	name     string
	prefix   string // of its references and parcel numbers
	postcode string // of its stock
	cutoff   int    // local minute of the day
	collect  int    // local minute at which the carrier's van comes
	open     civil.Weekdays
	fee      int64   // delivery to France, in cents
	feeBE    int64   // to Belgium
	freeFrom int64   // basket from which delivery to France is free; 0 is never
	target   float64 // probability its quotes aim at
	english  float64 // share of its customers who read English
	goods    []article
}

// article is something on the shelf; price in cents, weight in grams.
type article struct {
	sku, name string
	price     int64
	grams     int
}

// trades are the demo's shops, by slug.
var trades = map[string]trade{
	"epicerie-bellecour": {
		slug: "epicerie-bellecour", name: "Épicerie Bellecour", prefix: "EB", postcode: "69002",
		cutoff: 16 * 60, collect: 17*60 + 30, open: civil.MondayToSaturday,
		fee: 590, feeBE: 990, freeFrom: 6000, target: 0.90, english: 0.05,
		goods: []article{
			{"HUI-050", "Huile d'olive de Nyons AOP, 50 cl", 1490, 980},
			{"MIE-500", "Miel de lavande de Provence, 500 g", 1180, 690},
			{"CAF-250", "Café des Hauts de Bolaven, grains, 250 g", 890, 270},
			{"CHO-100", "Chocolat noir 72 %, tablette de 100 g", 560, 120},
			{"PRA-300", "Pralines roses de Lyon, 300 g", 940, 330},
			{"LEN-500", "Lentilles vertes du Puy AOP, 500 g", 480, 520},
			{"MOU-200", "Moutarde de Dijon à l'ancienne, 200 g", 390, 380},
			{"TER-180", "Terrine de campagne au poivre, 180 g", 650, 330},
			{"CON-370", "Confiture d'abricots du Roussillon, 370 g", 620, 610},
			{"SEL-250", "Fleur de sel de Guérande, 250 g", 720, 280},
			{"THE-100", "Thé Earl Grey bleu, boîte de 100 g", 1250, 210},
			{"SAR-115", "Sardines à l'huile d'olive, 115 g", 540, 160},
			{"PAN-001", "Panier gourmand lyonnais", 4900, 3200},
			{"SIR-070", "Sirop de verveine du Velay, 70 cl", 1090, 1250},
		},
	},
	"librairie-du-port": {
		slug: "librairie-du-port", name: "Librairie du Port", prefix: "LP", postcode: "44000",
		cutoff: 12 * 60, collect: 16 * 60, open: civil.MondayToFriday,
		fee: 390, feeBE: 690, target: 0.85, english: 0.30,
		goods: []article{
			{"LIV-0101", "Atlas des côtes de Bretagne", 3200, 1450},
			{"LIV-0102", "Petit traité des marées", 1290, 240},
			{"LIV-0103", "Les phares de l'Atlantique", 2750, 980},
			{"LIV-0104", "Le Comte de Monte-Cristo, tome 1", 980, 520},
			{"LIV-0105", "Le Comte de Monte-Cristo, tome 2", 980, 540},
			{"LIV-0106", "Vingt mille lieues sous les mers", 790, 380},
			{"LIV-0107", "Moby-Dick (in English)", 1150, 460},
			{"LIV-0108", "Three Men in a Boat (in English)", 890, 220},
			{"LIV-0109", "Cuisine des îles du Ponant", 2490, 870},
			{"LIV-0110", "Contes du vieux port, album jeunesse", 1450, 410},
			{"PAP-0201", "Carnet marin, papier ligné", 1190, 260},
			{"PAP-0202", "Affiche Nantes 1900, roulée", 1800, 320},
			{"JEU-0301", "Jeu de cartes des nœuds", 1390, 180},
		},
	},
}

// The one carrier of this world, and what it speaks: only app knows adapters by
// more than their names.
const (
	carrierName = "Colis Express"
	adapter     = "simulated"
)

// zone is where the clocks of both shops and of the carrier hang.
func (trade) zone() *time.Location { return paris }

var paris = func() *time.Location {
	loc, err := civil.Zone("Europe/Paris")
	if err != nil {
		panic(err) // the zones are compiled in
	}
	return loc
}()

// calendars are the days on which shop and carrier work.
type calendars struct{ shop, carrier *civil.Calendar }

func calendarsOf(t trade) calendars {
	return calendars{
		shop:    civil.NewCalendar(civil.CalendarSpec{Open: t.open, Region: civil.RegionOf("FR", t.postcode)}),
		carrier: civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"}),
	}
}

// cutoffs are the trade's, as the shop's stock point has them.
func (t trade) cutoffs() civil.Cutoffs {
	c := civil.Cutoffs{Zone: t.zone()}
	for weekday := range c.Minute {
		if t.open.Has(time.Weekday(weekday)) {
			c.Minute[weekday] = t.cutoff
		}
	}
	return c
}
