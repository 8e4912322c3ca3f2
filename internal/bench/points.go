package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sort"
	"time"

	"github.com/promesse-dev/promesse/internal/bench/limit"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Points compares the ten nearest relay points that are open with a bare grid
// that knows positions and hours alone, and the same search among ten times as
// many points with itself.
func Points() ([]Case, error) {
	few, err := newNetwork(40_000)
	if err != nil {
		return nil, err
	}
	many, err := newNetwork(400_000)
	if err != nil {
		return nil, err
	}
	var cases []Case
	for _, n := range []*network{few, many} {
		cases = append(cases, Case{
			Name: "points", Case: fmt.Sprintf("10 open among %d", n.index.Len()), Goal: Goal{"cpu", "<=", 5},
			Limit: n.bare, Product: n.find,
		})
	}
	return append(cases, Case{Name: "points", Case: "growth", Goal: Goal{"cpu", "<=", 1.6}, Limit: few.find, Product: many.find}), nil
}

// network is points in towns, as the limit and as the product hold them.
type network struct {
	index relay.Index
	grid  *limit.Grid
	asks  []search
}

// search is somebody who looks for a point.
type search struct {
	at      geo.Point
	now     civil.Instant
	quarter int // of the week, from Monday
}

// searches is how many a sample makes, and weeks how many different opening
// hours the points have: shops of a chain keep the same.
const (
	searches = 20_000
	weeks    = 2_000
)

// town is a place around which points lie: more the larger it is.
type town struct{ lat, lon, upTo float64 }

func newNetwork(size int) (*network, error) {
	g := rand.New(rand.NewPCG(7, 7))
	towns, all := make([]town, 600), 0.0
	for i := range towns {
		all += math.Exp(g.NormFloat64())
		towns[i] = town{42 + g.Float64()*9, -4 + g.Float64()*12, all}
	}
	hours, open, err := newWeeks(g)
	if err != nil {
		return nil, err
	}
	spots, points := make([]limit.Spot, size), make([]relay.Point, size)
	for i := range points {
		x := g.Float64() * all
		t := towns[sort.Search(len(towns), func(i int) bool { return towns[i].upTo >= x })]
		w := g.IntN(weeks)
		spots[i] = limit.Spot{Lat: t.lat + g.NormFloat64()*.12, Lon: t.lon + g.NormFloat64()*.16, Open: open[w]}
		points[i] = relay.Point{
			ID: ident.Point(fmt.Sprintf("pnt_%026d", i)), Network: "bench", Code: fmt.Sprint(i), Kind: relay.Shop, Name: "Tabac", City: "Ville", Country: "FR",
			Postcode: "69002", At: geo.Point{Lat: spots[i].Lat, Lon: spots[i].Lon}, Located: relay.Exact, Hours: hours[w], Zone: "Europe/Paris",
		}
	}
	n := &network{grid: limit.NewGrid(spots), asks: newSearches(g, towns)}
	return n, n.index.Put(points...)
}

// newWeeks makes opening hours for the product, and the same as maps of a week
// for the limit: about 60 % are open at a working hour.
func newWeeks(g *rand.Rand) (hours []civil.Hours, open [][11]uint64, err error) {
	hours, open = make([]civil.Hours, weeks), make([][11]uint64, weeks)
	for i := range hours {
		spec := civil.HoursSpec{Region: "FR", Holidays: civil.HolidaysOff}
		for d := range 7 {
			if d == 6 && g.Float64() < .8 {
				continue // Sunday, when the week begins on Monday
			}
			from, until := 480+g.IntN(6)*15, 1080+g.IntN(9)*15
			spans := []civil.Span{{From: from, Until: until}}
			if g.Float64() < .5 {
				spans = []civil.Span{{From: from, Until: 750}, {From: 840, Until: until}}
			}
			spec.Week[(d+1)%7] = spans
			for _, s := range spans {
				for q := (d*1440 + s.From) / 15; q < (d*1440+s.Until)/15; q++ {
					open[i][q>>6] |= 1 << (q & 63)
				}
			}
		}
		if hours[i], err = civil.NewHours("hours", spec); err != nil {
			return nil, nil, err
		}
	}
	return hours, open, nil
}

// newSearches are made around towns, at working hours of a week without holidays.
func newSearches(g *rand.Rand, towns []town) []search {
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC).Add(-time.Hour) // midnight in Paris
	asks := make([]search, 2000)
	for i := range asks {
		t := towns[g.IntN(len(towns))]
		minute := g.IntN(6)*1440 + 480 + g.IntN(720)
		asks[i] = search{
			at:  geo.Point{Lat: t.lat + g.NormFloat64()*.1, Lon: t.lon + g.NormFloat64()*.1},
			now: civil.At(monday.Add(time.Duration(minute) * time.Minute)), quarter: minute / 15,
		}
	}
	return asks
}

func (n *network) bare() (Sample, error) {
	var sum int32
	m := start(false)
	for i := range searches {
		a := &n.asks[i%len(n.asks)]
		t := n.grid.Find(a.at.Lat, a.at.Lon, a.quarter)
		sum += t.ID[0]
	}
	took := m.stop(searches)
	runtime.KeepAlive(sum) // so that the compiler looks for them
	return took, nil
}

func (n *network) find() (Sample, error) {
	open := 0
	m := start(false)
	for i := range searches {
		a := &n.asks[i%len(n.asks)]
		found, _ := n.index.Find(relay.Query{Near: a.at, Now: a.now, Open: true})
		open += len(found)
	}
	took := m.stop(searches)
	if open < searches*relay.DefaultLimit*9/10 {
		return took, fmt.Errorf("only %d points were found", open)
	}
	return took, nil
}
