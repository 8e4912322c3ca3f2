package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Shop is a shop of the demo, as the installation knows it.
type Shop struct {
	Merchant ident.Merchant
	Slug     string
	Hauls    []Haul
	Seller   string // secret of the key of the shop's own server
	Depot    string // of the people of the warehouse, likewise
	Desk     string // of those who answer shoppers, and say what is owed
	Chief    string // of whoever looks at what they may not decide alone
	Arbiter  string // of whoever settles what is disputed
	Pages    string // public key of the shop's own pages; empty: see Publish
}

// Haul is a carrier that the shop sends by, or that brings back.
type Haul struct {
	Carrier    string // slug
	Connection ident.Connection
	Service    ident.Service // empty: it brings back only
	Key        string        // secret of the carrier's key
}

// haulOf is the carrier of a service; the one the shop sends by when nobody said.
func (s *shop) haulOf(id ident.Service) Haul {
	i := slices.IndexFunc(s.Hauls, func(h Haul) bool { return h.Service == id })
	if i < 0 || id == "" {
		return s.usual()
	}
	return s.Hauls[i]
}

// usual is the carrier that the shop names first.
func (s *shop) usual() Haul {
	i := slices.IndexFunc(s.Hauls, func(h Haul) bool { return h.Carrier == s.trade.hauls[0].by.slug })
	return s.Hauls[i]
}

// Shops are the demo's, in the order of their slugs.
type Shops []Shop

// Setup opens the demo's shops, what is missing of them only, and issues the keys
// that this process will use: secrets are kept nowhere, so every start has its
// own, and those of the start before open nothing any more. target is the
// probability their quotes aim at; 0 leaves it to the shops. Without slugs, it
// opens all six.
func Setup(ctx context.Context, f *flow.Flow, target float64, slugs ...string) (Shops, error) {
	if len(slugs) == 0 {
		slugs = slices.Sorted(maps.Keys(trades))
	}
	shops, err := opened(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("demo shops: %w", err)
	}
	for _, slug := range slugs {
		if slices.ContainsFunc(shops, func(s Shop) bool { return s.Slug == slug }) {
			continue
		}
		s, err := open(ctx, f, tradeOf(slug), target)
		if err != nil {
			return nil, fmt.Errorf("demo shop %s: %w", slug, err)
		}
		shops = append(shops, s)
	}
	for i := range shops {
		if err := shops[i].complete(ctx, f); err != nil {
			return nil, fmt.Errorf("demo shop %s: %w", shops[i].Slug, err)
		}
	}
	slices.SortFunc(shops, func(a, b Shop) int { return strings.Compare(a.Slug, b.Slug) })
	return shops, nil
}

const (
	sqlInsertShop = `insert into demo_shop (merchant, slug) values ($1, $2)`
	sqlShops      = `-- across merchants: the shops that the demo opened
		select merchant, slug from demo_shop order by slug`
	sqlInsertHaul = `insert into demo_haul (merchant, carrier, connection, service) values ($1, $2, $3, $4)`
	sqlHauls      = `-- across merchants: the carriers of the shops that the demo opened
		select merchant, carrier, connection, service from demo_haul order by merchant, carrier`
)

// opened are the shops there are, with the carriers they have.
func opened(ctx context.Context, f *flow.Flow) (shops Shops, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		if shops, err = db.All(tx, sqlShops, scanShop); err != nil {
			return err
		}
		hauls, err := db.All(tx, sqlHauls, scanHaul)
		for _, h := range hauls {
			i := slices.IndexFunc(shops, func(s Shop) bool { return s.Merchant == h.merchant })
			shops[i].Hauls = append(shops[i].Hauls, h.Haul)
		}
		return err
	})
	return shops, err
}

func scanShop(r db.Row) (s Shop, err error) {
	err = r.Scan(&s.Merchant, &s.Slug)
	return s, err
}

// hauled is whose carrier it is.
type hauled struct {
	merchant ident.Merchant
	Haul
}

func scanHaul(r db.Row) (h hauled, err error) {
	err = r.Scan(&h.merchant, &h.Carrier, &h.Connection, &h.Service)
	return h, err
}

// open makes a shop with its stock and its first day, in one transaction: a demo
// that is killed meanwhile finds both, or nothing.
func open(ctx context.Context, f *flow.Flow, t trade, target float64) (s Shop, err error) {
	if target == 0 {
		target = t.target
	}
	err = f.Write(ctx, flow.Installation, nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: t.Name, Country: t.Country, Zone: paris.String(),
			Locale: lang.French, Currency: money.EUR, Target: target,
		})
		if err != nil {
			return err
		}
		s = Shop{Merchant: o.ID, Slug: t.Slug}
		_, err = merchant.SetStockPoint(tx, s.Merchant, merchant.StockPoint{
			Name: t.Name, Country: t.Country, Postcode: t.Postcode, Zone: paris.String(), Cutoffs: t.cutoffs(),
		})
		if err != nil {
			return err
		}
		if err := tx.Do(sqlInsertShop, s.Merchant, s.Slug); err != nil {
			return err
		}
		first, err := opening{Date: tx.Now.Day(paris), Day: 1, First: 1}.entry(s.Merchant)
		if err != nil {
			return err
		}
		return enter(tx, first)
	})
	return s, err
}
