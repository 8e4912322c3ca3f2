package order

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// packing is how many units of a line are in a parcel.
type packing struct {
	parcel ident.Parcel
	line   ident.Line
	units  int
}

const (
	sqlContents = `select parcel, line, units from order_packed where merchant = $1 and parcel in ($2)`
	sqlShipped  = `select count(*) from order_parcel where merchant = $1 and id >= $2`
)

// Contents reads what was packed in parcels, in units by line. A parcel whose
// contents nobody told is not in the answer.
func Contents(tx *db.Tx, m ident.Merchant, parcels []ident.Parcel) (map[ident.Parcel]map[ident.Line]int, error) {
	rows, err := db.All(tx, sqlContents, scanPacking, m, db.In(parcels))
	if err != nil {
		return nil, err
	}
	of := map[ident.Parcel]map[ident.Line]int{}
	for _, p := range rows {
		if of[p.parcel] == nil {
			of[p.parcel] = map[ident.Line]int{}
		}
		of[p.parcel][p.line] = p.units
	}
	return of, nil
}

func scanPacking(r db.Row) (p packing, err error) {
	err = r.Scan(&p.parcel, &p.line, &p.units)
	return p, err
}

// Missable is how many units of each line the shopper may still say to miss:
// those in hand that nobody declared missing. Lines without any are not in it.
func Missable(tx *db.Tx, m ident.Merchant, o ident.Order) (map[ident.Line]int, error) {
	lines, err := db.All(tx, sqlStandings, scanStanding, m, o)
	if err != nil {
		return nil, err
	}
	a, _, err := db.One(tx, sqlArrivals, scanArrivals, m, o)
	units := map[ident.Line]int{}
	for _, l := range lines {
		if n := l.missable(a.untold > 0); n > 0 && a.parcels > 0 {
			units[l.line] = n
		}
	}
	return units, err
}

// Shipped is how many parcels a merchant announced since an instant.
func Shipped(tx *db.Tx, m ident.Merchant, since civil.Instant) (int, error) {
	first := ident.New[ident.Parcel](ident.NewMint(since, 0, zeros{})) // no id made since sorts before it
	n, _, err := db.One(tx, sqlShipped, db.Scalar[int], m, first)
	return n, err
}

// zeros is a source of nothing but zeros.
type zeros struct{}

// Read fills b with zeros.
func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
