package tracking

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

// shop is a merchant with a carrier, a home service and a relay service.
type shop struct {
	*flowtest.World
	t          testing.TB
	m          ident.Merchant
	line       ident.Connection
	home, spot ident.Service
}

func world(t testing.TB) *flowtest.World {
	w := flowtest.New(t, flow.Reaction{
		On: fact.ParcelAnnounced{}.Kind(), Name: "tracking.Attach", Mode: flow.Must, Run: Attach,
		Emits: []fact.Kind{fact.ParcelMoved{}.Kind(), fact.ParcelDisputed{}.Kind()},
	})
	w.Watch(Stalls())
	return w
}

func open(t testing.TB, w *flowtest.World) *shop {
	t.Helper()
	s := &shop{World: w, t: t, m: w.Merchant()}
	w.Do(s.m, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: "simulated", Name: "Carrier", Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		s.line = c.ID
		for mode, id := range map[carrier.Mode]*ident.Service{carrier.Home: &s.home, carrier.Relay: &s.spot} {
			service, err := carrier.SetService(tx, s.m, carrier.Service{
				Connection: c.ID, Name: string(mode), Mode: mode, Countries: []string{"FR"},
				Collects: civil.MondayToFriday, Delivers: civil.MondayToSaturday,
			})
			if err != nil {
				return err
			}
			*id = service.ID
		}
		return nil
	})
	return s
}

// announce lets the order room say that a parcel exists.
func (s *shop) announce(number string, service ident.Service) ident.Parcel {
	s.t.Helper()
	return s.send(fact.Out, number, service)
}

func (s *shop) send(direction fact.Direction, number string, service ident.Service) (id ident.Parcel) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		id = ident.New[ident.Parcel](tx.Mint)
		return tx.Emit(s.m, "ord_of_"+string(id), string(id), fact.ParcelAnnounced{
			Parcel: id, Order: ident.Order("ord_of_" + id), Shopper: "shp_camille", Direction: direction,
			Carrier: s.line, Service: service, Number: number,
		})
	})
	return id
}

// say is a report of a scan at an instant.
func say(number string, status fact.Status, at civil.Instant) carrier.Report {
	return carrier.Report{Number: number, Status: status, Source: fact.FromCarrier, At: at, Precision: fact.Exact}
}

// here is what the events of tests share.
var here = origin{merchant: "mer_test", zone: flowtest.Paris, received: received}

// report sends reports as one payload.
func (s *shop) report(trust fact.Trust, body string, reports ...carrier.Report) (accepted, duplicate int) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		p := Payload{Connection: s.line, ContentType: "application/json", Body: []byte(body), Trust: trust}
		tallies, err := Receive(tx, s.m, []Delivery{{Payload: p, Reports: reports}})
		if err == nil {
			accepted, duplicate = tallies[0].Accepted, tallies[0].Duplicate
		}
		return err
	})
	return accepted, duplicate
}

func (s *shop) story(id ident.Parcel) (story Story) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		stories, err := Stories(tx, s.m, []ident.Parcel{id})
		story = stories[id]
		return err
	})
	return story
}

// facts is those of a kind about the parcel's order.
func facts[B fact.Body](s *shop, id ident.Parcel) (bodies []B) {
	s.t.Helper()
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, "ord_of_"+string(id))
		for _, f := range all {
			if b, ok := f.Body.(B); ok {
				bodies = append(bodies, b)
			}
		}
		return err
	})
	return bodies
}

func (s *shop) events(id ident.Parcel) (events []Event) {
	s.t.Helper()
	s.See(func(tx *db.Tx) (err error) {
		events, err = Events(tx, s.m, []ident.Parcel{id})
		return err
	})
	return events
}

func (s *shop) unread() (raws []Raw) {
	s.t.Helper()
	s.See(func(tx *db.Tx) (err error) {
		raws, err = RawUnread(tx, s.m, "", 100)
		return err
	})
	return raws
}

// rezone moves the carrier's clocks.
func (s *shop) rezone(zone string) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		c, err := carrier.Get(tx.Tx, s.m, s.line)
		if err != nil {
			return err
		}
		c.Zone = zone
		_, err = carrier.Connect(tx, s.m, c)
		return err
	})
}
