package demo

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/remedy"
	"github.com/promesse-dev/promesse/internal/web/shop/catalogue"
)

// an installation without anything in it.
func installation(t *testing.T) *flow.Flow {
	t.Helper()
	now := monday(t)
	clock := flow.NewClock(now, 0, func() civil.Instant { return now })
	d := dbtest.File(t, db.Options{Now: clock.Now, Wall: clock.Wall})
	f, err := flow.New(d, clock, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func setUp(t *testing.T, f *flow.Flow, slugs ...string) Shops {
	t.Helper()
	shops, err := Setup(t.Context(), f, 0, slugs...)
	if err != nil {
		t.Fatal(err)
	}
	return shops
}

// lasting is what of the shops stays from start to start: all but the secrets.
func lasting(shops Shops) Shops {
	out := make(Shops, len(shops))
	for i, s := range shops {
		out[i] = Shop{Merchant: s.Merchant, Slug: s.Slug}
		for _, h := range s.Hauls {
			out[i].Hauls = append(out[i].Hauls, Haul{Carrier: h.Carrier, Connection: h.Connection, Service: h.Service})
		}
	}
	return out
}

func TestEveryShopOfTheCatalogueOpensOnce(t *testing.T) {
	f := installation(t)
	first, second := setUp(t, f), setUp(t, f)
	if d := cmp.Diff(lasting(first), lasting(second)); d != "" {
		t.Error(d)
	}
	for _, s := range catalogue.All() {
		if !slices.ContainsFunc(first, func(o Shop) bool { return o.Slug == s.Slug }) {
			t.Errorf("%s does not open", s.Slug)
		}
	}
	if len(first) != len(trades) {
		t.Errorf("%d shops opened, %d are in the catalogue", len(first), len(trades))
	}
	if first[0].Seller == second[0].Seller || first[0].Seller == "" {
		t.Error("each start has its own keys")
	}
}

// A database of two shops with one carrier each, as demos used to make them, gets
// what it lacks and keeps what it has.
func TestAnOlderDemoGoesOn(t *testing.T) {
	f := installation(t)
	old := setUp(t, f, "epicerie-bellecour", "librairie-du-port")
	err := f.Write(t.Context(), flow.Installation, []ident.Merchant{old[0].Merchant, old[1].Merchant}, func(tx *flow.Tx) error {
		return tx.Do(`delete from demo_haul where carrier <> 'colis-express'`)
	})
	if err != nil {
		t.Fatal(err)
	}
	now := setUp(t, f)
	if len(now) != 6 {
		t.Fatalf("%d shops", len(now))
	}
	for _, was := range old {
		is := now[slices.IndexFunc(now, func(s Shop) bool { return s.Slug == was.Slug })]
		express := func(h Haul) bool { return h.Carrier == "colis-express" }
		before, after := was.Hauls[slices.IndexFunc(was.Hauls, express)], is.Hauls[slices.IndexFunc(is.Hauls, express)]
		if is.Merchant != was.Merchant || after.Service != before.Service || len(is.Hauls) != len(was.Hauls) {
			t.Errorf("%s was %+v and is %+v", was.Slug, was, is)
		}
	}
}

func TestShopsDifferAsData(t *testing.T) {
	f := installation(t)
	shops := setUp(t, f)
	accents, policies, desks := map[string]bool{}, 0, map[merchant.Set]int{}
	err := f.Read(t.Context(), func(tx *db.Tx) error {
		for _, s := range shops {
			brand, err := merchant.BrandOf(tx, s.Merchant)
			if err != nil {
				return err
			}
			accents[brand.Accent] = true
			_, own, err := merchant.PolicyOf(tx, s.Merchant, remedy.Topic)
			if err != nil {
				return err
			}
			if own {
				policies++
			}
			staff, err := merchant.StaffOf(tx, s.Merchant)
			if err != nil {
				return err
			}
			for _, p := range staff {
				desks[p.Set]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(accents) != 6 || policies != 2 || desks[merchant.Owner] != 6 || desks[merchant.Agent] != 6 {
		t.Errorf("%d accents, %d policies, %v", len(accents), policies, desks)
	}
	used := map[string]bool{}
	for _, s := range shops {
		for _, h := range s.Hauls {
			used[h.Carrier] = true
		}
	}
	for slug := range haulers {
		if !used[slug] {
			t.Errorf("nobody sends by %s", slug)
		}
	}
}

// Volt & Cie says six, and the van leaves at four: what is ordered in between is
// handed over a day after the day it was promised for.
func TestTheShopThatIsWrongAboutItsVan(t *testing.T) {
	for _, c := range []struct {
		name, slug, placed, planned, sent string
	}{
		{"before the van", "volt-et-cie", "2026-03-02 15:00", "2026-03-02", "2026-03-02"},
		{"after the van, before what it says", "volt-et-cie", "2026-03-02 17:00", "2026-03-02", "2026-03-03"},
		{"after what it says", "volt-et-cie", "2026-03-02 18:00", "2026-03-03", "2026-03-03"},
		{"another shop, before its cut-off", grocer, "2026-03-02 15:59", "2026-03-02", "2026-03-02"},
		{"on Saturday after the van", "volt-et-cie", "2026-03-07 17:00", "2026-03-07", "2026-03-09"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := theShop(c.slug)
			cutoffs := s.trade.cutoffs()
			planned, _ := cutoffs.Dispatch(at(t, c.placed), s.days.shop, s.days.carrier)
			van := s.van((&World{}).dice(s, "fate", 1), journey{placed: at(t, c.placed), by: express})
			if planned.String() != c.planned || van.Day(paris).String() != c.sent {
				t.Errorf("promised for %s, sent on %s", planned, van.Day(paris))
			}
		})
	}
}

// The shops' pages have a key for the address they stand at: the same one as long
// as the address is the same, and none where none can be.
func TestTheShopsPagesHaveAKey(t *testing.T) {
	f := installation(t)
	shops := setUp(t, f, "epicerie-bellecour", "librairie-du-port")
	publish := func(base string) []string {
		t.Helper()
		again := slices.Clone(shops)
		if err := again.Publish(t.Context(), f, base); err != nil {
			t.Fatal(err)
		}
		return []string{again[0].Pages, again[1].Pages}
	}
	first := publish("http://127.0.0.1:8080")
	if first[0] == "" || first[1] == "" || first[0] == first[1] {
		t.Fatalf("%q", first)
	}
	if again := publish("http://localhost:8080"); !slices.Equal(again, first) {
		t.Errorf("this machine's other name: %q, was %q", again, first)
	}
	if moved := publish("http://127.0.0.1:9090"); moved[0] == first[0] {
		t.Error("another address, the same key")
	}
	if none := publish("http://192.0.2.7:8080"); none[0] != "" {
		t.Errorf("a page that is not encrypted: %q", none)
	}
	err := f.Read(t.Context(), func(tx *db.Tx) error {
		keys, err := merchant.BrowserKeys(tx, shops[0].Merchant)
		var open []string
		for _, k := range keys {
			if k.Revoked.IsZero() {
				open = append(open, strings.Join(k.Origins, " "))
			}
		}
		if want := []string{"http://127.0.0.1:9090 http://localhost:9090"}; !slices.Equal(open, want) {
			t.Errorf("open: %q, want %q", open, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
