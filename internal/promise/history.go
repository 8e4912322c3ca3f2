package promise

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// transit is one parcel's way to its shopper, in days: all that an estimate of
// transit times remembers of it.
type transit struct {
	source  string // its parcel, or the reference it was imported under
	service ident.Service
	zone    string // carrier.LaneZone of the destination
	pool    string // poolOf its service
	handed  civil.Day
	arrived civil.Day // first presented, collectable or in hand; NoDay while on the road
	closed  civil.Day // it will not arrive any more; NoDay otherwise
	// promised is the day its shopper was quoted from such estimates; NoDay where a
	// standard said, the law, or nobody.
	promised civil.Day
	doubted  bool // its scans are contested: it is in no history until that is decided
}

// Learn is the reaction to tracking.moved that keeps the transit history: a
// parcel enters it when the carrier has it, and is done when it is first
// presented, collectable or in hand.
func Learn(tx *flow.Tx, facts []flow.Fact) error {
	moved, err := flow.Bodies[fact.ParcelMoved](facts)
	if err != nil {
		return err
	}
	last := map[ident.Parcel]fact.ParcelMoved{}
	var ids []ident.Parcel
	var orders []ident.Order
	for _, p := range moved {
		if !instructive(p) {
			continue
		}
		if _, seen := last[p.Parcel]; !seen {
			ids, orders = append(ids, p.Parcel), append(orders, p.Order)
		}
		last[p.Parcel] = p
	}
	if len(ids) == 0 {
		return nil
	}
	m := facts[0].Merchant
	parcels, err := order.ParcelsByID(tx.Tx, m, ids)
	if err != nil {
		return err
	}
	return learn(tx, m, orders, slices.Collect(maps.Values(last)), parcels)
}

// relearn is what is remembered of an order's parcels once what is said of their
// scans has changed.
func relearn(tx *flow.Tx, m ident.Merchant, o ident.Order) error {
	of, err := order.Parcels(tx.Tx, m, []ident.Order{o})
	if err != nil {
		return err
	}
	var ids []ident.Parcel
	parcels := map[ident.Parcel]order.Parcel{}
	for _, p := range of[o] {
		if p.Direction == fact.Out {
			ids, parcels[p.ID] = append(ids, p.ID), p
		}
	}
	stories, err := tracking.Stories(tx.Tx, m, ids)
	if err != nil {
		return err
	}
	var seen []fact.ParcelMoved
	for _, id := range ids {
		p := parcels[id]
		if c := stories[id].Clocks; c.HandedOver.Known() {
			seen = append(seen, fact.ParcelMoved{Parcel: id, Order: o, Carrier: p.Connection, Service: p.Service, Clocks: c})
		}
	}
	return learn(tx, m, []ident.Order{o}, seen, parcels)
}

// learn remembers the ways of parcels, as far as they are believed.
func learn(tx *flow.Tx, m ident.Merchant, orders []ident.Order, seen []fact.ParcelMoved, parcels map[ident.Parcel]order.Parcel) error {
	quotes, err := quotesOf(tx.Tx, m, orders)
	if err != nil {
		return err
	}
	known, err := fleetOf(tx.Tx, m)
	if err != nil {
		return err
	}
	contests, err := contestsOf(tx.Tx, m, orders)
	if err != nil {
		return err
	}
	slices.SortFunc(seen, func(a, b fact.ParcelMoved) int { return cmp.Compare(a.Parcel, b.Parcel) })
	var learned []transit
	for _, p := range seen {
		sent := parcels[p.Parcel]
		doubted := false
		p.Clocks, doubted = believedClocks(p.Clocks, p.Parcel, contests[sent.Order])
		if t, ok := known.transit(p, sent); ok {
			t.promised, t.doubted = quotes[sent.Order].dayFor(t, sent), doubted
			learned = append(learned, t)
		}
	}
	_, err = remember(tx, m, learned)
	return err
}

// instructive reports whether a move may change history. From depot to depot
// nothing does: the parcel was on the road, and is.
func instructive(p fact.ParcelMoved) bool {
	c := p.Clocks
	if p.Direction != fact.Out || !c.HandedOver.Known() {
		return false
	}
	onTheRoad := p.Was.Phase() == fact.PhaseCarried || p.Was == fact.OutForDelivery
	return !onTheRoad || c.Presented.Known() || c.Ready.Known() || c.InHand.Known() || c.Closed.Known()
}

// quoted is what a quote made of an estimate promised for an order.
type quoted struct {
	order   ident.Order
	service ident.Service
	until   civil.Instant
	zone    string
}

func quotesOf(tx *db.Tx, m ident.Merchant, orders []ident.Order) (map[ident.Order]quoted, error) {
	rows, err := db.All(tx, sqlQuoted, scanQuoted, m, db.In(orders))
	of := map[ident.Order]quoted{}
	for _, q := range rows {
		of[q.order] = q
	}
	return of, err
}

