package demo

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
)

// fleet is a shop's own couriers: they come by appointment, each zone with its
// own week.
type fleet struct {
	slug     string // of its planning's address
	name     string // of the account
	letters  string // of its parcel numbers
	grams    int
	fee      int64 // in cents
	freeFrom int64
	open     civil.Weekdays
	slots    [][2]int      // hours of a day
	closes   time.Duration // before a slot
	by       carbon.Mode
	zones    []zone
}

// zone is where some of the couriers go.
type zone struct {
	slug      string
	name      string // of the service
	postcodes []string
	capacity  int // orders a slot
}

// courierAdapter is what couriers' apps speak.
const courierAdapter = "ownfleet"

// bellecour are the grocer's couriers.
var bellecour = &fleet{
	slug: "livreurs-bellecour", name: "Livreurs Bellecour", letters: "TB", grams: 40_000, fee: 490, freeFrom: 9000,
	open: civil.MondayToSaturday, slots: [][2]int{{8, 10}, {10, 12}, {14, 16}, {16, 18}, {18, 20}}, closes: 3 * time.Hour, by: carbon.Home,
	zones: []zone{
		{"livreurs-paris", "Nos livreurs, Paris et Île-de-France", []string{"75", "77", "78", "91", "92", "93", "94", "95"}, 8},
		{"livreurs-lyon", "Nos livreurs, Lyon et sa banlieue", []string{"69"}, 8},
		{"livreurs-pau", "Nos livreurs, Pau", []string{"64000"}, 4},
		{"livreurs-anglet", "Nos livreurs, Anglet", []string{"64600"}, 4},
	},
}

// aubepin are two people who carry a sofa up the stairs.
var aubepin = &fleet{
	slug: "livraison-a-deux", name: "Livraison à deux", letters: "TA", grams: 150_000, fee: 5900, freeFrom: 150000,
	open: civil.MondayToFriday, slots: [][2]int{{8, 10}, {10, 12}, {14, 16}, {16, 18}}, closes: 20 * time.Hour, by: carbon.Home,
	zones: []zone{
		{"a-deux-est", "Livraison à deux, sur rendez-vous, Franche-Comté et Alsace", []string{"25", "39", "70", "90", "67", "68"}, 3},
		{"a-deux-paris", "Livraison à deux, sur rendez-vous, Paris", []string{"75", "92", "93", "94"}, 3},
	},
}

// connection is the shop's account with its own couriers. They say at once what
// they did: half an hour is grace enough.
func (f *fleet) connection() carrier.Connection {
	return carrier.Connection{
		Adapter: courierAdapter, Name: f.name, Grace: 30 * time.Minute, StallAfter: 72 * time.Hour, Zone: paris.String(), Inquiries: f.planning(),
	}
}

// service is what the couriers of a zone do.
func (f *fleet) service(c ident.Connection, z zone) carrier.Service {
	return carrier.Service{
		Connection: c, Name: z.name, Mode: carrier.Slot, Countries: []string{"FR"}, Postcodes: z.postcodes,
		Limits: carrier.Limits{MaxGrams: f.grams}, Collects: f.open, Delivers: f.open, Region: "FR", LastMile: f.by,
	}
}

// grid is the week of a zone.
func (f *fleet) grid(s ident.Service, z zone) lastmile.Grid {
	g := lastmile.Grid{Service: s, Since: civil.NoDay}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if !f.open.Has(d) {
			continue
		}
		for _, hours := range f.slots {
			g.Windows = append(g.Windows, lastmile.GridWindow{
				Weekday: d, FromMinute: hour(hours[0]), UntilMinute: hour(hours[1]), Capacity: z.capacity, CloseBefore: f.closes,
			})
		}
	}
	return g
}

// drives reports whether a carrier of the shop's is one of its own couriers.
func (f *fleet) drives(slug string) bool {
	if f == nil {
		return false
	}
	for _, z := range f.zones {
		if z.slug == slug {
			return true
		}
	}
	return false
}
