package mondialrelay

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/relay"
)

const (
	searchPoints = "WSI4_PointRelais_Recherche"
	maxPoints    = 30 // of one answer, by the service's own rule
)

// Points is carrier.Points: the points nearest to a position or a postcode.
func (ad Adapter) Points(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, q carrier.PointQuery) ([]relay.Point, error) {
	raw, err := ad.ask(ctx, out, c, a, searchPoints, search(a, q))
	if err != nil {
		return nil, err
	}
	got, err := result[struct {
		STAT filled
		List []point `xml:"PointsRelais>PointRelais_Details"`
	}](raw, searchPoints)
	switch {
	case err != nil:
		return nil, err
	case got.STAT != "0":
		return nil, refusal(got.STAT)
	}
	var points []relay.Point
	var faults fault.List
	for i, p := range got.List {
		one, err := p.relay(fmt.Sprintf("points[%d]", i))
		faults = append(faults, fault.All(err)...)
		if err == nil {
			points = append(points, one)
		}
	}
	return points, faults.Err()
}

// search is a query in the order of the WSDL.
func search(a carrier.Account, q carrier.PointQuery) []param {
	params := []param{{"Enseigne", a.Field(brand)}, {"Pays", q.Country}}
	if q.At != (geo.Point{}) {
		params = append(params, param{"Latitude", degrees(q.At.Lat)}, param{"Longitude", degrees(q.At.Lon)})
	} else {
		params = append(params, param{"Ville", capitals(q.City, 26)}, param{"CP", capitals(q.Postcode, 10)})
	}
	if q.Grams > 0 {
		params = append(params, param{"Poids", fmt.Sprintf("%03d", max(q.Grams, minGrams))})
	}
	switch q.Service {
	case relay.Send:
		params = append(params, param{"Action", "REL"})
	case relay.Collect:
		params = append(params, param{"Action", "24R"})
	}
	n := maxPoints
	if q.Limit > 0 {
		n = min(q.Limit, n)
	}
	return append(params, param{"NombreResultats", strconv.Itoa(n)})
}

// degrees writes a coordinate as the service wants it: seven decimals.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }

// point is a relay as the service writes it: padded with spaces, decimals after
// a comma.
type point struct {
	Num       filled
	Name      filled `xml:"LgAdr1"`
	NameMore  filled `xml:"LgAdr2"`
	Street    filled `xml:"LgAdr3"`
	Extra     filled `xml:"LgAdr4"`
	Postcode  filled `xml:"CP"`
	City      filled `xml:"Ville"`
	Country   filled `xml:"Pays"`
	Latitude  filled
	Longitude filled
	Info      filled   `xml:"Information"`
	Monday    []filled `xml:"Horaires_Lundi>string"`
	Tuesday   []filled `xml:"Horaires_Mardi>string"`
	Wednesday []filled `xml:"Horaires_Mercredi>string"`
	Thursday  []filled `xml:"Horaires_Jeudi>string"`
	Friday    []filled `xml:"Horaires_Vendredi>string"`
	Saturday  []filled `xml:"Horaires_Samedi>string"`
	Sunday    []filled `xml:"Horaires_Dimanche>string"`
	Closures  []struct {
		From  filled `xml:"Debut"`
		Until filled `xml:"Fin"`
	} `xml:"Informations_Dispo>Periode"`
}

// relay is a point in our words.
func (p point) relay(at string) (relay.Point, error) {
	hours, err := p.hours(at + ".hours")
	if err != nil {
		return relay.Point{}, err
	}
	name := string(p.Name)
	if p.NameMore != "" {
		name += ", " + string(p.NameMore)
	}
	out := relay.Point{
		Network: Key, Code: code(p.Num), Kind: relay.Shop, Name: cut(name, 120), Street: string(p.Street), Extra: string(p.Extra),
		Postcode: string(p.Postcode), City: string(p.City), Country: string(p.Country), Hours: hours,
		Services: []string{relay.Collect, relay.Send, relay.Print}, Limits: relay.Limits{MaxGrams: maxGrams},
	}
	if p.Info == "LOCKER" {
		out.Kind, out.Services = relay.Locker, []string{relay.Collect, relay.Send} // nobody is there to print
	}
	lat, ok1 := number(p.Latitude)
	lon, ok2 := number(p.Longitude)
	if ok1 && ok2 && (lat != 0 || lon != 0) {
		out.At, out.Located = geo.Point{Lat: lat, Lon: lon}, relay.Exact
	}
	return relay.Check(at, out)
}

// code is a relay's number in six figures: some come without their zeros.
func code(num filled) string {
	if n := 6 - len(num); n > 0 && n < 6 {
		return strings.Repeat("0", n) + string(num)
	}
	return string(num)
}

// number reads a decimal with a comma.
func number(s filled) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(string(s), ",", ".", 1), 64)
	return v, err == nil
}

// hours are two openings a day, and closures. The service says nothing about
// public holidays, and so do we.
func (p point) hours(at string) (civil.Hours, error) {
	var spec civil.HoursSpec
	for day, times := range [7][]filled{p.Sunday, p.Monday, p.Tuesday, p.Wednesday, p.Thursday, p.Friday, p.Saturday} {
		for i := 0; i+1 < len(times); i += 2 {
			span, open, err := opening(times[i], times[i+1], at)
			if err != nil {
				return civil.Hours{}, err
			}
			if open {
				spec.Week[day] = append(spec.Week[day], span)
			}
		}
	}
	for _, c := range p.Closures {
		from, ok1 := closureDay(c.From)
		until, ok2 := closureDay(c.Until)
		if ok1 && ok2 && from <= until {
			spec.Dated = append(spec.Dated, civil.Dated{Days: civil.Days{First: from, Last: until}})
		}
	}
	return civil.NewHours(at, spec)
}

// opening reads one, "0900" to "1230"; "0000" twice is none. A locker's day is
// written 0001 to 2359: it is a whole one.
func opening(from, until filled, at string) (s civil.Span, open bool, err error) {
	a, ok1 := minute(from)
	b, ok2 := minute(until)
	if !ok1 || !ok2 {
		return s, false, fault.New(fault.Invalid, "hours_unreadable", at, "rule", carrier.Said(string(from+"-"+until)))
	}
	if a == b || b == 0 {
		return s, false, nil
	}
	if a <= 1 && b >= 24*60-1 {
		a, b = 0, 24*60
	}
	return civil.Span{From: a, Until: b}, true, nil
}

// minute reads HHMM as a minute of the day. Silence is midnight.
func minute(s filled) (int, bool) {
	if s == "" {
		return 0, true
	}
	if !figures(string(s), 4) {
		return 0, false
	}
	n, _ := strconv.Atoi(string(s))
	return n/100*60 + n%100, n/100 <= 24 && n%100 < 60
}

// closureDay reads the day of a closure, in either way a day is written there.
func closureDay(s filled) (civil.Day, bool) {
	text := string(s)
	for _, layout := range []string{"02/01/2006 15:04:05", "02/01/2006", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return civil.Date(t.Date()), true
		}
	}
	return 0, false
}
