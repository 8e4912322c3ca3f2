package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Shop is a shop of the demo, as the installation knows it.
type Shop struct {
	Merchant   ident.Merchant
	Slug       string
	Connection ident.Connection // with the simulated carrier
	Service    ident.Service
	Seller     string // secret of the key of the shop's own server
	Carrier    string // secret of the carrier's key
}

// Shops are the demo's, in the order of their slugs.
type Shops []Shop

// Setup opens the demo's shops, once for a database, and issues the keys that
// this process will use: secrets are kept nowhere, so every start has its own.
// target is the probability their quotes aim at; 0 leaves it to the shops.
func Setup(ctx context.Context, f *flow.Flow, target float64) (Shops, error) {
	shops, err := opened(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("demo shops: %w", err)
	}
	for _, slug := range slices.Sorted(maps.Keys(trades)) {
		if slices.ContainsFunc(shops, func(s Shop) bool { return s.Slug == slug }) {
			continue
		}
		s, err := open(ctx, f, trades[slug], target)
		if err != nil {
			return nil, fmt.Errorf("demo shop %s: %w", slug, err)
		}
		shops = append(shops, s)
	}
	for i := range shops {
		if err := shops[i].issueKeys(ctx, f); err != nil {
			return nil, fmt.Errorf("keys of demo shop %s: %w", shops[i].Slug, err)
		}
	}
	return shops, nil
}

const (
	sqlInsertShop = `insert into demo_shop (merchant, slug, connection, service) values ($1, $2, $3, $4)`
	sqlShops      = `-- across merchants: the shops that the demo opened
		select merchant, slug, connection, service from demo_shop order by slug`
)

func opened(ctx context.Context, f *flow.Flow) (shops Shops, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		shops, err = db.All(tx, sqlShops, scanShop)
		return err
	})
	return shops, err
}

func scanShop(r db.Row) (s Shop, err error) {
	err = r.Scan(&s.Merchant, &s.Slug, &s.Connection, &s.Service)
	return s, err
}

// open makes a shop with all it needs, and its first day, in one transaction:
// a demo that is killed meanwhile finds all of it, or nothing.
func open(ctx context.Context, f *flow.Flow, t trade, target float64) (s Shop, err error) {
	if target == 0 {
		target = t.target
	}
	err = f.Write(ctx, flow.Installation, nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: t.name, Country: "FR", Zone: t.zone().String(),
			Locale: lang.French, Currency: money.EUR, Target: target,
		})
		if err != nil {
			return err
		}
		s = Shop{Merchant: o.ID, Slug: t.slug}
		return s.furnish(tx, t)
	})
	return s, err
}

// furnish gives a new shop its stock, its carrier and its prices.
func (s *Shop) furnish(tx *flow.Tx, t trade) error {
	_, err := merchant.SetStockPoint(tx, s.Merchant, merchant.StockPoint{
		Name: t.name, Country: "FR", Postcode: t.postcode, Zone: t.zone().String(), Cutoffs: t.cutoffs(),
	})
	if err != nil {
		return err
	}
	c, err := carrier.Connect(tx, s.Merchant, carrier.Connection{
		Adapter: adapter, Name: carrierName, Grace: 6 * time.Hour, StallAfter: 48 * time.Hour, Zone: t.zone().String(),
	})
	if err != nil {
		return err
	}
	service, err := carrier.SetService(tx, s.Merchant, home(c.ID))
	if err != nil {
		return err
	}
	s.Connection, s.Service = c.ID, service.ID
	for _, row := range t.tariffs(service.ID) {
		if _, err := order.SetTariff(tx, s.Merchant, row); err != nil {
			return err
		}
	}
	if err := tx.Do(sqlInsertShop, s.Merchant, s.Slug, s.Connection, s.Service); err != nil {
		return err
	}
	first, err := opening{Date: tx.Now.Day(paris), Day: 1, First: 1}.entry(s.Merchant)
	if err != nil {
		return err
	}
	return enter(tx, first)
}

// home is what the simulated carrier sells: to the door, the next working day
// in large cities and the one after elsewhere.
func home(c ident.Connection) carrier.Service {
	return carrier.Service{
		Connection: c, Name: carrierName + " à domicile", Mode: carrier.Home,
		Countries: []string{"FR", "BE"}, Limits: carrier.Limits{MaxGrams: 30_000},
		Collects: civil.MondayToSaturday, Delivers: civil.MondayToSaturday, Region: "FR",
		Standards: []carrier.Standard{
			{Class: carrier.InAgglomeration, Country: "FR", Days: 1, Since: civil.NoDay, Until: civil.NoDay},
			{Country: "FR", Days: 2, Since: civil.NoDay, Until: civil.NoDay},
			{Country: "BE", Days: 2, Since: civil.NoDay, Until: civil.NoDay},
		},
		LastMile: carbon.Home,
	}
}

// tariffs are what delivery costs, by zone.
func (t trade) tariffs(s ident.Service) []order.Tariff {
	row := func(zone geo.Zone, fee, freeFrom int64) order.Tariff {
		return order.Tariff{
			Service: s, Zone: string(zone), Since: civil.NoDay, Until: civil.NoDay,
			MinBasket: money.Of(0, money.EUR), Price: money.Of(fee, money.EUR), FreeFrom: money.Of(freeFrom, money.EUR),
		}
	}
	return []order.Tariff{
		row(geo.France, t.fee, t.freeFrom), row(geo.Corsica, t.fee, t.freeFrom), row(geo.Belgium, t.feeBE, 0),
	}
}

// issueKeys makes the two keys through which the world speaks for the shop.
func (s *Shop) issueKeys(ctx context.Context, f *flow.Flow) error {
	return f.One(ctx, flow.Installation, s.Merchant, func(tx *flow.Tx) (err error) {
		_, s.Seller, err = merchant.IssueKey(tx, s.Merchant, merchant.NewKey{Set: merchant.Owner, Label: "demo: boutique"})
		if err != nil {
			return err
		}
		_, s.Carrier, err = merchant.IssueKey(tx, s.Merchant, merchant.NewKey{
			Set: merchant.Carrier, Connection: s.Connection, Label: "demo: " + carrierName,
		})
		return err
	})
}
