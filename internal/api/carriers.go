package api

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Connection is an account with a carrier.
type Connection struct {
	ID         ident.Connection `json:"id,omitempty" doc:"Empty to open one."`
	Adapter    string           `json:"adapter" doc:"Whose format the carrier speaks: simulated is the generic webhook, ownfleet your own couriers'."`
	Name       string           `json:"name"`
	Grace      int              `json:"grace_seconds,omitempty" doc:"How long after a deadline a late report of a timely scan may still come."`
	StallAfter int              `json:"stall_after_seconds,omitempty" doc:"How long a parcel may be silent before it has stalled; two days when left out."`
	Zone       string           `json:"zone" doc:"Where the carrier's clocks hang when a scan does not say: a name of the IANA database."`
	Inquiries  string           `json:"inquiries,omitempty" doc:"Address at which the carrier takes questions about parcels; without one it is asked none."`
}

type connectionIn struct{ Body Connection }

func connect(a *API, tx *flow.Tx, c call, in *connectionIn) (reply[Connection], error) {
	b := in.Body
	if _, known := a.carriers[b.Adapter]; !known {
		return reply[Connection]{}, fault.New(fault.Invalid, "unknown_adapter", "adapter", "adapter", b.Adapter)
	}
	saved, err := carrier.Connect(tx, c.Merchant, carrier.Connection{
		ID: b.ID, Adapter: b.Adapter, Name: b.Name, Zone: b.Zone, Inquiries: b.Inquiries,
		Grace: durationOf(b.Grace), StallAfter: durationOf(b.StallAfter),
	})
	return freshly(b.ID == "", showConnection(saved)),
		named(err, "connection", "id", "grace", "grace_seconds", "stall_after", "stall_after_seconds")
}

func listConnections(_ *API, tx *db.Tx, c call, _ *none) (List[Connection], error) {
	all, err := carrier.Connections(tx, c.Merchant)
	return whole(all, showConnection), err
}

func showConnection(c carrier.Connection) Connection {
	return Connection{c.ID, c.Adapter, c.Name, seconds(c.Grace), seconds(c.StallAfter), c.Zone, c.Inquiries}
}

// Service is one thing a carrier sells.
type Service struct {
	ID        ident.Service    `json:"id,omitempty" doc:"Empty to open one."`
	Carrier   ident.Connection `json:"carrier"`
	Name      string           `json:"name"`
	Mode      carrier.Mode     `json:"mode" enum:"home,relay,locker,store,slot"`
	Countries []string         `json:"countries" maxItems:"300" doc:"ISO 3166-1; FR is the mainland, Corsica and Monaco; FR-OM is overseas."`
	Postcodes []string         `json:"postcodes,omitempty" maxItems:"2000" doc:"Beginnings of the postcodes it goes to, 69 or 6900; all of its countries when left out."`
	Limits    Limits           `json:"limits,omitzero"`
	Collects  []string         `json:"collects" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"When it takes parcels."`
	Delivers  []string         `json:"delivers" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"When it brings them."`
	Region    string           `json:"region,omitempty" doc:"Whose public holidays it keeps: FR, FR-67, FR-RE, BE, DE, DE-BY. None when left out."`
	Standards []Standard       `json:"standards" doc:"The whole list, past ones included."`
	By        string           `json:"by,omitempty" doc:"Time of day by which it delivers, 13:00; the end of the day when left out."`
	LastMile  carbon.Mode      `json:"last_mile,omitempty" enum:"home,bike,relay,locker,store" doc:"How the last kilometres are done, for the footprint."`
}

// Limits are what a service takes at most in one parcel; 0 is no limit.
type Limits struct {
	MaxGrams int `json:"max_grams,omitempty"`
	MaxUnits int `json:"max_units,omitempty"`
}

// Standard is how many working days a service takes.
type Standard struct {
	Class   carrier.Class `json:"class,omitempty" enum:"agglomeration,elsewhere" doc:"Left out, it holds for both."`
	Country string        `json:"country,omitempty"`
	Days    int           `json:"days" doc:"Working days from handing over to first presentation."`
	Since   *civil.Day    `json:"since,omitempty" doc:"First day of handing over it holds for."`
	Until   *civil.Day    `json:"until,omitempty" doc:"First day it holds no more."`
}

type serviceIn struct{ Body Service }

func setService(_ *API, tx *flow.Tx, c call, in *serviceIn) (reply[Service], error) {
	b := in.Body
	s := carrier.Service{
		ID: b.ID, Connection: b.Carrier, Name: b.Name, Mode: b.Mode, Countries: b.Countries, Postcodes: b.Postcodes, Limits: carrier.Limits(b.Limits),
		Collects: weekdaysOf(b.Collects), Delivers: weekdaysOf(b.Delivers), Region: b.Region, LastMile: b.LastMile,
	}
	if b.By != "" {
		minute, ok := minuteOf(b.By)
		if !ok {
			return reply[Service]{}, fault.New(fault.Invalid, "time_of_day_invalid", "by", "value", b.By)
		}
		s.ByMinute = minute
	}
	for _, d := range b.Standards {
		s.Standards = append(s.Standards, carrier.Standard{
			Class: d.Class, Country: d.Country, Days: d.Days, Since: dayOf(d.Since), Until: dayOf(d.Until),
		})
	}
	saved, err := carrier.SetService(tx, c.Merchant, s)
	return freshly(b.ID == "", showService(saved)), ofCarrier(named(err, "service", "id", "by_minute", "by"), "carrier", b.Carrier)
}

// ofCarrier says of a connection that is not there what a request can mend: the
// field in which it named one.
func ofCarrier(err error, field string, id ident.Connection) error {
	faults := fault.All(err)
	if len(faults) == 1 && faults[0].Kind == fault.NotFound && faults[0].Field == "connection" {
		return fault.New(fault.Invalid, "unknown_carrier", field, "carrier", string(id))
	}
	return named(err, "connection", field)
}

func listServices(_ *API, tx *db.Tx, c call, _ *none) (List[Service], error) {
	all, err := carrier.Services(tx, c.Merchant)
	return whole(all, showService), err
}

func showService(s carrier.Service) Service {
	out := Service{
		ID: s.ID, Carrier: s.Connection, Name: s.Name, Mode: s.Mode, Countries: s.Countries, Postcodes: s.Postcodes, Limits: Limits(s.Limits),
		Collects: namesOf(s.Collects), Delivers: namesOf(s.Delivers), Region: s.Region, LastMile: s.LastMile,
		Standards: mapped(s.Standards, func(d carrier.Standard) Standard {
			return Standard{d.Class, d.Country, d.Days, optional(d.Since), optional(d.Until)}
		}),
	}
	if s.ByMinute > 0 {
		out.By = clock(s.ByMinute)
	}
	return out
}
