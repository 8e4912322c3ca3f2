package promise

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// shop is a merchant with one carrier, in a world where it is Monday 2 March
// 2026, 09:00 in Paris. Its carrier collects and delivers from Monday to Friday,
// takes two days everywhere, and reports up to twelve hours late.
type shop struct {
	*flowtest.World
	m       ident.Merchant
	curves  *Curves
	carrier carrier.Connection
	home    carrier.Service
	relay   carrier.Service
	stock   merchant.StockPoint
	camille ident.Shopper
	made    int
}

// routes are the room's own and the one that gives parcels their story.
func routes(curves *Curves) []flow.Reaction {
	attach := flow.Reaction{
		On: fact.ParcelAnnounced{}.Kind(), Name: "tracking.Attach", Mode: flow.Must, Run: tracking.Attach,
		Emits: []fact.Kind{fact.ParcelMoved{}.Kind(), fact.ParcelDisputed{}.Kind()},
	}
	return append(slices.Concat(order.Reactions(), Reactions(curves), claimReactions()), attach)
}

func open(t testing.TB) *shop {
	t.Helper()
	s := &shop{curves: NewCurves()}
	s.World = flowtest.New(t, routes(s.curves)...)
	for _, sweep := range append(Sweeps(s.curves), tracking.Stalls()) {
		s.Watch(sweep)
	}
	s.Handle(s.curves.Reviewer())
	s.m = s.organisation(merchant.Merchant)
	s.settle(s.m)
	return s
}

func (s *shop) organisation(kind merchant.Kind) (m ident.Merchant) {
	s.T.Helper()
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: kind, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		m = o.ID
		return err
	})
	s.must(err)
	return m
}

// settle gives a merchant its carrier, its stock and its customer.
func (s *shop) settle(m ident.Merchant) {
	s.T.Helper()
	s.Do(m, func(tx *flow.Tx) (err error) {
		if s.carrier, err = carrier.Connect(tx, m, carrier.Connection{
			Adapter: "simulated", Name: "Colis Rapide", Grace: 12 * time.Hour, Zone: "Europe/Paris",
		}); err != nil {
			return err
		}
		service := carrier.Service{
			Connection: s.carrier.ID, Name: "Domicile", Mode: carrier.Home, Countries: []string{"FR"}, Region: "FR",
			Collects: civil.MondayToFriday, Delivers: civil.MondayToFriday, Standards: []carrier.Standard{{Country: "FR", Days: 2}},
		}
		if s.home, err = carrier.SetService(tx, m, service); err != nil {
			return err
		}
		service.Name, service.Mode = "Relais", carrier.Relay
		if s.relay, err = carrier.SetService(tx, m, service); err != nil {
			return err
		}
		if s.stock, err = merchant.SetStockPoint(tx, m, merchant.StockPoint{
			Name: "Entrepôt", Country: "FR", Postcode: "69001", Zone: "Europe/Paris",
			Cutoffs: civil.Cutoffs{Minute: [7]int{0, 960, 960, 960, 960, 960, 0}},
		}); err != nil {
			return err
		}
		s.camille, err = shopper.Register(tx, m, shopper.NewShopper{Email: "camille@example.org", Name: "Camille", Locale: lang.French})
		return err
	})
}

func (s *shop) must(err error) {
	s.T.Helper()
	if err != nil {
		s.T.Fatal(err)
	}
}

// place orders units of one article, to Lyon.
func (s *shop) place(units int) ident.Order {
	s.T.Helper()
	s.made++
	var o order.Order
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		o, _, err = order.Place(tx, s.m, order.New{
			Reference: fmt.Sprintf("E-%d", s.made), Fingerprint: "f", Shopper: s.camille, Locale: lang.French, Currency: money.EUR,
			Lines:   []order.Line{{SKU: "oil", Name: "Huile d'olive", Units: units, Unit: money.Of(1200, money.EUR), Grams: 900}},
			Service: s.home.ID, LinkHash: func(o ident.Order) string { return ident.Hash(string(o)) },
			Ship: order.Address{Name: "Camille", Street: "1 rue du Port", Postcode: "69002", City: "Lyon", Country: "FR"},
		})
		return err
	})
	return o.ID
}

