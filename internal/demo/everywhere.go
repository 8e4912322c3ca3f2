package demo

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// everywhere buys in every shop. In the demo somebody before a screen may be her, and
// have what comes from several shops come together; in a simulated world she does so.
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

// steady are the hours, as local minutes, at which she buys in a shop on each day,
// beside whatever else she does: by an appointment some days ahead at the grocer's, by
// parcel at the bookshop. So two of her deliveries can come together at any time,
// whenever somebody before a screen looks.
var steady = map[string][]int{driven: {7*60 + 10}, "librairie-du-port": {7*60 + 20, 17*60 + 40}}

// steady plans these visits, from a number on, and answers how many there are.
func (w *World) steady(p *planner, o opening, first int) int {
	if !w.opt.Conduct.Steady || w.opt.Inbox == nil {
		return 0
	}
	hours := steady[p.Slug]
	for n, minute := range hours {
		v := visit{Number: first + n, Steady: true}
		p.plan(toVisit, fmt.Sprint(v.Number), local(o.Date, minute), v)
	}
	return len(hours)
}

// visitor is who makes a visit.
func (w *World) visitor(s *shop, d dice, v visit) customer {
	who := w.customer(s, d)
	if v.Steady {
		return everywhere
	}
	return who
}

// leeway is how many days ahead she has the grocer come: time enough to change her mind.
const leeway = 3

// ahead is what she chooses: of the appointments the first that is some days ahead,
// else the parcel that comes with a carrier whom one can ask for another day.
func (s *shop) ahead(o offer, now civil.Instant) choice {
	for _, c := range o.Options {
		if c.Mode == carrier.Slot && c.Day >= now.Day(paris)+leeway {
			return c
		}
	}
	for _, c := range o.Options {
		if c.Mode != carrier.Slot && !c.Mode.Collected() && s.haulOf(c.Service).Carrier == express.slug {
			return c
		}
	}
	return o.Options[0]
}
