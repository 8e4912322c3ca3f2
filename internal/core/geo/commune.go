package geo

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Precision is how near a point is to what was asked for.
type Precision string

// The precisions, the best first. The first two come from whoever knows streets;
// nobody here does.
const (
	AtAddress    Precision = "address"
	InStreet     Precision = "street"
	InCommune    Precision = "commune"    // the middle of the town itself
	Nearby       Precision = "near"       // a neighbouring town's, or the whole city's: some kilometres away
	InDepartment Precision = "department" // where the people of the department live
)

// Commune is a French commune of today, or an arrondissement of Paris, Lyon or
// Marseille.
type Commune struct {
	Code        string // INSEE
	Name        string
	Postcodes   []string // some have several, some share one
	Inhabitants int
	At          Point
	Precision   Precision // of At; "" where nothing is known
	City        string    // of an arrondissement: the INSEE code of its city
}

// gazetteer is the file, as it is searched.
type gazetteer struct {
	communes   []Commune // today's, then arrondissements
	today      int       // how many of them are communes
	byCode     map[string]int
	byPostcode map[string][]int // the most inhabitants first
	names      []name           // sorted
	codes      []string         // postcodes with a point of their own, sorted
}

// name is one name of a commune, folded. Those of merged communes lead to the
// one of today.
type name struct {
	folded  string
	commune int
}

//go:embed communes.csv.gz
var communesGZ []byte

// gazetteers reads the file once, when somebody asks. It is ours and generated,
// so what can not be read is a fault of the build, and tests read all of it.
var gazetteers = sync.OnceValue(func() *gazetteer {
	r, err := gzip.NewReader(bytes.NewReader(communesGZ))
	if err != nil {
		panic("communes.csv.gz: " + err.Error())
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic("communes.csv.gz: " + err.Error())
	}
	g := &gazetteer{byCode: map[string]int{}, byPostcode: map[string][]int{}}
	g.read(string(text))
	g.place()
	return g
})

// read takes the lines: communes, arrondissements, merged communes.
func (g *gazetteer) read(text string) {
	var rows [3][][]string
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ";")
		if strings.HasPrefix(line, "#") || cells[0] == "code" {
			continue
		}
		kind := 0
		if cells[6] != "" {
			kind = 2
		}
		if cells[6] != "" && cells[5] != "" {
			kind = 1
		}
		rows[kind] = append(rows[kind], cells)
	}
	g.today = len(rows[0])
	for _, cells := range append(rows[0], rows[1]...) {
		g.add(cells)
	}
	for _, cells := range rows[2] {
		g.names = append(g.names, name{Fold(cells[1]), g.byCode[cells[6]]})
	}
	slices.SortFunc(g.names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.folded, b.folded), cmp.Compare(g.communes[b.commune].Inhabitants, g.communes[a.commune].Inhabitants))
	})
	for _, in := range g.byPostcode {
		slices.SortStableFunc(in, func(a, b int) int { return cmp.Compare(g.communes[b].Inhabitants, g.communes[a].Inhabitants) })
	}
}

func (g *gazetteer) add(cells []string) {
	c := Commune{Code: cells[0], Name: cells[1], Inhabitants: figure(cells[2]), City: cells[6]}
	if cells[5] != "" {
		c.Postcodes = strings.Split(cells[5], " ")
	}
	if cells[3] != "" {
		c.At = Point{Lat: float64(figure(cells[3])) / 1e4, Lon: float64(figure(cells[4])) / 1e4}
		c.Precision = InCommune
	}
	i := len(g.communes)
	g.communes, g.byCode[c.Code] = append(g.communes, c), i
	g.names = append(g.names, name{Fold(c.Name), i})
	for _, code := range c.Postcodes {
		g.byPostcode[code] = append(g.byPostcode[code], i)
	}
}

func figure(cell string) int {
	n, err := strconv.Atoi(cell)
	if err != nil {
		panic("communes.csv.gz: " + err.Error())
	}
	return n
}

