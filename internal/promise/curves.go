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

// Estimate is what is known of the transit of a lane, and on what it stands. Its
// forecast is empty for BasisStandard.
type Estimate struct {
	Basis Basis
	Forecast
}

const (
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
	Crowd     int // more people are told of an incident once a second person let it; 0: DefaultCrowd

	mu   sync.Mutex
	kept map[curveKey]curveEntry
}

type curveKey struct {
	merchant ident.Merchant
	lane     string
}

// curveEntry is a forecast as of a stamp and a day: parcels on the road are a day
// older after midnight.
type curveEntry struct {
	stamp int64
	today civil.Day
	knowledge
}

// knowledge is what the history of a lane says; nothing where it is not enough.
type knowledge struct {
	enough   bool
	forecast Forecast
}

// maxCurves bounds the memory: one to three kilobytes each.
const maxCurves = 10_000

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
	own, err := l.knowledge(archive{
		lane: ownLane(r.Service.ID, r.Zone), latest: sqlOwnLatest, came: sqlOwnCame, road: sqlOwnRoad,
		of: []any{l.merchant, r.Service.ID, r.Zone}, record: true,
	}, days)
	if err != nil || own.enough {
		return Estimate{BasisOwn, own.forecast}, err
	}
	service, err := l.knowledge(archive{
		lane: serviceLane(r.Service.ID), latest: sqlServiceLatest, came: sqlServiceCame, road: sqlServiceRoad,
		of: []any{l.merchant, r.Service.ID}, record: true,
	}, days)
	if err != nil || service.enough {
		return Estimate{BasisService, service.forecast}, err
	}
	pool, err := l.pool(r, days)
	if err != nil || pool.enough {
		return Estimate{BasisPool, pool.forecast}, err
	}
	return Estimate{Basis: BasisStandard}, nil
}

// knowledge is the one kept for a lane, or one made of its history. A lane that
// was never stamped has none.
func (l *look) knowledge(a archive, days *civil.Calendar) (knowledge, error) {
	stamp, any := l.stamps[a.lane]
	if !any {
		return knowledge{}, nil
	}
	key := curveKey{l.merchant, a.lane}
	l.mu.Lock()
	kept, ok := l.kept[key]
	l.mu.Unlock()
	if ok && kept.stamp == stamp && kept.today == l.today {
		return kept.knowledge, nil
	}
	made, err := a.read(l.tx, l.today, days)
	if err != nil {
		return knowledge{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil || len(l.kept) >= maxCurves {
		l.kept = map[curveKey]curveEntry{}
	}
	l.kept[key] = curveEntry{stamp, l.today, made}
	return made, nil
}

// pool is what the merchants know who share their history with a network that
// this one shares its own with. Its promises are corrected by no record: what the
// others promised they promised from what they know alone, and this one has seen
// fewer parcels come than would say anything.
func (l *look) pool(r Road, days *civil.Calendar) (knowledge, error) {
	peers, err := l.peersOf()
	if err != nil || len(peers) < contributors {
		return knowledge{}, err
	}
	connection, err := carrier.Get(l.tx, l.merchant, r.Service.Connection)
	if err != nil {
		return knowledge{}, err
	}
	name := poolOf(r.Service, connection)
	lane := poolLane(name, r.Zone)
	l.stamps[lane], _, err = db.One(l.tx, sqlPoolStamps, db.Scalar[int64], db.In(peers), lane)
	if err != nil {
		return knowledge{}, err
	}
	return l.knowledge(archive{
		lane: lane, latest: sqlPoolLatest, came: sqlPoolCame, road: sqlPoolRoad,
		of: []any{db.In(peers), name, r.Zone}, shared: true,
	}, days)
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
