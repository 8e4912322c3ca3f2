package returns

import (
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// WarehouseOf is where a merchant's returned articles go; the zero Place when
// nobody said.
func WarehouseOf(tx *db.Tx, m ident.Merchant) (geo.Place, error) {
	c, err := ConditionsOf(tx, m)
	if err != nil {
		return geo.Place{}, err
	}
	return warehouse(tx, m, c)
}

// Footprint is what a parcel of so many grams emits on a way back: when the
// shopper walks to the counter, and when they drive there for it alone. Where the
// distance is not known the model's mean journey is taken.
func Footprint(f carbon.Factors, r fact.Route, from, to geo.Place, grams int) (low, high carbon.Grams) {
	s := carbon.Shipment{Mass: carbon.Grams(grams), Mode: modes[r]}
	if metres, ok := from.Metres(to); ok {
		s.DistanceKm = metres / 1000
	}
	if from.Zone() == geo.Overseas && to.Zone() != geo.Overseas {
		s.Haul = carbon.Sea
	}
	return f.Range(s)
}
