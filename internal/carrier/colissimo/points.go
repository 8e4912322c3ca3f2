package colissimo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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

type pointRequest struct {
	APIKey   string `json:"apiKey,omitempty"`
	Contract string `json:"accountNumber,omitempty"`
	Password string `json:"password,omitempty"`
	City     string `json:"city,omitempty"`
	Zip      string `json:"zipCode"`
	Country  string `json:"countryCode"`
	Weight   string `json:"weight,omitempty"` // grams
	Day      string `json:"shippingDate,omitempty"`
	Relays   string `json:"filterRelay"` // "0": post offices alone
	Abroad   string `json:"optionInter"`
	Origin   string `json:"origin"`
}

// relayGrams is the heaviest that relays take; above it post offices are asked for.
const relayGrams = 20_000

// Points is carrier.Points: post offices and relays near a postcode.
func (ad Adapter) Points(ctx context.Context, out *egress.Client, c carrier.Connection, a carrier.Account, q carrier.PointQuery) ([]relay.Point, error) {
	answer, err := ad.post(ctx, out, c, a, pathPoints, search(a, q))
	if err != nil {
		return nil, err
	}
	var got struct {
		Code    loose   `json:"errorCode"`
		Text    string  `json:"errorMessage"`
		Message string  `json:"message"`
		List    []point `json:"listePointRetraitAcheminement"`
	}
	if err := json.Unmarshal(answer.Body, &got); err != nil {
		return nil, carrier.Unread("no JSON", err)
	}
	switch {
	case answer.Status != http.StatusOK || got.Code == "":
		return nil, carrier.Unread("HTTP "+strconv.Itoa(answer.Status), nil)
	case got.Code != "0":
		return nil, refusal(string(got.Code), got.Text+got.Message)
	}
	return placesOf(got.List, q.Limit)
}

func placesOf(list []point, limit int) ([]relay.Point, error) {
	var points []relay.Point
	var faults fault.List
	for i, p := range list {
		if limit > 0 && len(points) == limit {
			break
		}
		one, err := p.relay(fmt.Sprintf("points[%d]", i))
		faults = append(faults, fault.All(err)...)
		if err == nil {
			points = append(points, one)
		}
	}
	return points, faults.Err()
}

func search(a carrier.Account, q carrier.PointQuery) pointRequest {
	r := pointRequest{City: q.City, Zip: q.Postcode, Country: q.Country, Relays: "1", Abroad: "0", Origin: "CMS"}
	if r.APIKey = a.Field(apiKey); r.APIKey == "" {
		r.Contract, r.Password = a.Field(contract), a.Field(password)
	}
	if q.Grams > 0 {
		r.Weight = strconv.Itoa(q.Grams)
	}
	if q.Grams > relayGrams {
		r.Relays = "0"
	}
	if q.Country != "FR" {
		r.Abroad = "1"
	}
	if q.On != 0 && q.On != civil.NoDay {
		y, m, d := q.On.Date()
		r.Day = fmt.Sprintf("%02d/%02d/%04d", d, m, y)
	}
	return r
}

// point is a place as the service writes it.
type point struct {
	ID        loose     `json:"identifiant"`
	Name      string    `json:"nom"`
	Street    string    `json:"adresse1"`
	Extra     string    `json:"adresse2"`
	More      string    `json:"adresse3"`
	Zip       loose     `json:"codePostal"`
	City      string    `json:"localite"`
	Country   string    `json:"codePays"`
	Latitude  loose     `json:"coordGeolocalisationLatitude"`
	Longitude loose     `json:"coordGeolocalisationLongitude"`
	Kind      string    `json:"typeDePoint"`
	MaxGrams  loose     `json:"poidsMaxi"`
	Monday    string    `json:"horairesOuvertureLundi"`
	Tuesday   string    `json:"horairesOuvertureMardi"`
	Wednesday string    `json:"horairesOuvertureMercredi"`
	Thursday  string    `json:"horairesOuvertureJeudi"`
	Friday    string    `json:"horairesOuvertureVendredi"`
	Saturday  string    `json:"horairesOuvertureSamedi"`
	Sunday    string    `json:"horairesOuvertureDimanche"`
	Closures  []closure `json:"listeConges"`
}

