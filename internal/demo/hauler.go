package demo

import (
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// hauler is a carrier of this world: what it says of itself, and what it does.
type hauler struct {
	slug    string // in the agenda and in the demo's tables
	name    string
	service string // what it sells
	letters string // of its parcel numbers
	grams   int    // of a parcel, at most
	near    tempo  // to agglomerations
	far     tempo  // to everywhere else
	words   []share[telling]
	batch   float64 // share of parcels whose scans are told together, in the evening
}

// tempo is how many working days a carrier says that it takes, and how many it takes.
type tempo struct {
	says  int
	takes []share[int]
}

// adapter is what all of them speak. Only app knows adapters by more than their names.
const adapter = "simulated"

// express does what it says.
var express = &hauler{
	slug: "colis-express", name: "Colis Express", service: "Colis Express à domicile", letters: "CX", grams: 30_000,
	near: tempo{1, []share[int]{{1, 1}}}, far: tempo{2, []share[int]{{2, 1}}},
	words: []share[telling]{{orderly, 760}, {delayed, 60}, {doubled, 60}, {shuffled, 30}, {untimely, 60}, {stuttered, 30}},
	batch: 0.12,
}

// roulage is slow, and says so; what it does not say is how long its tail is.
var roulage = &hauler{
	slug: "roulage-du-centre", name: "Roulage du Centre", service: "Roulage du Centre, livraison économique", letters: "RC", grams: 90_000,
	near: tempo{2, []share[int]{{2, 70}, {3, 14}, {4, 7}, {5, 4}, {7, 3}, {9, 2}}},
	far:  tempo{3, []share[int]{{3, 68}, {4, 15}, {5, 8}, {6, 4}, {8, 3}, {11, 2}}},
	words: []share[telling]{
		{orderly, 40}, {delayed, 30}, {doubled, 10}, {shuffled, 10}, {untimely, 5}, {stuttered, 5},
	},
	batch: 0.6,
}

// flash says "tomorrow" and means the day after, or the one after that.
var flash = &hauler{
	slug: "flash-24", name: "Flash 24", service: "Flash 24, demain chez vous", letters: "FL", grams: 20_000,
	near: tempo{1, []share[int]{{1, 4}, {2, 62}, {3, 34}}},
	far:  tempo{1, []share[int]{{2, 48}, {3, 52}}},
	words: []share[telling]{
		{orderly, 70}, {delayed, 5}, {doubled, 15}, {shuffled, 3}, {untimely, 2}, {stuttered, 5},
	},
	batch: 0.05,
}

// haulers are the carriers of parcels, by slug.
var haulers = map[string]*hauler{express.slug: express, roulage.slug: roulage, flash.slug: flash}

// tempo is how fast it says that it is to a place, and how fast it is.
func (h *hauler) tempo(near bool) tempo {
	if near {
		return h.near
	}
	return h.far
}

// connection is a shop's account with it.
func (h *hauler) connection() carrier.Connection {
	return carrier.Connection{
		Adapter: adapter, Name: h.name, Grace: 6 * time.Hour, StallAfter: 48 * time.Hour, Zone: paris.String(), Inquiries: h.desk(),
	}
}

// sells is its one service: to the door, Monday to Saturday.
func (h *hauler) sells(c ident.Connection, abroad bool) carrier.Service {
	s := carrier.Service{
		Connection: c, Name: h.service, Mode: carrier.Home, Countries: []string{"FR"}, Limits: carrier.Limits{MaxGrams: h.grams},
		Collects: civil.MondayToSaturday, Delivers: civil.MondayToSaturday, Region: "FR", LastMile: carbon.Home,
		Standards: []carrier.Standard{
			{Class: carrier.InAgglomeration, Country: "FR", Days: h.near.says, Since: civil.NoDay, Until: civil.NoDay},
			{Country: "FR", Days: h.far.says, Since: civil.NoDay, Until: civil.NoDay},
		},
	}
	if abroad {
		s.Countries = append(s.Countries, "BE")
		s.Standards = append(s.Standards, carrier.Standard{Country: "BE", Days: h.far.says, Since: civil.NoDay, Until: civil.NoDay})
	}
	return s
}