// promise is what an order was shown: the day, to be handed over two working
// days before.
func (s *shop) promised(until string) Promised {
	d := day(until)
	days := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"})
	s.made++
	return Promised{
		Quote: ident.Quote(fmt.Sprintf("quo_%s_%d", s.m, s.made)), Merchant: s.m, Service: s.home.ID, Stock: s.stock.ID,
		From: d.Start(flowtest.Paris), Until: d.End(flowtest.Paris), Zone: "Europe/Paris",
		HandoverBy: days.Add(d, -2).End(flowtest.Paris), Grace: s.carrier.Grace, Confidence: 0.95, Basis: BasisOwn,
		Country: "FR", Postcode: "69002", Shown: "Livré mardi 10 mars", Locale: lang.French,
	}
}

// owe places an order of so many units that is owed by the end of a day.
func (s *shop) owe(units int, until string) Commitment {
	s.T.Helper()
	return s.commit(s.place(units), s.promised(until))
}

func (s *shop) commit(o ident.Order, p Promised) (c Commitment) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) (err error) {
		c, err = Commit(tx, s.m, p, o, s.camille)
		return err
	})
	return c
}

// ship announces a parcel with so many units of the order; 0 is all that is left.
func (s *shop) ship(o ident.Order, number string, units int) (p order.Parcel) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		in := order.NewParcel{Order: o, Connection: s.carrier.ID, Number: number}
		if units > 0 {
			lines, err := order.Lines(tx.Tx, s.m, o)
			if err != nil {
				return err
			}
			in.Units = map[ident.Line]int{lines[0].ID: units}
		}
		var err error
		p, _, err = order.Announce(tx, s.m, in)
		return err
	})
	return p
}

// scan is a report of the carrier about a number, at a local time, known to the
// second; with only a day it is known to the day.
func (s *shop) scan(number string, status fact.Status, when string, more ...func(*carrier.Report)) carrier.Report {
	r := carrier.Report{Number: number, Status: status, Source: fact.FromCarrier, Precision: fact.Exact}
	if len(when) == len("2006-01-02") {
		r.Precision, when = fact.ADay, when+" 00:00"
	}
	r.At = local(when)
	r.Span = carrier.SpanOf(r.At, r.Precision, flowtest.Paris)
	for _, m := range more {
		m(&r)
	}
	return r
}

// hear keeps and records reports as one payload.
func (s *shop) hear(reports ...carrier.Report) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error { return s.record(tx, reports) })
}

func (s *shop) record(tx *flow.Tx, reports []carrier.Report) error {
	p := tracking.Payload{Connection: s.carrier.ID, ContentType: "application/json", Body: []byte(fmt.Sprintf("%v", reports)), Trust: fact.TrustSigned}
	_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{Payload: p, Reports: reports}})
	return err
}

// now reads a commitment as it stands.
func (s *shop) now(c Commitment) (got Commitment) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		got, err = Get(tx, s.m, c.ID)
		return err
	})
	return got
}

// said lists the promise facts of an order, in order.
func (s *shop) said(o ident.Order) (facts []flow.Fact) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, s.m, string(o))
		for _, f := range all {
			if slices.Contains(emitted, f.Kind) {
				facts = append(facts, f)
			}
		}
		return err
	})
	return facts
}

var emitted = []fact.Kind{
	fact.PromiseMade{}.Kind(), fact.PromiseKept{}.Kind(), fact.PromiseBroken{}.Kind(), fact.PromiseVoided{}.Kind(),
	fact.PromiseCorrected{}.Kind(), fact.PromiseAmended{}.Kind(), fact.PromiseAtRisk{}.Kind(), fact.PromiseTold{}.Kind(),
}

func kinds(facts []flow.Fact) (ks []fact.Kind) {
	for _, f := range facts {
		ks = append(ks, f.Kind)
	}
	return ks
}

// wait moves the world to a local time and does what is due.
func (s *shop) wait(until string) {
	s.T.Helper()
	s.At(until)
	s.Quiet()
}
