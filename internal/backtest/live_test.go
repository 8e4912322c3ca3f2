package backtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/shopper"
	"github.com/promesse-dev/promesse/internal/tracking"
)

// TestAShopIsQuotedWhatItsBacktestShows lives the same months twice: as a file of
// orders, and day by day through the doors of the product, with orders placed,
// parcels scanned and quotes committed to. Each order leaves on the day on which
// it is bought, so that the two count from the same day.
func TestAShopIsQuotedWhatItsBacktestShows(t *testing.T) {
	for _, target := range []float64{.90, .60} { // all weekdays together; each by itself
		orders := promptShop(150)
		h := recall(orders)
		h.walk(target)
		if n := compare(t, h, target); n < 60 {
			t.Errorf("asked %.2f: only %d days compared", target, n)
		}
	}
}

// promptShop hands over at 17:00 what was bought at 10:00, eight orders each day
// of the week that is no holiday. Its carrier delivers in the evening from Monday
// to Saturday, strikes for two weeks, slows down by half for a month, and loses one
// parcel in fifty.
func promptShop(days int) (orders []Order) {
	r := rand.New(rand.NewPCG(11, 1))
	transit := lognormal(func(day int) float64 {
		if day >= 100 && day < 130 {
			return 4.5
		}
		return 3
	}, .5)
	rests := func(day int) bool { return weekdayOn(day) == time.Sunday || day >= 80 && day < 94 }
	works := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"})
	for day := range days {
		for i := range 8 {
			if !works.Is(firstDay + civil.Day(day)) {
				continue
			}
			o := Order{Purchased: momentAt(day, 10*60+i), Handed: momentAt(day, 17*60), Promised: civil.NoDay}
			left, came := int(transit(r, day))+1, day
			for left > 0 {
				if came++; !rests(came) {
					left--
				}
			}
			if r.Float64() > .02 {
				o.Delivered = momentAt(came, 18*60)
			}
			orders = append(orders, o)
		}
	}
	return orders
}

// compare lives the trips as a shop of the product and answers on how many days
// quotes were held against the promises of the backtest.
func compare(t *testing.T, h history, target float64) (compared int) {
	t.Helper()
	s := openLive(t)
	bought, came := map[civil.Day][]*trip{}, map[civil.Day][]*trip{}
	for _, trip := range h.bought {
		bought[trip.from] = append(bought[trip.from], trip)
		if trip.to != civil.NoDay {
			came[trip.to] = append(came[trip.to], trip)
		}
	}
	last := h.bought[len(h.bought)-1].from
	for d := firstDay; d <= last; d++ {
		var quote *promise.Promised
		if trips := bought[d]; len(trips) > 0 {
			s.At(d.String() + " 10:30")
			if want := trips[0].promised; want != civil.NoDay {
				got := s.quote(target)
				quote = &got
				if day := (got.Until - 1).Day(flowtest.Paris); day != want {
					t.Errorf("asked %.2f on %s: quoted %s, backtest %s", target, d, day, want)
					return compared
				}
				compared++
			}
			s.sell(trips, quote)
		}
		s.At(d.String() + " 20:00")
		s.scan(fact.PickedUp, bought[d])
		s.scan(fact.Delivered, came[d])
	}
	return compared
}

// live is a shop of the product.
type live struct {
	*flowtest.World
	m       ident.Merchant
	curves  *promise.Curves
	carrier carrier.Connection
	service carrier.Service
	stock   merchant.StockPoint
	shopper ident.Shopper
	numbers map[*trip]string
}

var lyon = geo.Place{Country: "FR", Postcode: "69002"}