// dayFor is the day promised to whom a parcel goes. None was when it travels by
// another service than the one quoted; and a box that was announced after the
// deadline, in place of a lost one or as a gift, is none that the estimate spoke of.
func (q quoted) dayFor(t transit, p order.Parcel) civil.Day {
	if q.service != t.service || p.Announced >= q.until {
		return civil.NoDay
	}
	return (q.until - 1).Day(zoneOr(q.zone, time.UTC))
}

// fleet is the services of a merchant and the connections they run over.
type fleet struct {
	services    map[ident.Service]carrier.Service
	connections map[ident.Connection]carrier.Connection
}

func fleetOf(tx *db.Tx, m ident.Merchant) (fleet, error) {
	services, err := carrier.Services(tx, m)
	if err != nil {
		return fleet{}, err
	}
	connections, err := carrier.Connections(tx, m)
	if err != nil {
		return fleet{}, err
	}
	f := fleet{map[ident.Service]carrier.Service{}, map[ident.Connection]carrier.Connection{}}
	for _, s := range services {
		f.services[s.ID] = s
	}
	for _, c := range connections {
		f.connections[c.ID] = c
	}
	return f, nil
}

// zone is where the clocks of a connection hang.
func (f fleet) zone(id ident.Connection) *time.Location {
	return zoneOr(f.connections[id].Zone, time.UTC)
}

func zoneOr(name string, otherwise *time.Location) *time.Location {
	if loc, err := civil.Zone(name); err == nil {
		return loc
	}
	return otherwise
}

// transit reads a parcel's milestones as days: of the carrier where it was
// handed over, of the destination where it arrived. It is false for a parcel of
// no known service.
func (f fleet) transit(p fact.ParcelMoved, sent order.Parcel) (transit, bool) {
	s, ok := f.services[p.Service]
	to, err := geo.NewPlace(sent.Country, sent.Postcode)
	if !ok || err != nil {
		return transit{}, false
	}
	here := f.zone(p.Carrier)
	there := zoneOr(civil.ZoneOf(to.Country, to.Postcode), here)
	t := transit{
		source: string(p.Parcel), service: s.ID, zone: carrier.LaneZone(to), pool: poolOf(s, f.connections[s.Connection]),
		handed: dayOf(p.Clocks.HandedOver, here), arrived: civil.NoDay, closed: civil.NoDay, promised: civil.NoDay,
	}
	if first := firstOf(p.Clocks.Presented, p.Clocks.Ready, p.Clocks.InHand); first.Known() {
		t.arrived = max(t.handed, dayOf(first, there))
	} else if p.Clocks.Closed.Known() {
		t.closed = max(t.handed, dayOf(p.Clocks.Closed, here))
	}
	return t, true
}

// dayOf is the local day in which the middle of a span lies: a date without an
// hour, said where the carrier is, is the same day over the sea.
func dayOf(s fact.Span, zone *time.Location) civil.Day {
	return (s.From + (s.Until-s.From)/2).Day(zone)
}

func firstOf(spans ...fact.Span) (first fact.Span) {
	for _, s := range spans {
		if s.Known() && (!first.Known() || s.Until < first.Until) {
			first = s
		}
	}
	return first
}

// poolOf names a service across merchants: what its carrier calls it.
func poolOf(s carrier.Service, c carrier.Connection) string {
	return c.Adapter + "/" + strings.Join(strings.Fields(strings.ToLower(s.Name)), " ")
}

// Delivery is a parcel of the past, to be learned from.
type Delivery struct {
	Reference string // of the merchant; a second one of the same service changes the first
	Service   ident.Service
	To        geo.Place
	Handed    civil.Day // local day on which the carrier had it
	Arrived   civil.Day // local day of first presentation; NoDay when it has not arrived
}

// Imported learns from deliveries made before, or elsewhere, at most a few
// hundred at a time, and answers how many it did not know. The fault not_found
// names a service the merchant does not have.
func Imported(tx *flow.Tx, m ident.Merchant, deliveries []Delivery) (added int, err error) {
	known, err := fleetOf(tx.Tx, m)
	if err != nil {
		return 0, err
	}
	place := map[string]int{}
	var learned []transit
	for _, d := range deliveries {
		s, ok := known.services[d.Service]
		if !ok {
			return 0, fault.New(fault.NotFound, "not_found", "service")
		}
		t := transit{
			source:  fmt.Sprintf("ref:%s:%s", d.Service, d.Reference),
			service: d.Service, zone: carrier.LaneZone(d.To), pool: poolOf(s, known.connections[s.Connection]),
			handed: d.Handed, arrived: d.Arrived, closed: civil.NoDay, promised: civil.NoDay,
		}
		if t.arrived != civil.NoDay {
			t.arrived = max(t.handed, t.arrived)
		}
		i, seen := place[t.source]
		if !seen {
			i = len(learned)
			place[t.source], learned = i, append(learned, t)
		}
		learned[i] = t
	}
	return remember(tx, m, learned)
}
