package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// complete gives a shop what it lacks, whether it was opened now or by an
// earlier release, and keys for this start, in one transaction.
func (s *Shop) complete(ctx context.Context, f *flow.Flow) error {
	had := s.Hauls
	return f.One(ctx, flow.Installation, s.Merchant, func(tx *flow.Tx) error {
		s.Hauls = slices.Clone(had) // the verb may run twice
		t := tradeOf(s.Slug)
		for _, h := range t.hauls {
			if err := s.engage(tx, h); err != nil {
				return err
			}
		}
		if err := s.drive(tx, t.fleet); err != nil {
			return err
		}
		if err := s.takeBack(tx, t); err != nil {
			return err
		}
		slices.SortFunc(s.Hauls, func(a, b Haul) int { return strings.Compare(a.Carrier, b.Carrier) })
		if err := s.rule(tx, t.policy); err != nil {
			return err
		}
		if err := s.people(tx, t); err != nil {
			return err
		}
		return s.issueKeys(tx)
	})
}

// engage opens an account with a carrier that the shop does not send by yet. An
// account of an earlier release learns where the carrier takes questions.
func (s *Shop) engage(tx *flow.Tx, h haul) error {
	if s.has(h.by.slug) {
		return s.acquaint(tx, h.by.slug, h.by.desk())
	}
	c, err := carrier.Connect(tx, s.Merchant, h.by.connection())
	if err != nil {
		return err
	}
	_, err = s.offer(tx, h.by.slug, h.by.sells(c.ID, h.abroad > 0), h.tariffs())
	return err
}

func (s *Shop) acquaint(tx *flow.Tx, slug, desk string) error {
	i := slices.IndexFunc(s.Hauls, func(h Haul) bool { return h.Carrier == slug })
	c, err := carrier.Get(tx.Tx, s.Merchant, s.Hauls[i].Connection)
	if err != nil || c.Inquiries != "" {
		return err
	}
	c.Inquiries = desk
	_, err = carrier.Connect(tx, s.Merchant, c)
	return err
}

