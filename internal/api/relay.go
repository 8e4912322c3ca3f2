package api

import (
	"strconv"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
)

// Point is a place where a parcel waits or is handed in.
type Point struct {
	ID       ident.Point   `json:"id"`
	Network  string        `json:"network" doc:"mondial_relay, colissimo, or the organisation whose store it is."`
	Code     string        `json:"code" doc:"The network's own number for it."`
	Kind     relay.Kind    `json:"kind" enum:"shop,locker,post_office,store,depot"`
	Name     string        `json:"name"`
	Street   string        `json:"street,omitempty"`
	Extra    string        `json:"extra,omitempty"`
	Postcode string        `json:"postcode"`
	City     string        `json:"city"`
	Country  string        `json:"country"`
	At       *Spot         `json:"at,omitempty"`
	Located  relay.Located `json:"located" enum:"exact,commune,none" doc:"Only exact ones are worth a route."`
	Services []string      `json:"services" doc:"An open list: collect, send, print, charge_phone…"`
	Limits   PointLimits   `json:"limits"`
	Hours    string        `json:"hours,omitempty" doc:"Mo-Fr 09:00-19:00; Sa 09:00-12:30; PH off. Left out when nobody said."`
	Zone     string        `json:"zone" doc:"By whose clocks the hours are."`
	Capacity int           `json:"capacity,omitempty" doc:"Parcels that find room, as the network says."`
	SeenAt   civil.Instant `json:"seen_at" doc:"When its network last said that it exists."`
	GoneAt   civil.Instant `json:"gone_at,omitzero" doc:"When it no longer did."`
}

// PointLimits are the largest parcel a point takes; 0: nobody said.
type PointLimits struct {
	MaxGrams   int `json:"max_grams,omitempty"`
	MaxLongest int `json:"max_longest,omitempty" doc:"The longest side, in cm."`
	MaxSum     int `json:"max_sum,omitempty" doc:"The three sides together, in cm."`
}

// FoundPoint is a point that does.
type FoundPoint struct {
	Point
	Metres  int      `json:"metres" doc:"As the crow flies."`
	OpenNow bool     `json:"open_now"`
	Opens   *Opening `json:"opens,omitempty" doc:"Its opening now, or the next one."`
}

// Opening is a stretch of time in which a point is open.
type Opening struct {
	From  civil.Instant `json:"from"`
	Until civil.Instant `json:"until" doc:"Exclusive."`
}

// PassedPoint is a point that was nearer than the last one found and does not do.
type PassedPoint struct {
	ID     ident.Point  `json:"id"`
	Name   string       `json:"name"`
	Metres int          `json:"metres"`
	Reason relay.Reason `json:"reason" enum:"other_kind,no_service,too_heavy,too_long,too_large,hours_unsaid,closed_now,closed_then,closed_all_hold"`
}

// Points is what a search found.
type Points struct {
	Near   Place         `json:"near" doc:"Where it was looked."`
	Places []Place       `json:"places" doc:"What else may have been meant: a postcode of several towns, a name that several bear."`
	Items  []FoundPoint  `json:"items" doc:"The nearest first."`
	Passed []PassedPoint `json:"passed"`
}

// Place is somewhere that may have been meant.
type Place struct {
	Spot
	Label     string        `json:"label,omitempty"`
	Precision geo.Precision `json:"precision,omitempty" enum:"address,street,commune,near,department"`
}

type pointsIn struct {
	Near     string       `query:"near" maxLength:"60" doc:"Latitude and longitude: 45.7578,4.832."`
	Text     string       `query:"text" maxLength:"200" doc:"Instead: a postcode, a town, or both."`
	Country  string       `query:"country" default:"FR" maxLength:"2"`
	Networks []string     `query:"network" maxItems:"20" doc:"All when left out."`
	Kinds    []relay.Kind `query:"kind" maxItems:"5" enum:"shop,locker,post_office,store,depot"`
	Service  string       `query:"service" maxLength:"40"`
	Grams    int          `query:"grams" minimum:"0" doc:"Of the parcel."`
	Longest  int          `query:"longest_cm" minimum:"0"`
	Sum      int          `query:"sum_cm" minimum:"0" doc:"Its three sides together."`
	Open     bool         `query:"open_now"`
	OpenAt   string       `query:"open_at" format:"date-time" doc:"When the shopper can come."`
	Since    string       `query:"hold_from" format:"date-time" doc:"With hold_until: from when on the parcel may be there; now when left out."`
	Until    string       `query:"hold_until" format:"date-time" doc:"The end of a hold: none that is closed until then."`
	Limit    int          `query:"limit" minimum:"1" maximum:"200" default:"10"`
}

func listPoints(a *API, tx *db.Tx, c call, in *pointsIn) (Points, error) {
	places, err := in.places()
	if err != nil {
		return Points{}, err
	}
	q := relay.Query{
		Near: geo.Point(places[0].Spot), Networks: in.Networks, Owner: c.Merchant, Kinds: in.Kinds, Service: in.Service,
		Grams: in.Grams, Longest: in.Longest, Sum: in.Sum, Now: tx.Now, Open: in.Open, Limit: in.Limit,
	}
	if err := in.clocks(&q); err != nil {
		return Points{}, err
	}
	if err := a.points.Refresh(tx); err != nil {
		return Points{}, err
	}
	found, left := a.points.Find(q)
	return Points{Near: places[0], Places: places[1:], Items: mapped(found, showFound), Passed: mapped(left, showUnfit)}, nil
}

