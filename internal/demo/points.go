package demo

import (
	"fmt"
	"hash/fnv"
	"math"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/demo/carriers/colissimo"
	"github.com/promesse-dev/promesse/internal/demo/carriers/mondialrelay"
	"github.com/promesse-dev/promesse/internal/relay"
)

// The networks' points are invented: their towns are those in which the demo's
// shoppers live, all else is drawn. They are the same in every world.

// names of counters, and what opens when.
var counters = []struct{ name, hours string }{
	{"Tabac de la Gare", "Mo-Sa 06:30-19:30; Su 08:00-12:30; PH 08:00-12:30"},
	{"Presse des Halles", "Mo-Sa 07:00-13:00,15:00-19:00; PH off"},
	{"Épicerie du Coin", "Mo-Su 08:00-22:00; PH open"},
	{"Fleurs et Compagnie", "Tu-Sa 09:30-12:30,14:30-19:00; Su 09:00-12:30; PH off"},
	{"Pressing du Centre", "Tu-Fr 08:30-12:00,14:00-19:00; Sa 09:00-13:00; PH off"},
	{"Cordonnerie Perrin", "Tu-Sa 09:00-12:00,14:00-18:30; PH off"},
	{"Librairie-Papeterie Le Buvard", "Mo 14:00-19:00; Tu-Sa 09:30-19:00; PH off"},
	{"Superette des Quatre-Vents", "Mo-Sa 08:00-21:00; Su 09:00-13:00; PH 09:00-13:00"},
	{"Cave du Marché", "Tu-Sa 10:00-13:00,15:30-20:00; PH off"},
	{"Station du Pont-Neuf", "Mo-Su 06:00-22:00; PH open"},
	{"Boulangerie Au Bon Levain", "Tu-Sa 06:30-19:30; Su 07:00-13:00; PH 07:00-13:00"},
	{"Atelier Vélo Roue Libre", "Tu-Sa 10:00-19:00; PH off"},
}

// office is when a post office opens.
const office = "Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00; PH off"

// site is a town with its position, and how many points stand there.
type site struct {
	town
	at     geo.Point
	points int
}

// sites are the towns where the networks are: each postcode of the world once.
func sites() (all []site) {
	met := map[string]bool{}
	for _, t := range slices.Concat(cities, served, villages) {
		at, _, ok := geo.Postcode(t.country, t.postcode)
		if met[t.postcode] || !ok {
			continue
		}
		met[t.postcode] = true
		many := 2
		if slices.Contains(cities, t) || slices.Contains(served, t) {
			many = 5
		}
		all = append(all, site{t, at, many})
	}
	return all
}

// stand draws a point of a site: its street, and where it is, some streets from
// the middle of the town. One of nine says nothing about where it is.
func (s site) stand(d dice, code string) relay.Point {
	p := relay.Point{
		Code: code, Kind: relay.Shop, Street: fmt.Sprintf("%d %s", 1+d.IntN(90), one(d, streets)), Postcode: s.postcode, City: s.city,
		Country: s.country, Located: relay.Exact, Services: []string{relay.Send, relay.Collect},
	}
	far, round := 0.002+0.016*math.Sqrt(d.Float64()), 2*math.Pi*d.Float64() // degrees of latitude
	p.At = geo.Point{
		Lat: rounded(s.at.Lat + far*math.Sin(round)), Lon: rounded(s.at.Lon + far*math.Cos(round)/math.Cos(s.at.Lat*math.Pi/180)),
	}
	if d.IntN(9) == 0 {
		p.At, p.Located = geo.Point{}, relay.Nowhere
	}
	return p
}

// rounded is a coordinate to about a metre.
func rounded(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }

// openHours reads those of a point.
func openHours(text string) civil.Hours {
	h, err := civil.ParseHours("hours", text)
	if err != nil {
		panic(err) // they are written above
	}
	return h
}

// drawing is the randomness of what is the same in every world.
func drawing(what string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(what))
	return dice{mathrand.New(mathrand.NewPCG(1, h.Sum64()))}
}

