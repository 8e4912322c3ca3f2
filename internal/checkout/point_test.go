package checkout_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/relay"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// relays is the grocer with a network of points around Lyon, to which a parcel
// takes two working days. It is Monday 23 November 2026, 09:00: what is ordered is
// handed over that day and promised for Wednesday.
type relays struct {
	*grocer
	network string
	service carrier.Service
	store   carrier.Service
	points  map[string]ident.Point
}

func openRelays(t testing.TB) *relays {
	t.Helper()
	g := openGrocer(t)
	r := &relays{grocer: g, network: "net_" + string(g.m)[4:], points: map[string]ident.Point{}}
	r.service = r.serves("Point relais", r.network, carrier.Relay)
	r.store = r.serves("Au magasin", "ownfleet", carrier.Store)
	r.opens("near", nil)
	r.opens("locker", func(p *relay.Point) { p.Kind, p.Limits = relay.Locker, relay.Limits{MaxGrams: 1_900} })
	r.opens("send", func(p *relay.Point) { p.Services = []string{relay.Send} })
	r.opens("holiday", func(p *relay.Point) { p.Hours = hours(t, "Mo-Sa 09:00-19:00; 2026-11-24..2026-12-10 off") })
	r.opens("paris", func(p *relay.Point) { p.Postcode, p.City, p.At = "75010", "Paris", geo.Point{Lat: 48.876, Lon: 2.357} })
	r.opens("brussels", func(p *relay.Point) {
		p.Postcode, p.City, p.Country, p.At = "1000", "Bruxelles", "BE", geo.Point{Lat: 50.85, Lon: 4.35}
	})
	r.opens("gone", nil)
	r.Do(g.m, func(tx *flow.Tx) error {
		keep := make([]relay.Point, 0, len(r.points))
		for code, id := range r.points {
			p, err := relay.Get(tx.Tx, id)
			if err != nil {
				return err
			}
			if code != "gone" {
				keep = append(keep, p)
			}
		}
		_, err := relay.Feed(tx, g.m, r.network, keep, true)
		return err
	})
	r.feeds("other_"+r.network, "other", nil)
	r.Do(g.m, func(tx *flow.Tx) error {
		p, err := relay.SetStore(tx, g.m, stand("mine", func(p *relay.Point) { p.Kind = relay.Store }))
		r.points["mine"] = p.ID
		return err
	})
	return r
}

func hours(t testing.TB, text string) civil.Hours {
	t.Helper()
	h, err := civil.ParseHours("hours", text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (r *relays) serves(name, adapter string, mode carrier.Mode) (s carrier.Service) {
	r.T.Helper()
	r.Do(r.m, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, r.m, carrier.Connection{Adapter: adapter, Name: name, Zone: "Europe/Paris"})
		if err != nil {
			return err
		}
		s, err = carrier.SetService(tx, r.m, carrier.Service{
			Connection: c.ID, Name: name, Mode: mode, Countries: []string{"FR"}, Region: "FR",
			Collects: civil.MondayToFriday, Delivers: civil.MondayToSaturday, Standards: []carrier.Standard{{Days: 2}},
		})
		if err != nil {
			return err
		}
		_, err = order.SetTariff(tx, r.m, order.Tariff{Service: s.ID, Price: money.Of(390, money.EUR), Since: civil.NoDay, Until: civil.NoDay})
		return err
	})
	return s
}

// stand is a shop in Lyon, open all week.
func stand(code string, set func(*relay.Point)) relay.Point {
	p := relay.Point{
		Code: code, Kind: relay.Shop, Name: "Chez " + code, Street: "2 quai du Port", Postcode: "69003", City: "Lyon", Country: "FR",
		At: geo.Point{Lat: 45.76, Lon: 4.85}, Zone: "Europe/Paris", Services: []string{relay.Collect, relay.Send},
	}
	if set != nil {
		set(&p)
	}
	return p
}

func (r *relays) opens(code string, set func(*relay.Point)) { r.feeds(r.network, code, set) }

