// Package relay is the places where a parcel waits or is handed in: shops,
// lockers and post offices of many networks, and a merchant's own stores.
//
// It stores the points with their address, position, services, limits and
// opening hours, and when their network last said that they exist. A point that
// moves keeps its id and says where it was; one that its network no longer
// names is gone, and comes back under the same id. It also stores which points a
// shopper wants to be shown first. It emits relay.points_fed for a list taken in,
// relay.store_set for a store and relay.favourite_set, and hears nothing.
//
// A search runs in memory (Index): nearest first, by true distance, and every
// point passed over comes back with the reason. A network's points are
// everybody's to see, whoever brought the list in; who may bring one in is for
// the doors to decide. A store is shown for its owner alone.
//
// It deliberately holds no parcel, knows no carrier's protocol (adapters and
// files bring points in one shape) and reserves no place: capacity is what a
// network says, for people to read.
package relay

import (
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Kind is what sort of place a point is.
type Kind string

// The kinds.
const (
	Shop       Kind = "shop"
	Locker     Kind = "locker"
	PostOffice Kind = "post_office"
	Store      Kind = "store" // the merchant's own
	Depot      Kind = "depot"
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Shop, Locker, PostOffice, Store, Depot} }

// Located is how well a point's position is known.
type Located string

// The ways. Only exact ones are worth a route.
const (
	Exact     Located = "exact"   // its network said where
	ByCommune Located = "commune" // about where its town or postcode is
	Nowhere   Located = "none"    // not known: no search by distance finds it
)

// Services that many networks have; the list is open.
const (
	Collect = "collect" // a parcel waits there
	Send    = "send"    // a parcel is handed in there
	Print   = "print"   // a label is printed there
	Charge  = "charge_phone"
)

// Limits are the largest parcel a point takes. Zero: nobody said.
type Limits struct {
	MaxGrams   int `json:"max_grams,omitempty"`
	MaxLongest int `json:"max_longest,omitempty"` // the longest side, in cm
	MaxSum     int `json:"max_sum,omitempty"`     // length, width and height together, in cm
}

// Point is a place of a network, or a store.
type Point struct {
	ID       ident.Point
	Network  string // "mondial_relay", "colissimo", or the id of the organisation whose store it is
	Code     string // the network's own number for it
	Kind     Kind
	Name     string
	Street   string
	Extra    string // floor, shopping centre
	Postcode string
	City     string
	Country  string // ISO 3166-1 alpha-2
	At       geo.Point
	Located  Located
	Services []string // lower case, sorted
	Limits   Limits
	Hours    civil.Hours
	Zone     string // IANA name: by whose clocks the hours are
	Capacity int    // parcels that find room; 0 is not known

	Seen  civil.Instant // when its network last said it exists
	Gone  civil.Instant // when its network no longer named it; zero: it is there
	Moved civil.Instant // when it was last found elsewhere than before; zero: never
	Was   string        // its address before that
}

// Owner is whose store the point is; empty for a network's.
func (p Point) Owner() ident.Merchant { return ownerOf(p.Network) }

func ownerOf(network string) ident.Merchant {
	if m := ident.Merchant(network); strings.HasPrefix(network, m.Prefix()+"_") {
		return m
	}
	return ""
}

// Address is the point's address on one line.
func (p Point) Address() string {
	return strings.Join(slices.DeleteFunc([]string{p.Street, p.Extra, p.Postcode + " " + p.City}, func(s string) bool { return s == "" }), ", ")
}

// Offers reports whether the point has a service.
func (p Point) Offers(service string) bool { return slices.Contains(p.Services, service) }

// same reports whether a network says of a point what it said before.
func (p Point) same(q Point) bool {
	return p.Kind == q.Kind && p.Name == q.Name && p.Address() == q.Address() && p.Country == q.Country && p.At == q.At &&
		p.Located == q.Located && slices.Equal(p.Services, q.Services) && p.Limits == q.Limits && p.Hours.Equal(q.Hours) &&
		p.Zone == q.Zone && p.Capacity == q.Capacity
}

// moved is how far a point must be found from where it was to have moved, in
// metres: networks correct their positions by less every week.
const moved = 150

// movedFrom reports whether the point is elsewhere than it was: by its position
// where both are exact, else by its address.
func (p Point) movedFrom(q Point) bool {
	if p.Located == Exact && q.Located == Exact {
		return p.At.Metres(q.At) > moved
	}
	return p.Postcode != q.Postcode || geo.Fold(p.Street) != geo.Fold(q.Street)
}
