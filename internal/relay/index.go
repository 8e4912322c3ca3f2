package relay

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tidwall/rtree"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// Index keeps the points in memory, by position. Searches see a whole list, as
// it was at some Refresh, and never wait. The zero value is an empty index; it
// is safe for concurrent use.
type Index struct {
	refreshing sync.Mutex
	now        atomic.Pointer[snapshot]
}

// snapshot is the points after some change. It never changes.
type snapshot struct {
	version int64
	tree    *rtree.RTreeG[*entry]
	byID    map[ident.Point]*entry
}

// entry is a point, ready to be asked: what a search asks of all comes first.
type entry struct {
	on    onGlobe
	hours civil.Hours
	zone  *time.Location
	owner ident.Merchant
	Point
}

// onGlobe is a position on a globe of radius 1, of which it is the centre's
// offset: how far two lie apart needs no trigonometry.
type onGlobe [3]float64

func globe(p geo.Point) onGlobe {
	lat, lon := p.Lat*math.Pi/180, p.Lon*math.Pi/180
	return onGlobe{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

// chord is the square of the straight line between two positions, which ranks as
// the great circle does.
func (p onGlobe) chord(q onGlobe) float64 {
	x, y, z := p[0]-q[0], p[1]-q[1], p[2]-q[2]
	return x*x + y*y + z*z
}

// diameter of the earth, in metres: that of package geo.
const diameter = 2 * 6371008.8

// metres is a chord as a great circle, and chordOf the other way round.
func metres(chord float64) float64   { return diameter * math.Asin(min(1, math.Sqrt(chord)/2)) }
func chordOf(metres float64) float64 { c := 2 * math.Sin(metres/diameter); return c * c }

var emptySnapshot = snapshot{tree: &rtree.RTreeG[*entry]{}}

func (ix *Index) snapshot() *snapshot {
	if s := ix.now.Load(); s != nil {
		return s
	}
	return &emptySnapshot
}

// Refresh brings the index to what the transaction sees: one small question when
// nothing has changed, else what is newer than what the index has.
func (ix *Index) Refresh(tx *db.Tx) error {
	version, _, err := db.One(tx, sqlVersion, db.Scalar[int64])
	if err != nil || version <= ix.snapshot().version {
		return err
	}
	ix.refreshing.Lock()
	defer ix.refreshing.Unlock()
	s := ix.snapshot()
	rows, err := db.All(tx, sqlNewer, scanPoint, s.version)
	if err != nil || len(rows) == 0 {
		return err
	}
	points := make([]Point, len(rows))
	for i, r := range rows {
		points[i] = r.Point
	}
	return ix.put(rows[len(rows)-1].version, points)
}

// Put makes the index hold points, besides or instead of those it has under
// their ids, without a database; each id once.
func (ix *Index) Put(points ...Point) error {
	ix.refreshing.Lock()
	defer ix.refreshing.Unlock()
	return ix.put(ix.snapshot().version, points)
}

func (ix *Index) put(version int64, points []Point) error {
	old := ix.snapshot()
	s := &snapshot{version: version, tree: old.tree.Copy(), byID: make(map[ident.Point]*entry, len(old.byID)+len(points))}
	for id, e := range old.byID {
		s.byID[id] = e
	}
	entries := make([]entry, len(points))
	for i, n := range neighbours(points) {
		p := points[n]
		if e := s.byID[p.ID]; e != nil {
			s.tree.Delete(e.place(), e.place(), e)
			delete(s.byID, p.ID)
		}
		if !p.Gone.IsZero() {
			continue
		}
		e := &entries[i]
		var err error
		if *e, err = entryOf(p); err != nil {
			return err
		}
		s.byID[p.ID] = e
		if p.Located != Nowhere {
			s.tree.Insert(e.place(), e.place(), e)
		}
	}
	ix.now.Store(s)
	return nil
}

// entryOf makes a point ready. The fault is unknown_zone.
func entryOf(p Point) (entry, error) {
	zone, err := civil.Zone(p.Zone)
	return entry{Point: p, on: globe(p.At), hours: p.Hours, zone: zone, owner: p.Owner()}, err
}

// neighbours is an order of points in which those next to one another on the
// ground mostly follow one another: stripes of 0.1 degree, eastwards and back.
func neighbours(points []Point) []int32 {
	order := make([]int32, len(points))
	for i := range order {
		order[i] = int32(i)
	}
	stripe := func(i int32) int { return int(math.Floor(points[i].At.Lat * 10)) }
	slices.SortFunc(order, func(a, b int32) int {
		s, t := stripe(a), stripe(b)
		if s == t && s%2 != 0 {
			a, b = b, a
		}
		return cmp.Or(s-t, cmp.Compare(points[a].At.Lon, points[b].At.Lon))
	})
	return order
}

func (e *entry) place() [2]float64 { return [2]float64{e.At.Lon, e.At.Lat} }

// Len is how many points the index holds.
func (ix *Index) Len() int { return len(ix.snapshot().byID) }

// All tells every point, in no order, until one is enough.
func (ix *Index) All(yield func(Point) bool) {
	for _, e := range ix.snapshot().byID {
		if !yield(e.Point) {
			return
		}
	}
}

// Query is a search for points. What is left at zero is not asked.
type Query struct {
	Near     geo.Point
	Networks []string       // none: every carrier's
	Owner    ident.Merchant // whose own stores too
	Kinds    []Kind
	Service  string
	Grams    int // of the parcel
	Longest  int // its longest side, in cm
	Sum      int // its three sides together, in cm
	Now      civil.Instant
	Open     bool          // only those open now
	OpenAt   civil.Instant // only those open then
	Until    civil.Instant // only those that open at all before then: the end of a hold
	Since    civil.Instant // with Until: that open from then on; zero: from now on
	Limit    int           // 0: DefaultLimit
}

// How many points a search answers when nobody says, and at most.
const (
	DefaultLimit = 10
	MaxLimit     = 200
)

// Found is a point that does. The point is the index's own: read only.
type Found struct {
	*Point
	Metres  float64 // from where it was looked for
	OpenNow bool
	Opens   civil.Interval // its opening now, or the next one; empty when none is known
}

// Reason is why a point was passed over.
type Reason string

// The reasons.
const (
	OtherKind     Reason = "other_kind"
	NoService     Reason = "no_service"
	TooHeavy      Reason = "too_heavy"
	TooLong       Reason = "too_long"
	TooLarge      Reason = "too_large"
	HoursUnsaid   Reason = "hours_unsaid" // nobody said when it is open, or what it does on that holiday
	ClosedNow     Reason = "closed_now"
	ClosedThen    Reason = "closed_then"     // when the shopper can come
	ClosedAllHold Reason = "closed_all_hold" // from now to the end of the hold
)

// Unfit is a point that was nearer than the last one found and does not do. The
// point is the index's own: read only.
type Unfit struct {
	*Point
	Metres float64
	Reason Reason
}

// How far a search goes, in metres: beyond, nobody goes to fetch a parcel.
const reach = 150_000

// Find answers the nearest points that do, by true distance, and those passed
// over on the way, each with its reason. Networks that were not asked for, and
// stores of others, are in neither.
func (ix *Index) Find(q Query) ([]Found, []Unfit) {
	if q.Limit <= 0 {
		q.Limit = DefaultLimit
	}
	q.Limit = min(q.Limit, MaxLimit)
	s := &search{Query: q, tree: ix.snapshot().tree}
	s.found, s.left, s.clocks = s.room.found[:0], s.room.left[:0], s.room.clocks[:0]
	s.width, s.on = math.Cos(q.Near.Lat*math.Pi/180), globe(q.Near)
	s.run()
	found, left := make([]Found, len(s.found)), make([]Unfit, 0, len(s.left))
	for i, h := range s.found {
		found[i] = s.tell(h)
	}
	for _, m := range s.left {
		if m.chord <= s.farthest {
			left = append(left, Unfit{&m.Point, metres(m.chord), m.why})
		}
	}
	slices.SortFunc(left, func(a, b Unfit) int {
		if a.Metres == b.Metres {
			return strings.Compare(a.Code, b.Code)
		}
		return cmp.Compare(a.Metres, b.Metres)
	})
	return found, left
}

// search is one under way. It looks into a box around the place, and into
// larger ones until every point nearer than the last one found was in one.
type search struct {
	Query
	tree   *rtree.RTreeG[*entry]
	on     onGlobe // Near
	width  float64 // of a degree of longitude there, in degrees of latitude
	inner  box     // looked at already
	found  []hit   // by distance
	left   []miss
	clocks []clock

	room struct { // what most searches fill, so that they take memory once
		found  [DefaultLimit + 1]hit
		left   [DefaultLimit]miss
		clocks [1]clock
	}

	farthest float64 // chord of the last one found once there are enough, else of reach
	bound    float64 // by a quick estimate, none further is nearer than that: degrees, squared
}

// hit is a point that does.
type hit struct {
	*entry
	chord float64
}

// miss is one that does not.
type miss struct {
	hit
	why Reason
}

// degree is a degree of latitude, in metres.
const degree = 111_195

// The first box reaches two kilometres; each further one so many times as far,
// by how many were found in the one before.
const (
	nearest = 2_000.0
	step    = 3.0
	least   = 1.3
)

func (s *search) run() {
	s.within(chordOf(reach))
	for r := nearest; ; {
		s.look(r)
		n := len(s.found)
		if r >= reach || n == s.Limit && s.farthest <= chordOf(r) {
			return
		}
		grow := step
		if n > 0 {
			grow = min(step, max(least, math.Sqrt(1.5*float64(s.Limit)/float64(n))))
		}
		r = min(reach, r*grow)
	}
}

// slack is how much more than the estimate of a distance the true one may be,
// within reach.
const slack = 1.05

// within says how far points matter from now on.
func (s *search) within(chord float64) {
	degrees := metres(chord) / degree * slack
	s.farthest, s.bound = chord, degrees*degrees
}

// box is a range of degrees; its low longitude may lie beyond -180, its high one
// beyond 180.
type box struct{ low, high [2]float64 }

func (b box) holds(p [2]float64) bool {
	return b.low[0] <= p[0] && p[0] <= b.high[0] && b.low[1] <= p[1] && p[1] <= b.high[1]
}

// around is the box in which every point within a distance is: as wide as the
// distance is at its end nearest to a pole, where degrees are narrowest.
func around(p geo.Point, metres float64) box {
	high := metres / degree
	wide := 180.0
	if pole := math.Abs(p.Lat) + high; pole < 89 {
		wide = min(180, high/math.Cos(pole*math.Pi/180))
	}
	return box{[2]float64{p.Lon - wide, p.Lat - high}, [2]float64{p.Lon + wide, p.Lat + high}}
}

// look takes the points of a box that were in none before. A box over the 180th
// meridian goes on at the other end of the map.
func (s *search) look(metres float64) {
	outer := around(s.Near, metres)
	for _, turn := range [...]float64{0, -360, 360} {
		if outer.low[0]+turn > 180 || outer.high[0]+turn < -180 {
			continue
		}
		low, high := outer.low, outer.high
		low[0], high[0] = low[0]+turn, high[0]+turn
		s.tree.Search(low, high, func(at, _ [2]float64, e *entry) bool {
			at[0] -= turn
			if !s.inner.holds(at) {
				s.take(at, e)
			}
			return true
		})
	}
	s.inner = outer
}

// take looks at a point, unless it is further than matters.
func (s *search) take(at [2]float64, e *entry) {
	if x, y := (at[0]-s.Near.Lon)*s.width, at[1]-s.Near.Lat; x*x+y*y > s.bound {
		return
	}
	h := hit{e, s.on.chord(e.on)}
	if h.chord > s.farthest || !s.asked(e) {
		return
	}
	if why := s.unfit(e); why != "" {
		s.left = append(s.left, miss{h, why})
		return
	}
	s.keep(h)
}

// keep puts a point in its place among those found: by distance, and where that
// is one, by code, so that two looks give one answer.
func (s *search) keep(h hit) {
	i := len(s.found)
	if i == s.Limit {
		if !h.before(s.found[i-1]) {
			return
		}
		i--
	} else {
		s.found = append(s.found, h)
	}
	for ; i > 0 && h.before(s.found[i-1]); i-- {
		s.found[i] = s.found[i-1]
	}
	s.found[i] = h
	if len(s.found) == s.Limit {
		s.within(s.found[s.Limit-1].chord)
	}
}

func (h hit) before(g hit) bool {
	return h.chord < g.chord || h.chord == g.chord && h.Code < g.Code
}

// asked reports whether the point is of a network that was asked for.
func (s *search) asked(e *entry) bool {
	if e.owner != "" {
		return e.owner == s.Owner
	}
	return len(s.Networks) == 0 || slices.Contains(s.Networks, e.Network)
}

// unfit is why a point does not do; empty when it does.
func (s *search) unfit(e *entry) Reason {
	switch l := e.Limits; {
	case len(s.Kinds) > 0 && !slices.Contains(s.Kinds, e.Kind):
		return OtherKind
	case s.Service != "" && !e.Offers(s.Service):
		return NoService
	case l.MaxGrams > 0 && s.Grams > l.MaxGrams:
		return TooHeavy
	case l.MaxLongest > 0 && s.Longest > l.MaxLongest:
		return TooLong
	case l.MaxSum > 0 && s.Sum > l.MaxSum:
		return TooLarge
	case !s.Open && s.OpenAt.IsZero() && s.Until.IsZero():
		return ""
	case !e.hours.Said():
		return HoursUnsaid
	}
	return s.shut(e)
}

// Unfit is why the point does not do for a query; empty when it does. Where it is,
// whose, and whether it is gone is not asked. The fault is unknown_zone.
func (p Point) Unfit(q Query) (Reason, error) {
	e, err := entryOf(p)
	if err != nil {
		return "", err
	}
	s := &search{Query: q}
	return s.unfit(&e), nil
}

// shut is why hours do not do.
func (s *search) shut(e *entry) Reason {
	c := s.clock(e.zone)
	switch {
	case s.Open && !e.hours.Open(c.now):
		return orUnsaid(ClosedNow, e, c.now)
	case !s.OpenAt.IsZero() && !e.hours.Open(c.then):
		return orUnsaid(ClosedThen, e, c.then)
	case s.Until.IsZero():
		return ""
	}
	if opens, ok := e.hours.NextFrom(c.since); !ok || opens.From >= s.Until {
		return ClosedAllHold
	}
	return ""
}

// orUnsaid tells a holiday of which nothing was said from a closed door.
func orUnsaid(r Reason, e *entry, m civil.Moment) Reason {
	if e.Hours.Doubt(m.Day()) {
		return HoursUnsaid
	}
	return r
}

// clock is what the clocks of a zone show at the instants of a query.
type clock struct {
	zone             *time.Location
	now, then, since civil.Moment
}

func (s *search) clock(zone *time.Location) *clock {
	for i := range s.clocks {
		if s.clocks[i].zone == zone {
			return &s.clocks[i]
		}
	}
	c := clock{zone: zone, now: civil.MomentOf(s.Now, zone), then: civil.MomentOf(s.OpenAt, zone)}
	if c.since = c.now; s.Since > s.Now {
		c.since = civil.MomentOf(s.Since, zone)
	}
	s.clocks = append(s.clocks, c)
	return &s.clocks[len(s.clocks)-1]
}

// tell is what is told of a point found.
func (s *search) tell(h hit) Found {
	f := Found{Point: &h.Point, Metres: metres(h.chord)}
	if !h.hours.Said() {
		return f
	}
	if w, ok := h.hours.NextFrom(s.clock(h.zone).now); ok {
		f.Opens, f.OpenNow = w, w.From <= s.Now
	}
	return f
}
