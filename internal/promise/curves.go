package promise

import (
	"slices"
	"sync"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Estimate is what is known of the transit of a lane, and on what it stands.
type Estimate struct {
	Basis Basis
	Curve Curve // empty for BasisStandard
}

const (
	// window is how many of the parcels last handed over an estimate is made of:
	// enough for a tail of 2 %, few enough to follow a strike.
	window = 600
	// enough is below how many arrivals an estimate says nothing: parcels that are
	// all on the road yet are no observation of how long it takes.
	enough = 30
	// contributors is the least number of merchants behind a pooled estimate: with
	// fewer, one could read another's volumes.
	contributors = 5
)

// Road is a service towards the destinations of a lane zone (carrier.LaneZone).
type Road struct {
	Service carrier.Service
	Zone    string
}

// Curves keeps the survival curves of lanes until their history changes or the
// day does. It is safe for concurrent use; nodes share nothing but the stamps in
// the database.
type Curves struct {
	Calendars Calendars

	mu    sync.Mutex
	known map[curveKey]curveEntry
}

type curveKey struct {
	merchant ident.Merchant
	lane     string
}

// curveEntry is a curve as of a stamp and a day: parcels on the road are a day
// older after midnight.
type curveEntry struct {
	stamp int64
	today civil.Day
	past
}

// past is what a window of parcels says.
type past struct {
	curve   Curve
	arrived int
}

func (p past) enough() bool { return p.arrived >= enough }

// maxCurves bounds the memory: well under a kilobyte each.
const maxCurves = 20_000

// NewCurves begins with nothing known, as does the zero value.
func NewCurves() *Curves { return &Curves{} }

// For is an estimate for each road, in the order asked: from the merchant's own
// lane where at least 30 parcels are known, else from the service as a whole,
// else from the pool of a network the merchant shares its history with, else the
// carrier's standard. today is the local day at which parcels on the road are
// counted as they are.
func (c *Curves) For(tx *db.Tx, m ident.Merchant, roads []Road, today civil.Day) ([]Estimate, error) {
	var lanes []string
	for _, r := range roads {
		lanes = append(lanes, ownLane(r.Service.ID, r.Zone), serviceLane(r.Service.ID))
	}
	if len(lanes) == 0 {
		return nil, nil
	}
	rows, err := db.All(tx, sqlStamps, scanStamp, m, db.In(lanes))
	if err != nil {
		return nil, err
	}
	l := look{Curves: c, tx: tx, merchant: m, today: today, stamps: map[string]int64{}}
	for _, r := range rows {
		l.stamps[r.lane] = r.stamp
	}
	estimates := make([]Estimate, len(roads))
	for i, r := range roads {
		if estimates[i], err = l.estimate(r); err != nil {
			return nil, err
		}
	}
	return estimates, nil
}

// look is one reading of estimates.
type look struct {
	*Curves
	tx       *db.Tx
	merchant ident.Merchant
	today    civil.Day
	stamps   map[string]int64
	peers    *[]ident.Merchant // who shares history with the merchant, once asked
}

func (l *look) estimate(r Road) (Estimate, error) {
	days := l.Calendars.Delivering(r.Service)
	own, err := l.curve(ownLane(r.Service.ID, r.Zone), days, func() ([]passage, error) {
		return db.All(l.tx, sqlOwnTransits, scanPassage, l.merchant, r.Service.ID, r.Zone, window)
	})
	if err != nil || own.enough() {
		return Estimate{BasisOwn, own.curve}, err
	}
	service, err := l.curve(serviceLane(r.Service.ID), days, func() ([]passage, error) {
		return db.All(l.tx, sqlServiceTransits, scanPassage, l.merchant, r.Service.ID, window)
	})
	if err != nil || service.enough() {
		return Estimate{BasisService, service.curve}, err
	}
	pool, err := l.pool(r, days)
	if err != nil || pool.enough() {
		return Estimate{BasisPool, pool.curve}, err
	}
	return Estimate{Basis: BasisStandard}, nil
}

// curve is the one kept for a lane, or one made of what read gives. A lane that
// was never stamped has no history.
func (l *look) curve(lane string, days *civil.Calendar, read func() ([]passage, error)) (past, error) {
	stamp, any := l.stamps[lane]
	if !any {
		return past{}, nil
	}
	key := curveKey{l.merchant, lane}
	l.mu.Lock()
	kept, ok := l.known[key]
	l.mu.Unlock()
	if ok && kept.stamp == stamp && kept.today == l.today {
		return kept.past, nil
	}
	passages, err := read()
	if err != nil {
		return past{}, err
	}
	made := pastOf(passages, days, l.today)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= maxCurves {
		l.known = map[curveKey]curveEntry{}
	}
	l.known[key] = curveEntry{stamp, l.today, made}
	return made, nil
}

// pool is the curve of the merchants who share their history with a network
// that this one shares its own with.
func (l *look) pool(r Road, days *civil.Calendar) (past, error) {
	peers, err := l.peersOf()
	if err != nil || len(peers) < contributors {
		return past{}, err
	}
	connection, err := carrier.Get(l.tx, l.merchant, r.Service.Connection)
	if err != nil {
		return past{}, err
	}
	name := poolOf(r.Service, connection)
	lane := poolLane(name, r.Zone)
	l.stamps[lane], _, err = db.One(l.tx, sqlPoolStamps, db.Scalar[int64], db.In(peers), lane)
	if err != nil {
		return past{}, err
	}
	return l.curve(lane, days, func() ([]passage, error) {
		passages, err := db.All(l.tx, sqlPoolTransits, scanPassage, db.In(peers), name, r.Zone, window)
		if distinct(passages) < contributors {
			return nil, err
		}
		return passages, err
	})
}

// peersOf is everybody in the pools of the merchant, itself included.
func (l *look) peersOf() ([]ident.Merchant, error) {
	if l.peers != nil {
		return *l.peers, nil
	}
	networks, err := merchant.Grantees(l.tx, l.merchant, merchant.PoolHistory)
	if err != nil {
		return nil, err
	}
	peers := []ident.Merchant{}
	for _, n := range networks {
		grantors, err := merchant.Grantors(l.tx, n, merchant.PoolHistory)
		if err != nil {
			return nil, err
		}
		peers = append(peers, grantors...)
	}
	slices.Sort(peers)
	peers = slices.Compact(peers)
	l.peers = &peers
	return peers, nil
}

// passage is one parcel of a window.
type passage struct {
	merchant                ident.Merchant
	handed, arrived, closed civil.Day
}

func scanPassage(r db.Row) (p passage, err error) {
	err = r.Scan(&p.merchant, &p.handed, &p.arrived, &p.closed)
	return p, err
}

func distinct(passages []passage) int {
	of := map[ident.Merchant]bool{}
	for _, p := range passages {
		of[p.merchant] = true
	}
	return len(of)
}

// pastOf counts a window in the carrier's days. A parcel on the road has lived
// through the days before today and may arrive today; one that was closed had
// not arrived when it was.
func pastOf(passages []passage, days *civil.Calendar, today civil.Day) past {
	transits := make([]Transit, len(passages))
	arrived := 0
	for i, p := range passages {
		switch {
		case p.arrived != civil.NoDay:
			transits[i] = Transit{Days: days.Between(p.handed, p.arrived), Done: true}
			arrived++
		case p.closed != civil.NoDay:
			transits[i] = Transit{Days: days.Between(p.handed, p.closed)}
		default:
			transits[i] = Transit{Days: days.Between(p.handed, today-1)}
		}
	}
	return past{NewCurve(transits), arrived}
}
