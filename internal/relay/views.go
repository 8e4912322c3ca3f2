package relay

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Get reads a point, gone or not: a parcel may have waited there. The fault is
// not_found.
func Get(tx *db.Tx, id ident.Point) (Point, error) {
	return found(db.One(tx, sqlByID, scanPoint, id))
}

// ByCode reads the point that a network calls so, gone or not. The fault is
// not_found.
func ByCode(tx *db.Tx, network, code string) (Point, error) {
	return found(db.One(tx, sqlByCodes, scanPoint, network, db.In([]string{code})))
}

func found(r pointRow, ok bool, err error) (Point, error) {
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "not_found", "point")
	}
	return r.Point, err
}

// Listed reports whether a network has any point that is there.
func Listed(tx *db.Tx, network string) (bool, error) {
	_, ok, err := db.One(tx, sqlAnyOf, db.Scalar[ident.Point], network)
	return ok, err
}

// List reads the points of a network by code, gone or not, those after a code.
func List(tx *db.Tx, network, after string, limit int) ([]Point, error) {
	rows, err := db.All(tx, sqlOfNetwork, scanPoint, network, after, limit)
	points := make([]Point, len(rows))
	for i, r := range rows {
		points[i] = r.Point
	}
	return points, err
}

// Network is what is known of a network's list.
type Network struct {
	Name    string
	Points  int           // that are there
	Exact   int           // of which it said the position
	Unsaid  int           // of which it said no opening hours
	Seen    civil.Instant // when it last named one
	IsStore bool          // the stores of a merchant
}

// Networks lists the networks with points that are there, stores included.
func Networks(tx *db.Tx) ([]Network, error) {
	return db.All(tx, sqlNetworks, func(r db.Row) (n Network, err error) {
		err = r.Scan(&n.Name, &n.Points, &n.Exact, &n.Unsaid, &n.Seen)
		n.IsStore = ownerOf(n.Name) != ""
		return n, err
	})
}
