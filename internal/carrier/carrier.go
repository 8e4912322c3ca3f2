// Package carrier knows who carries parcels for a merchant: the connections it
// holds with carriers, the services it may use over each, how many working days
// a service takes to a place from which day on, and the words in which every
// carrier's scans are told.
//
// It stores connections with their sealed accounts, services, the questions put
// to carriers, and the book of labels: one label a key, for ever. It emits
// carrier.connection_set, carrier.service_set, carrier.asked and
// carrier.answered, and hears nothing.
//
// A parser turns what one carrier sends into Reports; an adapter may also make
// labels, list points and ask after parcels, each behind a small interface.
// Adapters live in folders of their own below this one, and only the program's
// wiring knows which there are. The package deliberately does not keep scans
// (tracking does), calls nobody inside a transaction, and does not estimate: a
// Standard is what the carrier says of itself, and how it really does is
// promise's business.
package carrier

import (
	"time"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
)

// Connection is a merchant's account with a carrier.
type Connection struct {
	ID         ident.Connection
	Adapter    string        // who parses what it sends: a key of the Registry
	Name       string        // as the merchant calls it
	Grace      time.Duration // how long after a deadline a late report of a timely scan may still come
	StallAfter time.Duration // a parcel not heard of for so long has stalled
	Zone       string        // IANA name: where the carrier's clocks hang when a scan does not say
	Inquiries  string        // address at which it takes questions about parcels; empty: it takes none
}

// DefaultStall is how long a parcel may be silent when the connection does not say.
const DefaultStall = 48 * time.Hour

// Mode is how a parcel reaches the shopper.
type Mode string

// The modes.
const (
	Home   Mode = "home"
	Relay  Mode = "relay"
	Locker Mode = "locker"
	Store  Mode = "store"
	Slot   Mode = "slot" // to the door, by appointment
)

// Modes lists them.
var Modes = []Mode{Home, Relay, Locker, Store, Slot}

// Collected reports whether the shopper fetches the parcel at a point.
func (m Mode) Collected() bool { return m == Relay || m == Locker || m == Store }

// Limits are what a service takes at most in one parcel; 0 is no limit.
type Limits struct {
	MaxGrams int `json:"max_grams"`
	MaxUnits int `json:"max_units"`
}

// Service is one thing a carrier sells: a mode, to some countries, at a pace.
type Service struct {
	ID         ident.Service
	Connection ident.Connection
	Name       string
	Mode       Mode
	Countries  []string // areas served, as Standard.Country writes them
	Postcodes  []string // beginnings of the postcodes served in them, "69", "6900"; empty: all
	Limits     Limits
	Collects   civil.Weekdays // when it takes parcels from the merchant
	Delivers   civil.Weekdays // when it brings them
	Region     string         // civil.Region whose public holidays it keeps; "" keeps none
	Standards  []Standard
	ByMinute   int         // delivered before this local minute of the day; 0 = by its end
	LastMile   carbon.Mode // how the last kilometres are done, for the footprint
}

// Class parts a country in two, as service standards do.
type Class string

// The classes. The zero Class is both.
const (
	Anywhere        Class = ""
	InAgglomeration Class = "agglomeration"
	Elsewhere       Class = "elsewhere"
)

// Standard is how many of the carrier's working days a parcel takes, from the
// day it is handed over to the day it is first presented, to a class of places,
// between two days. A change of pace is two standards, the second beginning on
// the day the first ends.
type Standard struct {
	Class   Class     `json:"class"`
	Country string    `json:"country"` // ISO 3166-1; "FR" is the mainland, Corsica and Monaco; "FR-COR" and "FR-OM" name Corsica and overseas; "" anywhere served
	Days    int       `json:"days"`
	Since   civil.Day `json:"since"` // first day of handing over it holds for; NoDay or the zero Day = from ever
	Until   civil.Day `json:"until"` // first day it holds no more; NoDay or the zero Day = no end
}