// relaisPoints are the shops and lockers of the relay network.
var relaisPoints = sync.OnceValue(func() (all []relay.Point) {
	d := drawing("relais")
	for _, s := range sites() {
		shelf := d.Perm(len(counters))
		for n := range s.points {
			all = append(all, s.counter(d, fmt.Sprintf("%06d", 20_101+len(all)), n, shelf[n%len(shelf)]))
		}
	}
	return all
})

// counter is one of the relay network: the last one of a town is a locker.
func (s site) counter(d dice, code string, n, which int) relay.Point {
	p := s.stand(d, code)
	if n == s.points-1 {
		p.Kind, p.Name, p.Hours = relay.Locker, "Locker "+s.city+" "+code[3:], openHours("24/7")
		p.Limits, p.Capacity = relay.Limits{MaxGrams: 10_000, MaxLongest: 60, MaxSum: 120}, 40
		return p
	}
	p.Name, p.Hours = counters[which].name, openHours(counters[which].hours)
	p.Limits, p.Capacity = relay.Limits{MaxGrams: 30_000, MaxLongest: 120, MaxSum: 150}, 20+10*d.IntN(6)
	if d.IntN(4) == 0 {
		p.Limits.MaxGrams = 20_000
	}
	for _, extra := range []string{relay.Print, relay.Charge, "wheelchair"} {
		if d.IntN(3) == 0 {
			p.Services = append(p.Services, extra)
		}
	}
	return p
}

// postePoints are the post offices.
var postePoints = sync.OnceValue(func() (all []relay.Point) {
	d := drawing("poste")
	for _, s := range sites() {
		for range (s.points + 1) / 3 {
			p := s.stand(d, fmt.Sprintf("%06d", 700_301+len(all)))
			p.Kind, p.Name, p.Hours = relay.PostOffice, "Bureau de poste "+s.city, openHours(office)
			p.Limits = relay.Limits{MaxGrams: 30_000, MaxLongest: 100, MaxSum: 150}
			if d.IntN(2) == 0 {
				p.Services = append(p.Services, relay.Print)
			}
			all = append(all, p)
		}
	}
	return all
})

// points are those of a network.
func (n *network) points() []relay.Point {
	if n == relais {
		return relaisPoints()
	}
	return postePoints()
}

// nearest is the counter of a network next to a postcode, in its words; one that
// it is not far to drive to where nobody knows where that is.
func (n *network) nearest(postcode string) string {
	all := n.points()
	here, _, known := geo.Postcode("FR", postcode)
	best := all[0]
	for _, p := range all {
		if known && p.Located == relay.Exact && p.At.Metres(here) < best.At.Metres(here) {
			best = p
		}
	}
	return best.Name + ", " + best.City
}

// relays are the points as the network's own servers know them.
func relays() (all []mondialrelay.Point) {
	for _, p := range relaisPoints() {
		all = append(all, mondialrelay.Point{
			Number: p.Code, Name: p.Name, Street: p.Street, Postcode: p.Postcode, City: p.City, Country: p.Country,
			Latitude: p.At.Lat, Longitude: p.At.Lon, Locker: p.Kind == relay.Locker,
		})
	}
	return all
}

// offices are the post's.
func offices() (all []colissimo.Point) {
	for _, p := range postePoints() {
		all = append(all, colissimo.Point{
			ID: p.Code, Kind: "BPR", Name: p.Name, Street: p.Street, Zip: p.Postcode, City: strings.ToUpper(p.City),
			Latitude: p.At.Lat, Longitude: p.At.Lon,
		})
	}
	return all
}

// onHoliday is how many of a network's points are closed for three weeks when the
// world begins, one in so many.
const onHoliday = 25

// listed is a network's list as it stands on a day.
func (n *network) listed(today civil.Day) []relay.Point {
	all := slices.Clone(n.points())
	for i := range all {
		if i%onHoliday == onHoliday-1 && all[i].Kind != relay.Locker {
			all[i].Hours = openHours(fmt.Sprintf("%s; %s..%s off", all[i].Hours, today+2, today+22))
		}
	}
	return all
}