// place gives a point to the communes that have none: their city's, else that
// of their postcode, else of the neighbouring one.
func (g *gazetteer) place() {
	for code, in := range g.byPostcode {
		if slices.ContainsFunc(in, func(i int) bool { return g.communes[i].Precision == InCommune }) {
			g.codes = append(g.codes, code)
		}
	}
	slices.Sort(g.codes)
	points := make([]Commune, 0, len(g.communes))
	for _, c := range g.communes {
		if c.Precision == "" {
			c.At, c.Precision = g.guess(c)
		}
		points = append(points, c)
	}
	g.communes = points
}

func (g *gazetteer) guess(c Commune) (Point, Precision) {
	if i, ok := g.byCode[c.City]; ok && g.communes[i].Precision == InCommune {
		return g.communes[i].At, Nearby
	}
	if len(c.Postcodes) == 0 {
		return Point{}, "" // five rocks in the southern seas, and nobody on them
	}
	at, precision, _ := g.postcode(c.Postcodes[0])
	if precision == InCommune {
		precision = Nearby
	}
	return at, precision
}

// postcode is where the people of a postcode live, as far as is known.
func (g *gazetteer) postcode(code string) (Point, Precision, bool) {
	department := Place{Country: "FR", Postcode: code}.Department()
	centre, known := departments[department]
	if !known {
		return Point{}, "", false
	}
	at, precision, ok := g.middle(code)
	if ok {
		return at, precision, true
	}
	if near, ok := g.neighbour(code, department); ok {
		at, _, _ := g.middle(near)
		return at, Nearby, true
	}
	return centre, InDepartment, true
}

// middle is the mean of the points of a postcode's communes, by inhabitants.
func (g *gazetteer) middle(code string) (at Point, precision Precision, ok bool) {
	var weight float64
	precision = InCommune
	for _, i := range g.byPostcode[code] {
		p, near, own := g.within(i, code)
		if !own || g.communes[i].City != "" {
			continue
		}
		w := float64(max(g.communes[i].Inhabitants, 1))
		at.Lat, at.Lon, weight = at.Lat+w*p.Lat, at.Lon+w*p.Lon, weight+w
		if near == Nearby {
			precision = Nearby
		}
	}
	if weight == 0 {
		return Point{}, "", false
	}
	return Point{Lat: at.Lat / weight, Lon: at.Lon / weight}, precision, true
}

// within is the point of a commune in one of its postcodes: that of its
// arrondissement, else its own, which is near to each of several and in none.
// own is false where GeoNames has no point for it.
func (g *gazetteer) within(i int, code string) (at Point, precision Precision, own bool) {
	c := g.communes[i]
	for _, j := range g.byPostcode[code] {
		if d := g.communes[j]; d.City == c.Code && d.Precision == InCommune {
			return d.At, InCommune, true
		}
	}
	if c.Precision == InCommune && len(c.Postcodes) > 1 {
		return c.At, Nearby, true
	}
	return c.At, c.Precision, c.Precision == InCommune
}

// neighbour is the postcode of the same department, with a point, whose figures
// are nearest: La Poste numbered its districts so that neighbours often follow.
func (g *gazetteer) neighbour(code, department string) (string, bool) {
	at, _ := slices.BinarySearch(g.codes, code)
	best, gap := "", 1<<30
	for _, i := range []int{at - 1, at} {
		if i < 0 || i >= len(g.codes) || (Place{Country: "FR", Postcode: g.codes[i]}).Department() != department {
			continue
		}
		if d := abs(figure(g.codes[i]) - figure(code)); d < gap {
			best, gap = g.codes[i], d
		}
	}
	return best, best != ""
}

func abs(n int) int { return max(n, -n) }

// Communes are all French communes of today, by INSEE code; arrondissements are
// not among them. Read only: the slice is shared.
func Communes() []Commune { return gazetteers().communes[:gazetteers().today] }

// Postcode is about where the people of a postcode live, and how well that is
// known. France only: elsewhere there is no list that we may use.
func Postcode(country, code string) (Point, Precision, bool) {
	p, err := NewPlace(country, code)
	if err != nil || p.Country != "FR" {
		return Point{}, "", false
	}
	return gazetteers().postcode(p.Postcode)
}