// closure is a holiday of the place; the form of its days is not certain.
type closure struct {
	From  loose `json:"calendarDeDebut"`
	Until loose `json:"calendarDeFin"`
}

// kinds are the types of points. Their list is the carrier's, what each means is
// from memory but for the post office.
var kinds = map[string]relay.Kind{
	"BPR": relay.PostOffice, "A2P": relay.Shop, "PCS": relay.Shop, "CMT": relay.Shop, "ACP": relay.Depot, "CDI": relay.Depot,
}

func (p point) relay(at string) (relay.Point, error) {
	hours, err := p.hours(at + ".hours")
	if err != nil {
		return relay.Point{}, err
	}
	kind, known := kinds[p.Kind]
	if !known {
		kind = relay.Shop
	}
	out := relay.Point{
		Network: Key, Code: string(p.ID), Kind: kind, Name: line(p.Name, 120), Street: line(p.Street, 200),
		Extra: line(strings.TrimSpace(p.Extra+" "+p.More), 200), Postcode: string(p.Zip), City: line(p.City, 120), Country: p.Country,
		Services: []string{relay.Collect, relay.Send, relay.Print}, Limits: relay.Limits{MaxGrams: relayGrams}, Hours: hours,
	}
	if kind == relay.PostOffice {
		out.Limits.MaxGrams = maxGrams
	}
	if n, err := strconv.Atoi(string(p.MaxGrams)); err == nil && n > 0 && n <= maxGrams {
		out.Limits.MaxGrams = n
	}
	lat, err1 := strconv.ParseFloat(string(p.Latitude), 64)
	lon, err2 := strconv.ParseFloat(string(p.Longitude), 64)
	if err1 == nil && err2 == nil && (lat != 0 || lon != 0) {
		out.At, out.Located = geo.Point{Lat: lat, Lon: lon}, relay.Exact
	}
	return relay.Check(at, out)
}

// hours are half-days, "09:00-12:00 14:00-18:00"; "00:00-00:00" is closed. About
// public holidays the service says nothing, and so do we.
func (p point) hours(at string) (civil.Hours, error) {
	var spec civil.HoursSpec
	for day, text := range [7]string{p.Sunday, p.Monday, p.Tuesday, p.Wednesday, p.Thursday, p.Friday, p.Saturday} {
		for half := range strings.FieldsSeq(text) {
			from, until, ok := strings.Cut(half, "-")
			a, ok1 := minute(from)
			b, ok2 := minute(until)
			if !ok || !ok1 || !ok2 {
				return civil.Hours{}, fault.New(fault.Invalid, "hours_unreadable", at, "rule", line(half, 40))
			}
			if a != b && b != 0 {
				spec.Week[day] = append(spec.Week[day], civil.Span{From: a, Until: b})
			}
		}
	}
	for _, c := range p.Closures {
		from, ok1 := day(c.From)
		until, ok2 := day(c.Until)
		if ok1 && ok2 && from <= until {
			spec.Dated = append(spec.Dated, civil.Dated{Days: civil.Days{First: from, Last: until}})
		}
	}
	return civil.NewHours(at, spec)
}

// minute reads "09:00" as a minute of the day.
func minute(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hour, err1 := strconv.Atoi(h)
	min, err2 := strconv.Atoi(m)
	return hour*60 + min, ok && err1 == nil && err2 == nil && hour >= 0 && hour <= 24 && min >= 0 && min < 60
}

// day reads a day written out, or the milliseconds that Java counts.
func day(s loose) (civil.Day, bool) {
	if ms, err := strconv.ParseInt(string(s), 10, 64); err == nil {
		t := time.UnixMilli(ms).UTC()
		return civil.Date(t.Date()), ms > 0 && t.Year() < 3000
	}
	for _, layout := range []string{"2006-01-02", "02/01/2006", time.RFC3339} {
		if t, err := time.Parse(layout, string(s)); err == nil {
			return civil.Date(t.Date()), true
		}
	}
	return 0, false
}
