package checkout

import (
	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
)

// pickup is a parcel that is to wait at a point: what the point must be able to do.
type pickup struct {
	service carrier.Service
	network string    // whose points the service goes to
	to      geo.Place // for which the date was computed
	grams   int
	now     civil.Instant
	from    civil.Instant // it can not be at the point before
	until   civil.Instant // exclusive: by when it is to be there
}

// networkOf is whose points a service goes to: the merchant's own stores, or the
// network of its carrier.
func networkOf(tx *db.Tx, m ident.Merchant, s carrier.Service) (string, error) {
	if s.Mode == carrier.Store {
		return string(m), nil
	}
	c, err := carrier.Get(tx, m, s.Connection)
	return c.Adapter, err
}

// far is how far from the address, in metres, a point may be that is in another
// lane than the one the date was computed for.
const far = 60_000

// at refuses a point where the parcel can not wait. The faults are point_gone,
// point_not_served, point_too_small, point_closed and point_far.
func (k pickup) at(p relay.Point) error {
	if !p.Gone.IsZero() {
		return fault.New(fault.Conflict, "point_gone", "point", "name", p.Name)
	}
	place, err := geo.NewPlace(p.Country, p.Postcode)
	if err != nil {
		return err
	}
	locker := k.service.Mode == carrier.Locker && p.Kind != relay.Locker
	if p.Network != k.network || locker || !p.Offers(relay.Collect) || k.service.Refuses(place, 0, 0) != "" {
		return fault.New(fault.Conflict, "point_not_served", "point", "name", p.Name, "service", k.service.Name)
	}
	reason, err := p.Unfit(relay.Query{Grams: k.grams, Now: k.now, Since: k.from, Until: k.until})
	switch {
	case err != nil:
		return err
	case reason == relay.TooHeavy:
		return fault.New(fault.Conflict, "point_too_small", "point", "name", p.Name, "limit", p.Limits.MaxGrams)
	case reason == relay.ClosedAllHold:
		return fault.New(fault.Conflict, "point_closed", "point", "name", p.Name)
	case carrier.LaneZone(place) != carrier.LaneZone(k.to) && apart(p, k.to) > far:
		return fault.New(fault.Conflict, "point_far", "point", "name", p.Name)
	}
	return nil
}

// apart is how far a point is from a place, in metres; 0 when nobody knows.
func apart(p relay.Point, to geo.Place) float64 {
	here, known := p.At, p.Located != relay.Nowhere
	if !known {
		here, _, known = geo.Postcode(p.Country, p.Postcode)
	}
	there, _, ok := geo.Postcode(to.Country, to.Postcode)
	if !known || !ok {
		return 0
	}
	return here.Metres(there)
}

// between is when the parcel can reach the point: from the day after its carrier
// has it on, unless it is promised for that very day.
func (k pickup) between(handover, until civil.Instant) pickup {
	if k.until = until; handover < until {
		k.from = handover
	}
	return k
}

// pointOf reads a point that was chosen. The fault is point_unknown, also for a
// store of somebody else.
func pointOf(tx *db.Tx, m ident.Merchant, id ident.Point) (relay.Point, error) {
	p, err := relay.Get(tx, id)
	if owner := p.Owner(); fault.Is(err, "not_found") || err == nil && owner != "" && owner != m {
		err = fault.New(fault.Invalid, "point_unknown", "point", "value", string(id))
	}
	return p, err
}

// collected checks where an order is to be fetched. A service that is collected
// needs a point, unless nobody knows any of its network: then the carrier chooses,
// and the order goes without.
func collected(tx *db.Tx, m ident.Merchant, in PlaceRequest, grams int, owed *promise.Promised) error {
	if in.Service == "" && in.Point == "" {
		return nil
	}
	s, _, err := serviceOf(tx, m, in.Service)
	switch {
	case err != nil:
		return err
	case !s.Mode.Collected() && in.Point != "":
		return fault.New(fault.Invalid, "point_not_asked", "point", "service", s.Name)
	case !s.Mode.Collected():
		return nil
	}
	network, err := networkOf(tx, m, s)
	if err != nil {
		return err
	}
	if in.Point == "" {
		listed, err := relay.Listed(tx, network)
		if err == nil && listed {
			err = fault.New(fault.Invalid, "point_required", "point", "service", s.Name)
		}
		return err
	}
	p, err := pointOf(tx, m, in.Point)
	if err != nil {
		return err
	}
	k := pickup{service: s, network: network, grams: grams, now: tx.Now}
	if k.to, err = geo.NewPlace(in.Ship.Country, in.Ship.Postcode); err != nil {
		return within("ship_to", err)
	}
	if owed != nil {
		k = k.between(owed.HandoverBy, owed.Until)
	}
	return k.at(p)
}

// network is whose points a service goes to.
func (c counter) network(s carrier.Service) string {
	if s.Mode == carrier.Store {
		return string(c.org.ID)
	}
	return c.graces[s.Connection].Adapter
}

// choosable is whose points an option asks to choose from; empty where there is
// none to choose: it comes to the door, or nobody knows a point of its network.
func (c counter) choosable(tx *db.Tx, o promise.Option) (string, error) {
	if !o.Mode.Collected() {
		return "", nil
	}
	network := c.network(c.serviceOf(o.Service))
	listed, err := relay.Listed(tx, network)
	if !listed {
		network = ""
	}
	return network, err
}

// meet leaves of the options that are collected those whose parcel can wait at a
// point; each other one is among the hidden, with the fault that says why.
func (c counter) meet(now civil.Instant, p relay.Point, options []promise.Option, grams int) (fit []promise.Option, hidden []Unoffered, err error) {
	for _, o := range options {
		if !o.Mode.Collected() {
			fit = append(fit, o)
			continue
		}
		s := c.serviceOf(o.Service)
		k := pickup{service: s, network: c.network(s), to: c.to, grams: grams, now: now}.between(o.HandoverBy, o.Window.Until)
		err := k.at(p)
		if err == nil {
			fit = append(fit, o)
			continue
		}
		because := fault.All(err)
		if because == nil {
			return nil, nil, err
		}
		hidden = append(hidden, Unoffered{Service: s.ID, Name: s.Name, Code: because[0].Code, Because: because[0]})
	}
	return fit, hidden, nil
}
