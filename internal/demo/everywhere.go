package demo

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// loyal is how many of a shop's regulars are one and the same person in every shop:
// about one visit in forty. It is so in the demo alone, where somebody before a screen
// may be her, and have what comes from several shops come together.
const loyal = 22

// everywhere buys in every shop.
var everywhere = customer{
	name: "Camille Lambert", email: Everywhere, locale: lang.French,
	street: "12 rue des Lilas", town: town{"FR", "75011", "Paris"},
}

// Everywhere is her address: whoever asks for a link to her space finds it in the
// demo's letters.
const Everywhere = "camille.lambert@example.com"

// Befriend has the shops known in the space of the one who buys in each of them, and
// gives the carriers of parcels counters near her door.
func Befriend(ctx context.Context, f *flow.Flow, shops Shops) error {
	for i := range shops {
		m := shops[i].Merchant
		err := f.One(ctx, flow.Installation, m, func(tx *flow.Tx) error {
			if i == 0 {
				if _, err := relay.Feed(tx, m, adapter, corners(tx.Now), true); err != nil {
					return err
				}
			}
			return befriend(tx, m)
		})
		if err != nil {
			return fmt.Errorf("demo shop %s: %w", shops[i].Slug, err)
		}
	}
	return nil
}

func befriend(tx *flow.Tx, m ident.Merchant) error {
	id, err := shopper.Register(tx, m, shopper.NewShopper{Email: everywhere.email, Name: everywhere.name, Locale: everywhere.locale})
	if err != nil {
		return err
	}
	c, err := shopper.Get(tx.Tx, m, id)
	if err != nil || c.Person != "" {
		return err
	}
	given, err := shopper.Consents(tx.Tx, m, id)
	if err != nil || len(given) > 0 {
		return err // she took it back
	}
	link, err := shopper.Invite(tx, m, id)
	if err == nil {
		_, _, _, err = shopper.Confirm(tx, link, lang.T(everywhere.locale, "link_page.consent", nil))
	}
	return err
}

// corners are some counters in her quarter.
func corners(now civil.Instant) (all []relay.Point) {
	at, _, _ := geo.Postcode(everywhere.town.country, everywhere.town.postcode)
	for i, c := range counters[:5] {
		hours, err := civil.ParseHours("hours", c.hours)
		if err != nil {
			continue // hours that nobody can read are nobody's
		}
		all = append(all, relay.Point{
			Network: adapter, Code: fmt.Sprintf("C-%d", i+1), Kind: relay.Shop, Name: c.name, Street: fmt.Sprintf("%d rue Oberkampf", 10*i+7),
			Postcode: everywhere.town.postcode, City: everywhere.town.city, Country: everywhere.town.country,
			At: geo.Point{Lat: at.Lat + 0.0015*float64(i), Lon: at.Lon - 0.001*float64(i)}, Located: relay.Exact,
			Services: []string{relay.Collect, relay.Send}, Limits: relay.Limits{MaxGrams: 20_000}, Hours: hours, Zone: paris.String(), Seen: now,
		})
	}
	return all
}