// places are where may have been meant, the likeliest first. The faults are
// field_required and parameter_invalid.
func (in *pointsIn) places() ([]Place, error) {
	switch {
	case in.Near != "":
		lat, lon, _ := strings.Cut(in.Near, ",")
		y, errLat := strconv.ParseFloat(strings.TrimSpace(lat), 64)
		x, errLon := strconv.ParseFloat(strings.TrimSpace(lon), 64)
		if errLat != nil || errLon != nil || !(-90 <= y && y <= 90) || !(-180 <= x && x <= 180) {
			return nil, fault.New(fault.Invalid, "parameter_invalid", "near", "value", in.Near)
		}
		return []Place{{Spot: Spot{y, x}}}, nil
	case in.Text == "":
		return nil, fault.New(fault.Invalid, "field_required", "near")
	}
	spots := geo.Geocode(in.Country, in.Text)
	if at, precision, ok := geo.Postcode(in.Country, in.Text); len(spots) == 0 && ok {
		spots = []geo.Spot{{Point: at, Label: in.Text, Precision: precision}}
	}
	if len(spots) == 0 {
		return nil, fault.New(fault.Invalid, "parameter_invalid", "text", "value", in.Text)
	}
	return mapped(spots, func(s geo.Spot) Place { return Place{Spot(s.Point), s.Label, s.Precision} }), nil
}

// clocks reads the instants of a search. The fault is instant_invalid.
func (in *pointsIn) clocks(q *relay.Query) error {
	var faults fault.List
	read := func(field, text string) civil.Instant {
		if text == "" {
			return 0
		}
		at, err := civil.ParseInstant(text)
		if err != nil {
			faults.Add(fault.Invalid, "instant_invalid", field, "value", text)
		}
		return at
	}
	q.OpenAt, q.Since, q.Until = read("open_at", in.OpenAt), read("hold_from", in.Since), read("hold_until", in.Until)
	return faults.Err()
}

func showFound(f relay.Found) FoundPoint {
	out := FoundPoint{Point: showPoint(*f.Point), Metres: int(f.Metres), OpenNow: f.OpenNow}
	if f.Opens != (civil.Interval{}) {
		out.Opens = &Opening{f.Opens.From, f.Opens.Until}
	}
	return out
}

func showUnfit(u relay.Unfit) PassedPoint { return PassedPoint{u.ID, u.Name, int(u.Metres), u.Reason} }

func showPoint(p relay.Point) Point {
	out := Point{
		ID: p.ID, Network: p.Network, Code: p.Code, Kind: p.Kind, Name: p.Name, Street: p.Street, Extra: p.Extra, Postcode: p.Postcode,
		City: p.City, Country: p.Country, Located: p.Located, Services: append([]string{}, p.Services...), Limits: PointLimits(p.Limits),
		Hours: p.Hours.String(), Zone: p.Zone, Capacity: p.Capacity, SeenAt: p.Seen, GoneAt: p.Gone,
	}
	if p.Located != relay.Nowhere {
		out.At = (*Spot)(&p.At)
	}
	return out
}

// NewStore is a store of the shop's own, where parcels may wait and articles come
// back.
type NewStore struct {
	Code     string      `json:"code" doc:"Yours, one of a kind; the same again changes the store."`
	Name     string      `json:"name"`
	Street   string      `json:"street,omitempty"`
	Extra    string      `json:"extra,omitempty"`
	Postcode string      `json:"postcode"`
	City     string      `json:"city"`
	Country  string      `json:"country"`
	At       *Spot       `json:"at,omitempty" doc:"About where its postcode is when left out."`
	Services []string    `json:"services,omitempty" maxItems:"20"`
	Limits   PointLimits `json:"limits,omitzero"`
	Hours    string      `json:"hours,omitempty" doc:"Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:30; PH off"`
	Zone     string      `json:"zone,omitempty" doc:"That of its address when left out."`
	Capacity int         `json:"capacity,omitempty"`
}

type storeIn struct{ Body NewStore }

func setStore(_ *API, tx *flow.Tx, c call, in *storeIn) (reply[Point], error) {
	b := in.Body
	hours, err := civil.ParseHours("hours", b.Hours)
	if err != nil {
		return reply[Point]{}, err
	}
	p := relay.Point{
		Code: b.Code, Name: b.Name, Street: b.Street, Extra: b.Extra, Postcode: b.Postcode, City: b.City, Country: b.Country,
		Services: b.Services, Limits: relay.Limits(b.Limits), Hours: hours, Zone: b.Zone, Capacity: b.Capacity,
	}
	if b.At != nil {
		p.At = geo.Point(*b.At)
	}
	p, err = relay.SetStore(tx, c.Merchant, p)
	return ok(showPoint(p)), ofStore(err)
}

// ofStore puts the room's paths into ours.
func ofStore(err error) error {
	var names []string
	for _, field := range []string{"code", "name", "street", "extra", "postcode", "city", "country", "services", "hours", "zone", "capacity"} {
		names = append(names, "store."+field, field)
	}
	for _, field := range []string{"max_grams", "max_longest", "max_sum"} {
		names = append(names, "store."+field, "limits."+field)
	}
	return named(err, append(names, "store.latitude", "at.lat", "store.longitude", "at.lon")...)
}

type storesIn struct {
	After string `query:"after" maxLength:"100" doc:"The 'next' of the page before."`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many at most."`
}

func listStores(_ *API, tx *db.Tx, c call, in *storesIn) (List[Point], error) {
	all, err := relay.List(tx, string(c.Merchant), in.After, in.Limit+1)
	out := List[Point]{}
	if len(all) > in.Limit {
		all = all[:in.Limit]
		out.Next = all[in.Limit-1].Code
	}
	out.Items = mapped(all, showPoint)
	return out, err
}

type storePath struct {
	Code string `path:"code" maxLength:"100"`
}

func closeStore(_ *API, tx *flow.Tx, c call, in *storePath) (reply[nothing], error) {
	return done(), relay.CloseStore(tx, c.Merchant, in.Code)
}
