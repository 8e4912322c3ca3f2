package relay

import (
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlKeep = `insert into relay_favourite (merchant, shopper, point, since) values ($1, $2, $3, $4)
		on conflict (merchant, shopper, point) do nothing`
	sqlDrop       = `delete from relay_favourite where merchant = $1 and shopper = $2 and point = $3`
	sqlFavourites = `select point from relay_favourite where merchant = $1 and shopper = $2 order by since desc, point limit $3`
)

// MaxFavourites is how many points a shopper can have kept: more are no choice.
const MaxFavourites = 20

// Favour keeps a point to be shown first to a shopper, or no longer. Saying it
// again changes nothing. The faults are not_found for a point there is not, or
// another's store, and favourites_full.
func Favour(tx *flow.Tx, m ident.Merchant, s ident.Shopper, id ident.Point, kept bool) error {
	p, err := Get(tx.Tx, id)
	if err != nil {
		return err
	}
	if o := p.Owner(); o != "" && o != m {
		return fault.New(fault.NotFound, "not_found", "point")
	}
	changed, err := favour(tx, m, s, id, kept)
	if err != nil || !changed {
		return err
	}
	return tx.Emit(m, string(s), string(s)+" "+string(id)+" "+strconv.FormatInt(int64(tx.Now), 10)+" "+strconv.FormatBool(kept),
		fact.FavouriteSet{Shopper: s, Point: id, Kept: kept})
}

func favour(tx *flow.Tx, m ident.Merchant, s ident.Shopper, id ident.Point, kept bool) (bool, error) {
	if !kept {
		return tx.Changed(sqlDrop, m, s, id)
	}
	all, err := Favourites(tx.Tx, m, s)
	if err != nil {
		return false, err
	}
	if len(all) >= MaxFavourites {
		return false, fault.New(fault.Conflict, "favourites_full", "point", "limit", MaxFavourites)
	}
	return tx.Changed(sqlKeep, m, s, id, tx.Now)
}

// Favourites are the points a shopper kept, the last one first.
func Favourites(tx *db.Tx, m ident.Merchant, s ident.Shopper) ([]ident.Point, error) {
	return db.All(tx, sqlFavourites, db.Scalar[ident.Point], m, s, MaxFavourites)
}
