package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// shop is a merchant with one carrier and one service, to be filled with orders.
type shop struct {
	flow       *flow.Flow
	merchant   ident.Merchant
	connection ident.Connection
	service    ident.Service
	shoppers   []ident.Shopper
}

// customers is how many people the orders of a shop are spread over.
const customers = 200

// openShop opens one.
func openShop(ctx context.Context, f *flow.Flow) (s shop, err error) {
	s.flow = f
	err = f.Write(ctx, "bench", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Bench", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.merchant = o.ID
		return err
	})
	if err != nil {
		return s, err
	}
	err = f.One(ctx, "bench", s.merchant, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.merchant, carrier.Connection{Adapter: "simulated", Name: "Bench", Zone: "Europe/Paris", StallAfter: 240 * time.Hour})
		if err != nil {
			return err
		}
		v, err := carrier.SetService(tx, s.merchant, carrier.Service{
			Connection: c.ID, Name: "Home", Mode: carrier.Home, Countries: []string{"FR"}, Region: "FR",
			Collects: civil.MondayToSaturday, Delivers: civil.MondayToSaturday, Standards: []carrier.Standard{{Days: 2}},
		})
		s.connection, s.service, s.shoppers = c.ID, v.ID, nil
		for i := 0; err == nil && i < customers; i++ {
			var id ident.Shopper
			id, err = shopper.Register(tx, s.merchant, shopper.NewShopper{
				Email: fmt.Sprintf("bench%d@example.test", i), Name: "Bench", Locale: lang.French,
			})
			s.shoppers = append(s.shoppers, id)
		}
		return err
	})
	return s, err
}

// sale is a run of orders with a promise each.
type sale struct {
	first, n int
	until    func(i int) civil.Instant
	handover civil.Instant // planned; zero: no plan
	grace    time.Duration
	parcels  bool // announced, by the number numberOf
}

func numberOf(i int) string { return fmt.Sprintf("B%09d", i) }

// saleBatch is how many orders one transaction places.
const saleBatch = 100

// sell places the orders of a sale.
func (s shop) sell(ctx context.Context, sale sale) error {
	for at := sale.first; at < sale.first+sale.n; at += saleBatch {
		err := s.flow.One(ctx, "bench", s.merchant, func(tx *flow.Tx) error {
			for i := at; i < min(at+saleBatch, sale.first+sale.n); i++ {
				if err := s.place(tx, i, sale); err != nil {
					return fmt.Errorf("order %d: %w", i, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s shop) place(tx *flow.Tx, i int, sale sale) error {
	who := s.shoppers[i%len(s.shoppers)]
	o, _, err := order.Place(tx, s.merchant, order.New{
		Reference: fmt.Sprintf("B-%d", i), Shopper: who, Locale: lang.French, Currency: money.EUR, Service: s.service,
		Lines:       []order.Line{{SKU: "bench", Name: "Bench", Units: 1, Unit: money.Of(2000, money.EUR), Grams: 500}},
		DeliveryFee: money.Of(590, money.EUR), Fingerprint: "bench",
		Ship: order.Address{Name: "Bench", Street: "1 rue", Postcode: "69002", City: "Lyon", Country: "FR"},
	})
	if err != nil {
		return err
	}
	_, err = promise.Commit(tx, s.merchant, promise.Promised{
		Quote: ident.New[ident.Quote](tx.Mint), Merchant: s.merchant, Service: s.service, Zone: "Europe/Paris",
		Until: sale.until(i), HandoverBy: sale.handover, Grace: sale.grace, Confidence: 0.95, Basis: promise.BasisOwn, Locale: lang.French, Shown: "Livré",
	}, o.ID, who)
	if err != nil || !sale.parcels {
		return err
	}
	_, _, err = order.Announce(tx, s.merchant, order.NewParcel{Order: o.ID, Connection: s.connection, Service: s.service, Number: numberOf(i)})
	return err
}

// handOver reports the first scan of every parcel.
func (s shop) handOver(ctx context.Context, parcels int) error {
	for first := 0; first < parcels; first += saleBatch {
		d := tracking.Delivery{Payload: tracking.Payload{
			Connection: s.connection, ContentType: "application/json", Trust: fact.TrustSigned, Body: fmt.Append(nil, "hand-over ", first),
		}}
		for i := first; i < min(first+saleBatch, parcels); i++ {
			d.Reports = append(d.Reports, carrier.Report{
				Number: numberOf(i), Status: fact.PickedUp, Code: "picked", Source: fact.FromCarrier, At: began, Precision: fact.Exact,
			})
		}
		err := s.flow.One(ctx, "bench", s.merchant, func(tx *flow.Tx) error {
			_, err := tracking.Receive(tx, s.merchant, []tracking.Delivery{d})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
