package limit

import "math"

// Spot is a place with its opening hours as a map of the week: a bit for each of
// its 672 quarters of an hour.
type Spot struct {
	Lat, Lon float64
	Open     [11]uint64
}

// Grid holds places by square, in one array: the quickest way we know to the
// nearest ones.
type Grid struct {
	spots          []Spot // by square
	off            []int32
	minLat, minLon float64
	wide, high     int
}

// side is that of a square, in degrees.
const side = .02

// NewGrid sorts places into squares.
func NewGrid(spots []Spot) *Grid {
	g := &Grid{minLat: math.Inf(1), minLon: math.Inf(1), spots: make([]Spot, len(spots))}
	maxLat, maxLon := math.Inf(-1), math.Inf(-1)
	for _, s := range spots {
		g.minLat, maxLat = min(g.minLat, s.Lat), max(maxLat, s.Lat)
		g.minLon, maxLon = min(g.minLon, s.Lon), max(maxLon, s.Lon)
	}
	g.wide, g.high = int((maxLon-g.minLon)/side)+1, int((maxLat-g.minLat)/side)+1
	g.off = make([]int32, g.wide*g.high+1)
	for _, s := range spots {
		g.off[g.at(s)+1]++
	}
	for i := 1; i < len(g.off); i++ {
		g.off[i] += g.off[i-1]
	}
	fill := append([]int32(nil), g.off...)
	for _, s := range spots {
		g.spots[fill[g.at(s)]] = s
		fill[g.at(s)]++
	}
	return g
}

func (g *Grid) at(s Spot) int {
	return int((s.Lat-g.minLat)/side)*g.wide + int((s.Lon-g.minLon)/side)
}

// Nearest is the ten nearest places by position in the grid, and how far they
// are in degrees of latitude, squared.
type Nearest struct {
	N  int
	ID [10]int32
	D  [10]float64
}

func (t *Nearest) worst() float64 {
	if t.N < len(t.D) {
		return math.Inf(1)
	}
	return t.D[len(t.D)-1]
}

func (t *Nearest) add(d float64, id int32) {
	i := t.N
	if i == len(t.D) {
		i--
	} else {
		t.N++
	}
	for ; i > 0 && t.D[i-1] > d; i-- {
		t.D[i], t.ID[i] = t.D[i-1], t.ID[i-1]
	}
	t.D[i], t.ID[i] = d, id
}

// Find is the ten nearest places open in a quarter of the week, square by square
// outwards.
func (g *Grid) Find(lat, lon float64, quarter int) (t Nearest) {
	c := math.Cos(lat * math.Pi / 180)
	cy, cx := int(math.Floor((lat-g.minLat)/side)), int(math.Floor((lon-g.minLon)/side))
	for r := 0; r <= g.wide+g.high; r++ {
		if m := float64(r-1) * side * c; r > 0 && m*m > t.worst() {
			break
		}
		for y := max(cy-r, 0); y <= cy+r && y < g.high; y++ {
			step := 2 * r
			if y == cy-r || y == cy+r || r == 0 {
				step = 1
			}
			for x := cx - r; x <= cx+r; x += step {
				if x >= 0 && x < g.wide {
					g.look(&t, y*g.wide+x, lat, lon, c, quarter)
				}
			}
		}
	}
	return t
}

// look goes through a square.
func (g *Grid) look(t *Nearest, square int, lat, lon, c float64, quarter int) {
	for id := g.off[square]; id < g.off[square+1]; id++ {
		s := &g.spots[id]
		x, y := (s.Lon-lon)*c, s.Lat-lat
		if d := x*x + y*y; d < t.worst() && s.Open[quarter>>6]>>(quarter&63)&1 == 1 {
			t.add(d, id)
		}
	}
}