func (r *relays) feeds(network, code string, set func(*relay.Point)) {
	r.T.Helper()
	r.Do(r.m, func(tx *flow.Tx) error {
		if _, err := relay.Feed(tx, r.m, network, []relay.Point{stand(code, set)}, false); err != nil {
			return err
		}
		p, err := relay.ByCode(tx.Tx, network, code)
		r.points[code] = p.ID
		return err
	})
}

// at is what a quote offers of a service, and why it does not.
func (r *relays) at(point ident.Point, of carrier.Service) (o checkout.Offered, because string) {
	q := r.quote(checkout.QuoteRequest{Point: point})
	for _, h := range q.Hidden {
		if h.Service == of.ID {
			because = h.Code
		}
	}
	for _, offered := range q.Options {
		if offered.Service == of.ID {
			o = offered
		}
	}
	return o, because
}

// buys places an order with a token or for a service, and a point.
func (r *relays) buys(reference string, in checkout.PlaceRequest) (p checkout.Placed, err error) {
	in.Reference, in.Fingerprint, in.Items = reference, reference, basket
	in.Shopper = shopper.NewShopper{Email: "camille@example.com", Name: "Camille Durand", Locale: lang.French}
	in.Ship = order.Address{Name: "Camille Durand", Street: "3 rue des Lilas", Postcode: "69003", City: "Lyon", Country: "FR"}
	err = r.Try(r.m, func(tx *flow.Tx) (err error) {
		p, err = r.desk.Place(tx, r.m, in)
		return err
	})
	return p, err
}

func TestAPointIsOneWhereTheParcelCanWait(t *testing.T) {
	r := openRelays(t)
	for i, row := range []struct {
		law   string
		of    carrier.Service
		point string
		code  string
	}{
		{"a point of the network, open on Tuesday and Wednesday", r.service, "near", ""},
		{"the merchant's own store, for what goes to stores", r.store, "mine", ""},
		{"no point chosen", r.service, "", "point_required"},
		{"a locker that takes 1.9 kg, for 1.96 kg", r.service, "locker", "point_too_small"},
		{"a point where parcels are only handed in", r.service, "send", "point_not_served"},
		{"open on Monday, and closed from Tuesday to 10 December", r.service, "holiday", "point_closed"},
		{"in Paris, when the date was computed for Lyon", r.service, "paris", "point_far"},
		{"in Belgium, where the service does not go", r.service, "brussels", "point_not_served"},
		{"a point that its network names no more", r.service, "gone", "point_gone"},
		{"a point of another network", r.service, "other", "point_not_served"},
		{"the merchant's store, for a carrier's network", r.service, "mine", "point_not_served"},
		{"a carrier's point, for what goes to stores", r.store, "near", "point_not_served"},
		{"a point, for what comes to the door", r.post, "near", "point_not_asked"},
	} {
		point := r.points[row.point]
		free, _ := r.at("", row.of)
		p, err := r.buys(fmt.Sprintf("A-%d", i), checkout.PlaceRequest{Token: free.Token, Point: point})
		if got := codeOf(err); got != row.code || err == nil && p.Order.Point != point {
			t.Errorf("%s: %q, want %q; the order's is %q", row.law, got, row.code, p.Order.Point)
		}
		if point == "" || row.of.ID == r.post.ID {
			continue
		}
		bound, because := r.at(point, row.of)
		if because != row.code || (bound.Token != "") != (row.code == "") {
			t.Errorf("quoted %s: hidden because %q, want %q", row.law, because, row.code)
		}
	}
}

// codeOf is the code of an error's first fault; empty when there is none.
func codeOf(err error) string {
	if all := fault.All(err); len(all) > 0 {
		return all[0].Code
	}
	return ""
}

