package relay

import (
	"fmt"
	"strconv"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Fed is what a list changed.
type Fed struct {
	Fresh   int // points not known before, or back after they were gone
	Changed int // known, and said otherwise than before
	Same    int
	Gone    int
	Moved   []ident.Point // of those changed
	Version int64         // of the list as it now is
}

// MaxFeed is how many points one call takes: a longer list comes in pages.
const MaxFeed = 2000

// Feed takes in the points that a network names, on behalf of whoever runs the
// import. When they are its whole list, points it no longer names are gone; a
// list that comes in pages says so at its end, by Absent.
//
// The faults are those of Check, below points[n]; list_too_long; point_twice
// for a code given twice; not_found at "network" for the stores of somebody
// else; and field_required at "points" for a whole list with nothing in it,
// which is a feed that broke.
func Feed(tx *flow.Tx, m ident.Merchant, network string, points []Point, whole bool) (Fed, error) {
	points, err := checked(m, network, points, whole)
	if err != nil {
		return Fed{}, err
	}
	version, err := next(tx)
	if err != nil {
		return Fed{}, err
	}
	known, err := known(tx.Tx, network, points)
	if err != nil {
		return Fed{}, err
	}
	fed := Fed{Version: version}
	for _, p := range points {
		old, exists := known[p.Code]
		p.Seen = tx.Now
		if err := fed.take(tx, version, p, old, exists); err != nil {
			return Fed{}, err
		}
	}
	if whole {
		if fed.Gone, err = leave(tx, network, version, version); err != nil {
			return Fed{}, err
		}
	}
	return fed, fed.tell(tx, m, network, version)
}

// Absent ends a list that came in pages: points of the network that were in none,
// from the one that led to a version on, are gone. It answers how many.
func Absent(tx *flow.Tx, m ident.Merchant, network string, first int64) (int, error) {
	if err := mayFeed(m, network); err != nil {
		return 0, err
	}
	version, err := next(tx)
	if err != nil {
		return 0, err
	}
	fed := Fed{Version: version}
	if fed.Gone, err = leave(tx, network, version, first); err != nil {
		return 0, err
	}
	return fed.Gone, fed.tell(tx, m, network, version)
}

// take writes one point. Every one is written: that it was seen is news.
func (f *Fed) take(tx *flow.Tx, version int64, p, old Point, known bool) error {
	if !known {
		f.Fresh++
		p.ID = ident.New[ident.Point](tx.Mint)
		return insert(tx, version, p)
	}
	p.ID, p.Moved, p.Was = old.ID, old.Moved, old.Was
	switch back := !old.Gone.IsZero(); {
	case p.same(old) && !back:
		f.Same++
	case p.movedFrom(old):
		f.Moved = append(f.Moved, p.ID)
		p.Moved, p.Was = tx.Now, old.Address()
		fallthrough
	default:
		if back {
			f.Fresh++
		} else {
			f.Changed++
		}
	}
	return update(tx, version, p)
}

// tell emits what changed; a list that says what is known already is no fact.
func (f *Fed) tell(tx *flow.Tx, m ident.Merchant, network string, version int64) error {
	if f.Fresh+f.Changed+f.Gone == 0 {
		return nil
	}
	return tx.Emit(m, string(m), network+" "+strconv.FormatInt(version, 10),
		fact.PointsFed{Network: network, Fresh: f.Fresh, Changed: f.Changed, Gone: f.Gone})
}

func mayFeed(m ident.Merchant, network string) error {
	if o := ownerOf(network); o != "" && o != m {
		return fault.New(fault.NotFound, "not_found", "network")
	}
	return nil
}

func checked(m ident.Merchant, network string, points []Point, whole bool) ([]Point, error) {
	if err := mayFeed(m, network); err != nil {
		return nil, err
	}
	var faults fault.List
	switch {
	case len(points) > MaxFeed:
		return nil, fault.New(fault.Invalid, "list_too_long", "points", "limit", MaxFeed)
	case len(points) == 0 && whole:
		return nil, fault.New(fault.Invalid, "field_required", "points")
	}
	out, codes := make([]Point, len(points)), map[string]bool{}
	for i, p := range points {
		at := fmt.Sprintf("points[%d]", i)
		p.Network = network
		p, err := Check(at, p)
		faults = append(faults, fault.All(err)...)
		if codes[p.Code] && err == nil {
			faults.Add(fault.Invalid, "point_twice", at+".code", "code", p.Code)
		}
		out[i], codes[p.Code] = p, true
	}
	return out, faults.Err()
}

func known(tx *db.Tx, network string, points []Point) (map[string]Point, error) {
	codes := make([]string, len(points))
	for i, p := range points {
		codes[i] = p.Code
	}
	rows, err := db.All(tx, sqlByCodes, scanPoint, network, db.In(codes))
	if err != nil {
		return nil, err
	}
	of := make(map[string]Point, len(rows))
	for _, r := range rows {
		of[r.Code] = r.Point
	}
	return of, nil
}

// SetStore opens a store of the merchant's own, or changes the one of that
// code. The faults are those of Check, below "store".
func SetStore(tx *flow.Tx, m ident.Merchant, p Point) (Point, error) {
	p.Network = string(m)
	if p.Kind == "" {
		p.Kind = Store
	}
	p, err := Check("store", p)
	if err != nil {
		return Point{}, err
	}
	version, err := next(tx)
	if err != nil {
		return Point{}, err
	}
	known, err := known(tx.Tx, p.Network, []Point{p})
	if err != nil {
		return Point{}, err
	}
	p.Seen = tx.Now
	old, exists := known[p.Code]
	var fed Fed
	if err := fed.take(tx, version, p, old, exists); err != nil || fed.Same > 0 {
		return old, err
	}
	set, err := ByCode(tx.Tx, p.Network, p.Code)
	if err != nil {
		return Point{}, err
	}
	return set, tx.Emit(m, string(m), string(set.ID)+" "+strconv.FormatInt(version, 10), fact.StoreSet{Point: set.ID})
}

// CloseStore takes a store of the merchant's own out of every search. To open
// it again, set it. Closing it again changes nothing. The fault is not_found.
func CloseStore(tx *flow.Tx, m ident.Merchant, code string) error {
	p, err := ByCode(tx.Tx, string(m), code)
	if err != nil || !p.Gone.IsZero() {
		return err
	}
	version, err := next(tx)
	if err != nil {
		return err
	}
	if err := tx.Do(sqlClose, p.Network, code, version, tx.Now); err != nil {
		return err
	}
	return tx.Emit(m, string(m), string(p.ID)+" "+strconv.FormatInt(version, 10), fact.StoreSet{Point: p.ID})
}
