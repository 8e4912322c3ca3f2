package relay

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/tidwall/rtree"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Coverage is how many people have a network's points near, and when. People are
// counted where the middle of their commune is: right for villages, rough for
// large cities. Those of communes whose middle is not known are in none of the
// figures but Unlocated.
type Coverage struct {
	Points    int        // of the network that are there
	Nowhere   int        // of which the position is not known, or only about
	Unsaid    int        // of which nobody said when they are open
	People    int        // in communes whose middle is known
	Unlocated int        // in the others
	Near      int        // within reach of a point, open or not
	Open      [7][24]int // within reach of one that is open, by day from Monday and hour
	Openings  []Opening
	Extended  []Extended
}

// Opening is a commune where a point would bring most people within reach who
// have none; one follows from those before it.
type Opening struct {
	Commune geo.Commune
	People  int
}

// Extended is an hour at which a point that is closed then would be the only one
// open within reach of so many people.
type Extended struct {
	Point  Point
	Day    int // from Monday, 0
	Hour   int
	People int
}

// Covering is what a report is asked to look at.
type Covering struct {
	Week  civil.Day // its Monday: holidays and closures of that week count
	Reach float64   // metres, as the crow flies
	Most  int       // proposals of each kind
}

// The hours at which a point may be asked to be open longer.
const firstHour, lastHour = 7, 21

// hoursMask is the hours of a week, a bit each, from Monday: open at half past.
type hoursMask [3]uint64

func (m *hoursMask) set(i int)      { m[i/64] |= 1 << (i % 64) }
func (m *hoursMask) has(i int) bool { return m[i/64]>>(i%64)&1 == 1 }

func maskOf(h civil.Hours, monday civil.Day) (m hoursMask) {
	for d := range 7 {
		for _, s := range h.Day(monday + civil.Day(d)) {
			for hour := range 24 {
				if at := hour*60 + 30; s.From <= at && at < s.Until {
					m.set(d*24 + hour)
				}
			}
		}
	}
	return m
}

// Cover counts. It is a function of values: points that are gone, or nowhere,
// cover nobody.
func Cover(points []Point, communes []geo.Commune, in Covering) Coverage {
	points = slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return !p.Gone.IsZero() })
	c := Coverage{Points: len(points)}
	var near rtree.RTreeG[int]
	masks := make([]hoursMask, len(points))
	for i, p := range points {
		masks[i] = maskOf(p.Hours, in.Week)
		if p.Located != Exact {
			c.Nowhere++
		}
		if !p.Hours.Said() {
			c.Unsaid++
		}
		if p.Located != Nowhere {
			at := [2]float64{p.At.Lon, p.At.Lat}
			near.Insert(at, at, i)
		}
	}
	var without []geo.Commune
	gains := map[int]*[7 * 24]int{}
	for _, town := range communes {
		if town.Precision != geo.InCommune {
			c.Unlocated += town.Inhabitants
			continue
		}
		c.People += town.Inhabitants
		reached := withinReach(&near, town.At, in.Reach, func(i int) geo.Point { return points[i].At })
		if len(reached) == 0 {
			without = append(without, town)
			continue
		}
		c.Near += town.Inhabitants
		c.count(town.Inhabitants, reached, masks, gains)
	}
	c.Openings = openings(without, in)
	c.Extended = extended(points, gains, in.Most)
	return c
}

// withinReach is what lies within a distance.
func withinReach[T any](tree *rtree.RTreeG[T], at geo.Point, metres float64, where func(T) geo.Point) (found []T) {
	b := around(at, metres)
	tree.Search(b.low, b.high, func(_, _ [2]float64, v T) bool {
		if at.Metres(where(v)) <= metres {
			found = append(found, v)
		}
		return true
	})
	return found
}

// count adds the people of a commune to the hours at which one of its points is
// open, and to what each of them would gain by opening at the others.
func (c *Coverage) count(people int, reached []int, masks []hoursMask, gains map[int]*[7 * 24]int) {
	var open hoursMask
	for _, i := range reached {
		for w := range open {
			open[w] |= masks[i][w]
		}
	}
	for w, word := range open {
		for ; word != 0; word &= word - 1 {
			i := w*64 + bits.TrailingZeros64(word)
			c.Open[i/24][i%24] += people
		}
	}
	for _, i := range reached {
		g := gains[i]
		if g == nil {
			g = new([7 * 24]int)
			gains[i] = g
		}
		for at := range g {
			if hour := at % 24; firstHour <= hour && hour < lastHour && !open.has(at) {
				g[at] += people
			}
		}
	}
}

// openings proposes communes one after the other, each the one that brings a
// point to most people who have none yet.
func openings(without []geo.Commune, in Covering) (out []Opening) {
	var tree rtree.RTreeG[int]
	for i, town := range without {
		at := [2]float64{town.At.Lon, town.At.Lat}
		tree.Insert(at, at, i)
	}
	served := make([]bool, len(without))
	where := func(i int) geo.Point { return without[i].At }
	gain := func(i int) (people int) {
		for _, j := range withinReach(&tree, without[i].At, in.Reach, where) {
			if !served[j] {
				people += without[j].Inhabitants
			}
		}
		return people
	}
	gains := make([]int, len(without))
	for i := range without {
		gains[i] = gain(i)
	}
	for range in.Most {
		best := -1
		for i, g := range gains {
			if g > 0 && (best < 0 || g > gains[best]) {
				best = i
			}
		}
		if best < 0 {
			return out
		}
		out = append(out, Opening{without[best], gains[best]})
		reached := withinReach(&tree, without[best].At, in.Reach, where)
		for _, j := range reached {
			served[j] = true
		}
		for _, j := range withinReach(&tree, without[best].At, 2*in.Reach, where) {
			gains[j] = gain(j) // nobody further has lost anything
		}
	}
	return out
}

// extended proposes the best hour of each point, the most people first.
func extended(points []Point, gains map[int]*[7 * 24]int, most int) (out []Extended) {
	for i, g := range gains {
		best := 0
		for at, people := range g {
			if people > g[best] {
				best = at
			}
		}
		if g[best] > 0 && points[i].Hours.Said() {
			out = append(out, Extended{points[i], best / 24, best % 24, g[best]})
		}
	}
	slices.SortFunc(out, func(a, b Extended) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Point.Code, b.Point.Code), cmp.Compare[ident.Point](a.Point.ID, b.Point.ID))
	})
	return out[:min(len(out), most)]
}