func openLive(t *testing.T) *live {
	s := &live{curves: promise.NewCurves(), numbers: map[*trip]string{}}
	s.World = flowtest.New(t, append(promise.Reactions(s.curves), flow.Reaction{
		On: fact.ParcelAnnounced{}.Kind(), Name: "tracking.Attach", Mode: flow.Must, Run: tracking.Attach,
		Emits: []fact.Kind{fact.ParcelMoved{}.Kind(), fact.ParcelDisputed{}.Kind()},
	})...)
	err := s.Write(context.Background(), "test", nil, func(tx *flow.Tx) error {
		o, err := merchant.Create(tx, merchant.NewOrganisation{
			Kind: merchant.Merchant, Name: "Épicerie du Port", Country: "FR", Zone: "Europe/Paris", Locale: lang.French, Currency: money.EUR,
		})
		s.m = o.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(s.m, s.settle)
	return s
}

// settle gives the shop its carrier, its stock and its customer.
func (s *live) settle(tx *flow.Tx) (err error) {
	if s.carrier, err = carrier.Connect(tx, s.m, carrier.Connection{Adapter: "simulated", Name: "Colis Rapide", Zone: "Europe/Paris"}); err != nil {
		return err
	}
	if s.service, err = carrier.SetService(tx, s.m, carrier.Service{
		Connection: s.carrier.ID, Name: "Domicile", Mode: carrier.Home, Countries: []string{"FR"},
		Collects: civil.MondayToSaturday, Delivers: civil.MondayToSaturday, Standards: []carrier.Standard{{Country: "FR", Days: 2}},
	}); err != nil {
		return err
	}
	if s.stock, err = merchant.SetStockPoint(tx, s.m, merchant.StockPoint{
		Name: "Entrepôt", Country: "FR", Postcode: "69001", Zone: "Europe/Paris",
		Cutoffs: civil.Cutoffs{Minute: [7]int{0, 960, 960, 960, 960, 960, 0}},
	}); err != nil {
		return err
	}
	s.shopper, err = shopper.Register(tx, s.m, shopper.NewShopper{Email: "camille@example.org", Name: "Camille", Locale: lang.French})
	return err
}

// quote asks for the date of a parcel to Lyon, now.
func (s *live) quote(target float64) (quoted promise.Promised) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		road := promise.Road{Service: s.service, Zone: carrier.LaneZone(lyon)}
		estimates, err := s.curves.For(tx, s.m, []promise.Road{road}, tx.Now.Day(flowtest.Paris))
		if err != nil {
			return err
		}
		options, hidden := promise.Quote(
			promise.Request{Now: tx.Now, To: lyon, Zone: flowtest.Paris, Grams: 900, Units: 1, Target: target},
			[]promise.Offer{{
				Service: s.service, Stock: s.stock, Works: s.curves.Calendars.Working(s.stock), Collects: s.curves.Calendars.Collecting(s.service),
				Delivers: s.curves.Calendars.Delivering(s.service), Estimate: estimates[0], Priced: true,
			}})
		if len(options) != 1 || options[0].Basis != promise.BasisOwn {
			return fmt.Errorf("%+v, hidden %v", options, hidden)
		}
		quoted = options[0].Promised(promise.Quoted{Merchant: s.m, At: tx.Now, To: lyon, Shown: "Livré", Locale: lang.French})
		return nil
	})
	return quoted
}

// sell places the orders of a day, with what was quoted to all of them, and
// announces their parcels.
func (s *live) sell(trips []*trip, quote *promise.Promised) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		for _, trip := range trips {
			s.numbers[trip] = fmt.Sprintf("P%d", trip.Purchased.At)
			o, _, err := order.Place(tx, s.m, order.New{
				Reference: s.numbers[trip], Fingerprint: "f", Shopper: s.shopper, Locale: lang.French, Currency: money.EUR,
				Lines:   []order.Line{{SKU: "oil", Name: "Huile d'olive", Units: 1, Unit: money.Of(1200, money.EUR), Grams: 900}},
				Service: s.service.ID, LinkHash: func(o ident.Order) string { return ident.Hash(string(o)) },
				Ship: order.Address{Name: "Camille", Street: "1 rue du Port", Postcode: lyon.Postcode, City: "Lyon", Country: lyon.Country},
			})
			if err != nil {
				return err
			}
			if quote != nil {
				own := *quote
				own.Quote = ident.New[ident.Quote](tx.Mint)
				if _, err := promise.Commit(tx, s.m, own, o.ID, s.shopper); err != nil {
					return err
				}
			}
			if _, _, err := order.Announce(tx, s.m, order.NewParcel{Order: o.ID, Connection: s.carrier.ID, Number: s.numbers[trip]}); err != nil {
				return err
			}
		}
		return nil
	})
}

// scan reports what the carrier did with parcels today.
func (s *live) scan(status fact.Status, trips []*trip) {
	s.T.Helper()
	if len(trips) == 0 {
		return
	}
	var reports []carrier.Report
	for _, trip := range trips {
		at := trip.Handed.At
		if status == fact.Delivered {
			at = trip.Delivered.At
		}
		reports = append(reports, carrier.Report{
			Number: s.numbers[trip], Status: status, Source: fact.FromCarrier, Precision: fact.Exact, At: at,
			Span: carrier.SpanOf(at, fact.Exact, flowtest.Paris),
		})
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := tracking.Receive(tx, s.m, []tracking.Delivery{{
			Payload: tracking.Payload{Connection: s.carrier.ID, ContentType: "application/json", Body: fmt.Append(nil, reports), Trust: fact.TrustSigned},
			Reports: reports,
		}})
		return err
	})
}