// drive sends out the shop's own couriers, and says when they come where.
func (s *Shop) drive(tx *flow.Tx, f *fleet) error {
	if f == nil {
		return nil
	}
	if s.has(f.zones[0].slug) {
		return s.acquaint(tx, f.zones[0].slug, f.planning())
	}
	c, err := carrier.Connect(tx, s.Merchant, f.connection())
	if err != nil {
		return err
	}
	for _, z := range f.zones {
		service, err := s.offer(tx, z.slug, f.service(c.ID, z), []order.Tariff{row(geo.France, f.fee, f.freeFrom)})
		if err != nil {
			return err
		}
		if _, err := lastmile.SetGrid(tx, s.Merchant, f.grid(service, z)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shop) has(slug string) bool {
	return slices.ContainsFunc(s.Hauls, func(h Haul) bool { return h.Carrier == slug })
}

// offer opens a service with its prices, under a name by which the world finds it.
func (s *Shop) offer(tx *flow.Tx, slug string, service carrier.Service, prices []order.Tariff) (ident.Service, error) {
	opened, err := carrier.SetService(tx, s.Merchant, service)
	if err != nil {
		return "", err
	}
	for _, p := range prices {
		p.Service = opened.ID
		if _, err := order.SetTariff(tx, s.Merchant, p); err != nil {
			return "", err
		}
	}
	s.Hauls = append(s.Hauls, Haul{Carrier: slug, Connection: service.Connection, Service: opened.ID})
	return opened.ID, tx.Do(sqlInsertHaul, s.Merchant, slug, service.Connection, opened.ID)
}

// tariffs are what delivery costs, by zone.
func (h haul) tariffs() []order.Tariff {
	rows := []order.Tariff{row(geo.France, h.fee, h.freeFrom), row(geo.Corsica, h.fee, h.freeFrom)}
	if h.abroad > 0 {
		rows = append(rows, row(geo.Belgium, h.abroad, 0))
	}
	return rows
}

// row is a price in cents, from ever and for ever.
func row(to geo.Zone, fee, freeFrom int64) order.Tariff {
	return order.Tariff{
		Zone: string(to), Since: civil.NoDay, Until: civil.NoDay,
		MinBasket: money.Of(0, money.EUR), Price: money.Of(fee, money.EUR), FreeFrom: money.Of(freeFrom, money.EUR),
	}
}

// rule writes the shop's own policy, when it has one and none rules yet.
func (s *Shop) rule(tx *flow.Tx, policy string) error {
	_, ruled, err := merchant.PolicyOf(tx.Tx, s.Merchant, remedy.Topic)
	if err != nil || ruled || policy == "" {
		return err
	}
	if err := remedy.CheckPolicy(policy); err != nil {
		return err
	}
	_, err = merchant.SetPolicy(tx, s.Merchant, remedy.Topic, policy)
	return err
}

// people gives the shop its looks and lets in who works there.
func (s *Shop) people(tx *flow.Tx, t trade) error {
	there, err := merchant.StaffOf(tx.Tx, s.Merchant)
	if err != nil || len(there) > 0 {
		return err
	}
	site := t.Slug + ".example"
	err = merchant.SetBrand(tx, s.Merchant, merchant.Brand{Accent: t.Accent, Contact: "bonjour@" + site, Site: "https://" + site})
	if err != nil {
		return err
	}
	for _, p := range t.staff {
		if _, err := merchant.Hire(tx, s.Merchant, merchant.NewStaff{Email: t.address(p), Name: p.name, Set: p.set}); err != nil {
			return err
		}
	}
	return nil
}

// ours marks the keys that the world speaks with.
const ours = "demo: "

// issueKeys makes the keys through which the world speaks for the shop and its
// carriers, and takes back those of the start before.
func (s *Shop) issueKeys(tx *flow.Tx) (err error) {
	before, err := merchant.Keys(tx.Tx, s.Merchant)
	if err != nil {
		return err
	}
	for _, k := range before {
		if strings.HasPrefix(k.Label, ours) && k.Revoked.IsZero() {
			if err := merchant.RevokeKey(tx, s.Merchant, k.ID); err != nil {
				return err
			}
		}
	}
	for _, k := range []struct {
		secret *string
		set    merchant.Set
		label  string
	}{
		{&s.Seller, merchant.Owner, "boutique"},
		{&s.Depot, merchant.Agent, "entrepôt"},
		{&s.Desk, merchant.Agent, "service client"},
		{&s.Chief, merchant.Owner, "responsable"},
		{&s.Arbiter, merchant.Owner, "réclamations"},
	} {
		if _, *k.secret, err = merchant.IssueKey(tx, s.Merchant, merchant.NewKey{Set: k.set, Label: ours + k.label}); err != nil {
			return err
		}
	}
	of := map[ident.Connection]string{} // one key an account
	for i, h := range s.Hauls {
		if s.Hauls[i].Key = of[h.Connection]; s.Hauls[i].Key != "" {
			continue
		}
		_, s.Hauls[i].Key, err = merchant.IssueKey(tx, s.Merchant, merchant.NewKey{
			Set: merchant.Carrier, Connection: h.Connection, Label: ours + h.Carrier,
		})
		if err != nil {
			return err
		}
		of[h.Connection] = s.Hauls[i].Key
	}
	return nil
}

// Publish gives the shops' own pages, which stand at an address of this process,
// a key to ask for dates with. The key of the start before goes on when it is for
// the same address. An address that is neither encrypted nor on this machine can
// not have one: the pages there go without.
func (all Shops) Publish(ctx context.Context, f *flow.Flow, base string) error {
	origins := origins(base)
	for i := range all {
		err := all[i].publish(ctx, f, origins)
		if err != nil && fault.KindOf(err) != fault.Invalid {
			return fmt.Errorf("demo shop %s: %w", all[i].Slug, err)
		}
	}
	return nil
}

func (s *Shop) publish(ctx context.Context, f *flow.Flow, origins []string) error {
	return f.One(ctx, flow.Installation, s.Merchant, func(tx *flow.Tx) error {
		before, err := merchant.BrowserKeys(tx.Tx, s.Merchant)
		if err != nil {
			return err
		}
		for _, k := range before {
			switch {
			case !strings.HasPrefix(k.Label, ours) || !k.Revoked.IsZero():
			case slices.Equal(k.Origins, origins):
				s.Pages = k.Public
				return nil
			default:
				if err := merchant.RevokeBrowserKey(tx, s.Merchant, k.ID); err != nil {
					return err
				}
			}
		}
		k, err := merchant.IssueBrowserKey(tx, s.Merchant, ours+"pages", origins)
		s.Pages = k.Public
		return err
	})
}

// origins are those of an address, sorted: this machine has two names.
func origins(base string) []string {
	all := []string{base}
	for _, pair := range [][2]string{{"//127.0.0.1:", "//localhost:"}, {"//localhost:", "//127.0.0.1:"}} {
		if strings.Contains(base, pair[0]) {
			all = append(all, strings.Replace(base, pair[0], pair[1], 1))
		}
	}
	slices.Sort(all)
	return all
}