func TestATokenHoldsThePointItWasShownFor(t *testing.T) {
	r := openRelays(t)
	r.opens("second", nil)
	for i, row := range []struct {
		law   string
		point string
		code  string
		at    string
	}{
		{"the order need not say it again", "", "", "near"},
		{"it may", "near", "", "near"},
		{"it can not name another", "second", "token_mismatch", ""},
	} {
		o, _ := r.at(r.points["near"], r.service)
		p, err := r.buys(fmt.Sprintf("B-%d", i), checkout.PlaceRequest{Token: o.Token, Point: r.points[row.point]})
		if codeOf(err) != row.code || p.Order.Point != r.points[row.at] {
			t.Errorf("%s: %v, at %q", row.law, err, p.Order.Point)
		}
	}
	home, _ := r.at(r.points["near"], r.post)
	if p, err := r.buys("B-home", checkout.PlaceRequest{Token: home.Token}); err != nil || p.Order.Point != "" {
		t.Errorf("what comes to the door has no point: %v, %q", err, p.Order.Point)
	}
}

func TestAnOrderToAPointOwesTheDateThatWasShown(t *testing.T) {
	r := openRelays(t)
	o, _ := r.at("", r.service)
	if o.Text != "Prêt à retirer mercredi 25 novembre" || o.Network != r.network {
		t.Errorf("%q, of %q", o.Text, o.Network)
	}
	p, err := r.buys("C-1", checkout.PlaceRequest{Token: o.Token, Point: r.points["near"]})
	if err != nil {
		t.Fatal(err)
	}
	c := promise.DeliveryOf(p.Commitments)
	if !c.Collect || c.Clock != promise.ShopperClock || c.Until != instant(t, "2026-11-26T00:00:00+01:00") {
		t.Errorf("owed until %s by the clock %s", c.Until, c.Clock)
	}
	r.See(func(tx *db.Tx) error {
		got, err := order.Get(tx, r.m, p.Order.ID)
		if d := cmp.Diff(r.points["near"], got.Point); d != "" {
			t.Error(d)
		}
		return err
	})
	again, err := r.buys("C-1", checkout.PlaceRequest{Token: o.Token, Point: r.points["near"]})
	if err != nil || again.Fresh || again.Order.Point != r.points["near"] {
		t.Errorf("placed twice: %v, %+v", err, again.Order)
	}
}

func TestWithoutADateTheLawsThirtyDaysAreOwedAtThePoint(t *testing.T) {
	r := openRelays(t)
	p, err := r.buys("D-1", checkout.PlaceRequest{Service: r.service.ID, Point: r.points["near"]})
	if err != nil || p.Order.Point != r.points["near"] {
		t.Fatalf("%v: %+v", err, p.Order)
	}
	if _, err := r.buys("D-2", checkout.PlaceRequest{Service: r.service.ID}); codeOf(err) != "point_required" {
		t.Errorf("without a point: %v", err)
	}
}

func TestWhereNobodyKnowsAPointNoneIsAsked(t *testing.T) {
	r := openRelays(t)
	blind := r.serves("Réseau inconnu", "simulated", carrier.Relay)
	r.See(func(tx *db.Tx) error {
		if listed, err := relay.Listed(tx, "simulated"); listed || err != nil {
			t.Fatalf("the test's network has points: %v", err)
		}
		return nil
	})
	o, _ := r.at("", blind)
	if o.Network != "" {
		t.Errorf("points of %q", o.Network)
	}
	if p, err := r.buys("E-1", checkout.PlaceRequest{Token: o.Token}); err != nil || p.Order.Point != "" {
		t.Errorf("%v, at %q", err, p.Order.Point)
	}
}

func TestAPointOfNobodyIsUnknown(t *testing.T) {
	r := openRelays(t)
	other := openRelays(t)
	for law, point := range map[string]ident.Point{"no such point": "pnt_00000000000000000000000000", "a store of somebody else": other.points["mine"]} {
		err := r.Try(r.m, func(tx *flow.Tx) error {
			_, err := r.desk.Quote(tx.Tx, r.m, checkout.QuoteRequest{Country: "FR", Postcode: "69003", Items: basket, Point: point})
			return err
		})
		if codeOf(err) != "point_unknown" {
			t.Errorf("%s: %v", law, err)
		}
	}
}
