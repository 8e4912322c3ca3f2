package locator

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Gallery is the page in each of its states, from invented points: no room is read.
// Nothing runs on it, so it names no module.
func Gallery(loc lang.Locale) (all []ui.Exhibit) {
	ordered := visit{token: "galerie", brand: "Épicerie du Canal", accent: "#17613a", locale: loc, order: "E-1042", shop: canal, near: concarneau()}
	kept := ordered
	kept.favourites = []ident.Point{"pnt_3"}
	nearby := ordered
	nearby.near.Precision = geo.Nearby
	small := func(q *relay.Query) { q.Longest, q.Sum = 45, 80 }
	for _, e := range []struct {
		name  string
		visit visit
		ask   ask
		set   func(*relay.Query)
	}{
		{"start", visit{}, ask{}, nil},
		{"found", visit{}, ask{text: "29900 Concarneau"}, nil},
		{"found-with-a-map", visit{}, ask{text: "29900 Concarneau"}, nil},
		{"found-for-an-order", ordered, ask{}, nil},
		{"favourite", kept, ask{}, nil},
		{"about-there", nearby, ask{}, nil},
		{"around-here", visit{}, ask{at: "47.8755,-3.9183"}, nil},
		{"holiday", ordered, ask{}, func(q *relay.Query) { q.Now = morning(11) }},
		{"some-do-not-do", ordered, ask{open: openNow, kilos: "25", service: relay.Send}, small},
		{"closed-then", ordered, ask{open: openThen, day: "2026-11-29", clock: "10:00"}, nil},
		{"closed-all-hold", ordered, ask{}, func(q *relay.Query) { q.Until = q.Now.Add(time.Hour) }},
		{"other-kinds", ordered, ask{}, func(q *relay.Query) { q.Kinds = []relay.Kind{relay.Locker} }},
		{"several-places", visit{}, ask{text: "Saint-Denis"}, nil},
		{"none", visit{}, ask{text: "06000 Nice"}, nil},
		{"unknown-place", visit{}, ask{text: "Xyzzyville"}, nil},
		{"unknown-position", visit{}, ask{at: "here"}, nil},
		{"mistyped", ordered, ask{open: openThen, day: "2026-11-29", kilos: "beaucoup"}, nil},
	} {
		q := relay.Query{Now: morning(24)}
		if e.set != nil {
			e.set(&q)
		}
		s := gallerySite()
		if e.name == "found-with-a-map" {
			s.Map = Map{Tiles: "https://tiles.example/{z}/{x}/{y}.png", Credit: "© OpenStreetMap", Origins: []string{"https://tiles.example"}}
		}
		p := s.answer(readBy(loc), e.visit, e.ask, q)
		p.Scripts = nil
		all = append(all, ui.Exhibit{Name: e.name, Page: show(p)})
	}
	return all
}

// canal is the shop whose order leads to the page.
const canal = ident.Merchant("mer_00000000000000000000000000")

// readBy is a request in a language.
func readBy(loc lang.Locale) *http.Request {
	return &http.Request{Method: http.MethodGet, URL: &url.URL{}, Header: http.Header{"Accept-Language": {string(loc)}}}
}

// morning is half past nine of a day of November 2026; the 24th is a Tuesday, and
// the 11th a holiday.
func morning(day int) civil.Instant {
	return civil.At(time.Date(2026, time.November, day, 9, 30, 0, 0, paris))
}

func concarneau() geo.Spot {
	return geo.Geocode("FR", "29900 Concarneau")[0]
}

// gallerySite knows the gallery's points and nothing else.
func gallerySite() *site {
	s := &site{Config: Config{Index: &relay.Index{}}}
	if err := s.Index.Put(points()...); err != nil {
		panic(err) // points of the gallery
	}
	return s
}

// points are one of each kind and state, and many that take nothing.
func points() (all []relay.Point) {
	const week = "Mo-Sa 09:00-12:30,14:00-19:00; PH off"
	add := func(name, street, hours string, sets ...func(*relay.Point)) {
		all = append(all, near(len(all), name, street, hours, sets...))
	}
	add("Tabac du Port", "3 quai Carnot", week)
	add("Consigne de la Gare", "Place de la Gare", "24/7", of(relay.Locker), taking(relay.Limits{MaxGrams: 20_000, MaxLongest: 60, MaxSum: 120}))
	add("Librairie des Remparts", "12 rue Vauban", "Tu-Sa 14:00-19:00; PH off", func(p *relay.Point) {
		p.Moved, p.Was = morning(10), "4 rue Vauban, 29900 Concarneau"
	})
	add("Concarneau Ville", "14 quai Pénéroff", "Mo-Fr 09:00-17:30", of(relay.PostOffice), func(p *relay.Point) { p.Services = []string{relay.Print, relay.Send} })
	add("Épicerie du Canal, Concarneau", "1 rue du Port", "Mo-Su off", of(relay.Depot))
	add("Pressing du Centre", "", "", func(p *relay.Point) {
		p.Located, p.Seen = relay.ByCommune, morning(1)
		p.Services = []string{relay.Collect, relay.Charge, "gift_wrapping"}
	})
	add("Boutique de Kerandon", "9 avenue de Kérandon", week, of(relay.Store), func(p *relay.Point) { p.Network = string(canal) })
	add("Fleurs de Lanriec", "2 place de Lanriec", "24/7", taking(relay.Limits{MaxGrams: 30_000, MaxLongest: 40}))
	add("Mercerie de la Ville Close", "6 rue Saint-Guénolé", "24/7", taking(relay.Limits{MaxGrams: 30_000, MaxSum: 60}))
	for i := range 16 {
		add(fmt.Sprintf("Kiosque n° %d", i+1), "Rue de Trégunc", "24/7", taking(relay.Limits{MaxGrams: 3000}))
	}
	return all
}

// near is a point, the further from the town's middle the higher its number.
func near(n int, name, street, hours string, sets ...func(*relay.Point)) relay.Point {
	h, err := civil.ParseHours("hours", hours)
	if err != nil {
		panic(err) // hours written in the gallery
	}
	at := concarneau().Point
	at.Lat += float64(n+1) * 0.0021
	p := relay.Point{
		ID: ident.Point(fmt.Sprintf("pnt_%d", n+1)), Network: "mondial_relay", Code: fmt.Sprintf("%05d", n+1), Kind: relay.Shop, Name: name, Street: street,
		Postcode: "29900", City: "Concarneau", Country: "FR", At: at, Located: relay.Exact, Zone: "Europe/Paris",
		Services: []string{relay.Collect, relay.Send}, Hours: h.In(civil.RegionOf("FR", "29900")), Seen: morning(23),
	}
	for _, set := range sets {
		set(&p)
	}
	return p
}

func of(k relay.Kind) func(*relay.Point) { return func(p *relay.Point) { p.Kind = k } }

func taking(l relay.Limits) func(*relay.Point) { return func(p *relay.Point) { p.Limits = l } }
