package checkout_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/checkout"
	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
)

// grocer is a shop in Lyon that delivers by appointment in the city and around,
// and by post everywhere. It is Monday 23 November 2026, 09:00.
type grocer struct {
	*flowtest.World
	m        ident.Merchant
	desk     *checkout.Desk
	couriers carrier.Service
	post     carrier.Service
}

func openGrocer(t testing.TB) *grocer {
	t.Helper()
	curves := promise.NewCurves()
	g := &grocer{World: flowtest.New(t, append(promise.Reactions(curves), lastmile.Reactions()...)...)}
	g.At("2026-11-23 09:00")
	v, err := vault.New(bytes.Repeat([]byte{7}, vault.Size))
	if err != nil {
		t.Fatal(err)
	}
	g.desk = &checkout.Desk{Vault: v, Curves: curves, Factors: carbon.Default()}
	err = g.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		g.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	g.Do(g.m, g.furnish)
	return g
}

func (g *grocer) furnish(tx *flow.Tx) error {
	point := merchant.StockPoint{Name: "Quai", Country: "FR", Postcode: "69002", Zone: "Europe/Paris"}
	for d := range point.Cutoffs.Minute {
		point.Cutoffs.Minute[d] = 16 * 60
	}
	if _, err := merchant.SetStockPoint(tx, g.m, point); err != nil {
		return err
	}
	c, err := carrier.Connect(tx, g.m, carrier.Connection{Adapter: "ownfleet", Name: "Nos coursiers", Zone: "Europe/Paris"})
	if err != nil {
		return err
	}
	g.couriers, err = carrier.SetService(tx, g.m, carrier.Service{
		Connection: c.ID, Name: "Nos coursiers", Mode: carrier.Slot, Countries: []string{"FR"}, Postcodes: []string{"6900", "69100"},
		Limits: carrier.Limits{MaxGrams: 30_000}, Collects: civil.EveryDay, Delivers: civil.EveryDay, Region: "FR", LastMile: carbon.Bike,
	})
	if err != nil {
		return err
	}
	g.post, err = carrier.SetService(tx, g.m, carrier.Service{
		Connection: c.ID, Name: "Par la poste", Mode: carrier.Home, Countries: []string{"FR"}, Region: "FR",
		Collects: civil.MondayToFriday, Delivers: civil.MondayToSaturday, Standards: []carrier.Standard{{Days: 1}},
	})
	if err != nil {
		return err
	}
	for s, cents := range map[ident.Service]int64{g.couriers.ID: 590, g.post.ID: 490} {
		if _, err := order.SetTariff(tx, g.m, order.Tariff{Service: s, Price: money.Of(cents, money.EUR), Since: civil.NoDay, Until: civil.NoDay}); err != nil {
			return err
		}
	}
	return nil
}

// open sets the week of the couriers: the same windows every day, closed an hour
// before they begin.
func (g *grocer) open(capacity int, hours ...[2]int) {
	g.T.Helper()
	var windows []lastmile.GridWindow
	for d := time.Sunday; d <= time.Saturday; d++ {
		for _, h := range hours {
			windows = append(windows, lastmile.GridWindow{
				Weekday: d, FromMinute: h[0] * 60, UntilMinute: h[1] * 60, Capacity: capacity, CloseBefore: time.Hour,
			})
		}
	}
	g.Do(g.m, func(tx *flow.Tx) error {
		_, err := lastmile.SetGrid(tx, g.m, lastmile.Grid{Service: g.couriers.ID, Windows: windows})
		return err
	})
}

var basket = []checkout.Item{{SKU: "HUI", Name: "Huile d'olive", Units: 2, Unit: money.Of(1490, money.EUR), Grams: 980}}

func (g *grocer) quote(in checkout.QuoteRequest) (q checkout.Quotes) {
	g.T.Helper()
	if in.Items == nil {
		in.Items = basket
	}
	if in.Postcode == "" {
		in.Country, in.Postcode = "FR", "69003"
	}
	g.See(func(tx *db.Tx) (err error) {
		q, err = g.desk.Quote(tx, g.m, in)
		return err
	})
	return q
}

// slots are the options by appointment.
func slots(q checkout.Quotes) (out []checkout.Offered) {
	for _, o := range q.Options {
		if o.Mode == carrier.Slot {
			out = append(out, o)
		}
	}
	return out
}

func (g *grocer) place(reference string, o checkout.Offered) (p checkout.Placed, err error) {
	err = g.Try(g.m, func(tx *flow.Tx) (err error) {
		p, err = g.desk.Place(tx, g.m, checkout.PlaceRequest{
			Reference: reference, Fingerprint: reference, Token: o.Token, Items: basket,
			Shopper: shopper.NewShopper{Email: "camille@example.com", Name: "Camille Durand", Locale: lang.French},
			Ship:    order.Address{Name: "Camille Durand", Street: "3 rue des Lilas", Postcode: "69003", City: "Lyon", Country: "FR"},
		})
		return err
	})
	return p, err
}

func instant(t *testing.T, text string) civil.Instant {
	t.Helper()
	i, err := civil.ParseInstant(text)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestASlotAsItIsShown(t *testing.T) {
	g := openGrocer(t)
	g.open(1, [2]int{14, 16})
	g.At("2026-11-24 09:00")
	for _, row := range []struct {
		locale lang.Locale
		text   string
	}{
		{lang.French, "Livré mardi 24 novembre entre 14:00 et 16:00"},
		{lang.English, "Delivered Tuesday 24 November between 14:00 and 16:00"},
	} {
		q := g.quote(checkout.QuoteRequest{Locale: row.locale})
		o := q.Options[0]
		if o.Text != row.text {
			t.Errorf("%q, want %q", o.Text, row.text)
		}
		o.Text, o.Token = "", ""
		want := promise.Option{
			Service: g.couriers.ID, Name: "Nos coursiers", Mode: carrier.Slot, Stock: o.Stock, Day: civil.Date(2026, time.November, 24),
			Window:   civil.Window{From: instant(t, "2026-11-24T14:00:00+01:00"), Until: instant(t, "2026-11-24T16:00:00+01:00")},
			Zone:     "Europe/Paris",
			Handover: civil.Date(2026, time.November, 24), HandoverBy: instant(t, "2026-11-25T00:00:00+01:00"),
			OrderBefore: instant(t, "2026-11-24T13:00:00+01:00"), Basis: promise.BasisStandard, Price: money.Of(590, money.EUR), Carbon: o.Carbon,
		}
		if d := cmp.Diff(want, o.Option); d != "" {
			t.Error(d)
		}
		if o.Carbon.Low <= 0 || o.Carbon.High != o.Carbon.Low {
			t.Errorf("its footprint: %+v", o.Carbon)
		}
		if len(slots(q)) != 7 || len(q.Options) != 8 || len(q.Hidden) != 0 {
			t.Errorf("%d slots among %d options, hidden %v", len(slots(q)), len(q.Options), q.Hidden)
		}
	}
}

// The soonest first, whatever the mode; at most so many of one service.
func TestSlotsAmongOtherDates(t *testing.T) {
	g := openGrocer(t)
	g.open(1, [2]int{9, 11}, [2]int{11, 13}, [2]int{13, 15}, [2]int{15, 17}, [2]int{17, 19})
	q := g.quote(checkout.QuoteRequest{})
	if n := len(slots(q)); n != 21 {
		t.Errorf("%d slots", n)
	}
	for i, o := range q.Options[1:] {
		if before := q.Options[i]; before.Window.Until > o.Window.Until {
			t.Errorf("%s stands before %s", before.Text, o.Text)
		}
	}
	if q.Options[9].Service != g.post.ID { // after today's four and tomorrow's five
		t.Errorf("%q stands where the post's date should", q.Options[9].Text)
	}
}

func TestWhySlotsAreHidden(t *testing.T) {
	for _, row := range []struct {
		law   string
		world func(*grocer)
		ask   checkout.QuoteRequest
		code  string
	}{
		{"no grid was ever set", func(*grocer) {}, checkout.QuoteRequest{}, "slot_closed"},
		{"a village next to the city", func(g *grocer) { g.open(1, [2]int{14, 16}) }, checkout.QuoteRequest{Country: "FR", Postcode: "69300"}, "postcode_not_served"},
		{"another country", func(g *grocer) { g.open(1, [2]int{14, 16}) }, checkout.QuoteRequest{Country: "BE", Postcode: "1000"}, "country_not_served"},
		{"a basket for a lorry", func(g *grocer) { g.open(1, [2]int{14, 16}) }, checkout.QuoteRequest{Items: []checkout.Item{{SKU: "x", Name: "x", Units: 40, Unit: money.Of(1, money.EUR), Grams: 1000}}}, "too_heavy"},
		{"a currency nobody priced", func(g *grocer) { g.open(1, [2]int{14, 16}) }, checkout.QuoteRequest{Currency: "CHF", Items: []checkout.Item{{SKU: "x", Name: "x", Units: 1, Unit: money.Of(1, "CHF")}}}, "no_price"},
		{"one slot, and it closed", func(g *grocer) { g.once(1); g.At("2026-11-23 13:00") }, checkout.QuoteRequest{}, "slot_closed"},
		{"one slot, and it is full", func(g *grocer) { g.once(1); g.fill() }, checkout.QuoteRequest{}, "no_slot_left"},
		{"one slot, full, and closed since", func(g *grocer) { g.once(1); g.fill(); g.At("2026-11-23 13:00") }, checkout.QuoteRequest{}, "slot_closed"},
	} {
		g := openGrocer(t)
		row.world(g)
		q := g.quote(row.ask)
		var code string
		for _, h := range q.Hidden {
			if h.Service == g.couriers.ID {
				code = h.Code
			}
		}
		if code != row.code || len(slots(q)) != 0 {
			t.Errorf("%s: hidden because %q, %d slots", row.law, code, len(slots(q)))
		}
	}
}

// once is a single slot, this Monday from 14:00 to 16:00; the days after it are closed.
func (g *grocer) once(capacity int) {
	g.T.Helper()
	var closed []civil.Day
	for d := range civil.Day(6) {
		closed = append(closed, civil.Date(2026, time.November, 24)+d)
	}
	g.Do(g.m, func(tx *flow.Tx) error {
		_, err := lastmile.SetGrid(tx, g.m, lastmile.Grid{Service: g.couriers.ID, Closures: closed, Windows: []lastmile.GridWindow{
			{Weekday: time.Monday, FromMinute: 14 * 60, UntilMinute: 16 * 60, Capacity: capacity, CloseBefore: time.Hour},
		}})
		return err
	})
}

func (g *grocer) fill() {
	g.T.Helper()
	if _, err := g.place("E-first", slots(g.quote(checkout.QuoteRequest{}))[0]); err != nil {
		g.T.Fatal(err)
	}
}

// Two tabs show the same slot. The second to order is told, and chooses again.
func TestTwoTabsOneSlot(t *testing.T) {
	g := openGrocer(t)
	g.open(1, [2]int{14, 16})
	one, two := slots(g.quote(checkout.QuoteRequest{}))[0], slots(g.quote(checkout.QuoteRequest{}))[0]
	p, err := g.place("E-1", one)
	if err != nil {
		t.Fatal(err)
	}
	delivery := promise.DeliveryOf(p.Commitments)
	if delivery.Owed != fact.DeliverInSlot || delivery.From != one.Window.From || delivery.Until != one.Window.Until || delivery.Shown != one.Text {
		t.Errorf("it owes %+v", delivery)
	}
	_, err = g.place("E-2", two)
	if faults := fault.All(err); len(faults) != 1 || faults[0].Code != "slot_full" || faults[0].Field != "token" || faults[0].Kind != fault.Conflict {
		t.Errorf("the second tab: %v", err)
	}
	g.See(func(tx *db.Tx) error {
		_, placed, err := order.ByReference(tx, g.m, "E-2")
		if placed {
			t.Error("the order without a place was placed")
		}
		return err
	})
	again := slots(g.quote(checkout.QuoteRequest{}))[0]
	if again.Day != two.Day+1 {
		t.Errorf("then it is offered %s", again.Text)
	}
	if _, err := g.place("E-2", again); err != nil {
		t.Errorf("the same reference, another slot: %v", err)
	}
	// Placed again with the same content, the order stands as it is, place and all.
	if again, err := g.place("E-1", one); err != nil || again.Fresh || again.Order.ID != p.Order.ID {
		t.Errorf("placed again: %+v, %v", again, err)
	}
}

func TestASlotClosesBetweenQuoteAndOrder(t *testing.T) {
	g := openGrocer(t)
	g.open(1, [2]int{14, 16})
	g.At("2026-11-23 12:50")
	o := slots(g.quote(checkout.QuoteRequest{}))[0]
	g.At("2026-11-23 13:10") // the token lives half an hour, the slot does not
	_, err := g.place("E-1", o)
	if !fault.Is(err, "slot_closed") {
		t.Errorf("%v", err)
	}
}

// What was cancelled is for others again.
func TestACancelledPlaceIsOfferedAgain(t *testing.T) {
	g := openGrocer(t)
	g.once(1)
	o := slots(g.quote(checkout.QuoteRequest{}))[0]
	p, err := g.place("E-1", o)
	if err != nil {
		t.Fatal(err)
	}
	g.Do(g.m, func(tx *flow.Tx) error { return order.Cancel(tx, g.m, p.Order.ID, fact.ByShopper) })
	if again := slots(g.quote(checkout.QuoteRequest{})); len(again) != 1 || again[0].Window != o.Window {
		t.Errorf("offered: %v", again)
	}
}

// A date without an appointment owes what it always did, and takes no place.
func TestADateTakesNoPlace(t *testing.T) {
	g := openGrocer(t)
	g.once(1)
	q := g.quote(checkout.QuoteRequest{})
	p, err := g.place("E-1", q.Options[len(q.Options)-1])
	if err != nil {
		t.Fatal(err)
	}
	if owed := promise.DeliveryOf(p.Commitments).Owed; owed != fact.DeliverBy {
		t.Errorf("it owes %s", owed)
	}
	if left := slots(g.quote(checkout.QuoteRequest{})); len(left) != 1 {
		t.Errorf("%d slots left", len(left))
	}
}
