package promise

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
)

var lyon = geo.Place{Country: "FR", Postcode: "69002"}

// asked is one kilogram to Lyon at a local time.
func asked(now string) Request {
	return Request{Now: local(now), To: lyon, Zone: flowtest.Paris, Grams: 1000, Units: 1, Target: 0.95}
}

// offered is a carrier that takes two working days by its standard, from a shop
// that works from Monday to Friday until 16:00, for 5.90 euros.
func offered(more ...func(*Offer)) Offer {
	week := civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"}
	o := Offer{
		Service: carrier.Service{
			ID: "srv_1", Name: "Domicile", Mode: carrier.Home, Countries: []string{"FR"}, Region: "FR",
			Standards: []carrier.Standard{{Country: "FR", Days: 2}},
		},
		Grace: 12 * time.Hour,
		Stock: merchant.StockPoint{ID: "stk_1", Cutoffs: civil.Cutoffs{Minute: [7]int{0, 960, 960, 960, 960, 960, 0}, Zone: flowtest.Paris}},
		Works: civil.NewCalendar(week), Collects: civil.NewCalendar(week), Delivers: civil.NewCalendar(week),
		Estimate: Estimate{Basis: BasisStandard}, Price: money.Of(590, money.EUR), Priced: true,
	}
	for _, m := range more {
		m(&o)
	}
	return o
}

// history is a lane where so many parcels took each number of days, all arrived.
func history(days map[int]int) Estimate {
	start := day("2026-02-02")
	p := Past{Today: day("2026-03-02"), Since: civil.NoDay, Days: mondayToFriday}
	for d, n := range days {
		p.Passages = append(p.Passages, Passage{Start: start, Came: mondayToFriday.Add(start, d), Promised: civil.NoDay, Parcels: n})
	}
	return Estimate{BasisOwn, NewForecast(p)}
}

func TestTheDayPromised(t *testing.T) {
	saturdays := func(o *Offer) {
		o.Delivers = civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"})
	}
	tests := []struct {
		law                   string
		now                   string
		offer                 Offer
		handover, day, before string
	}{
		{"Tuesday 15:59, cut-off 16:00, two days → Thursday", "2026-03-03 15:59", offered(), "2026-03-03", "2026-03-05", "2026-03-03 16:00"},
		{"Tuesday 16:00 is too late → handed over on Wednesday, Friday", "2026-03-03 16:00", offered(), "2026-03-04", "2026-03-06", "2026-03-04 16:00"},
		{"Friday 16:05, cut-off 16:00, Easter Monday → Tuesday, Thursday", "2026-04-03 16:05", offered(), "2026-04-07", "2026-04-09", "2026-04-07 16:00"},
		{"Thursday, two days, no Saturday rounds → Monday", "2026-03-05 10:00", offered(), "2026-03-05", "2026-03-09", "2026-03-05 16:00"},
		{"Thursday, two days, the carrier delivers on Saturdays → Saturday", "2026-03-05 10:00", offered(saturdays), "2026-03-05", "2026-03-07", "2026-03-05 16:00"},
		{"a day of preparation → a day later", "2026-03-03 10:00", offered(func(o *Offer) { o.Stock.Cutoffs.Preparation = 1 }), "2026-03-04", "2026-03-06", "2026-03-03 16:00"},
		{"eve of 1 May 2026, a Friday → the days after the holiday", "2026-04-30 10:00", offered(), "2026-04-30", "2026-05-05", "2026-04-30 16:00"},
		{"the standard of one day holds from 9 March on", "2026-03-09 10:00", offered(func(o *Offer) {
			o.Service.Standards = []carrier.Standard{{Country: "FR", Days: 2, Until: day("2026-03-09")}, {Country: "FR", Days: 1, Since: day("2026-03-09")}}
		}), "2026-03-09", "2026-03-10", "2026-03-09 16:00"},
		{"and not for what is handed over the Friday before", "2026-03-06 10:00", offered(func(o *Offer) {
			o.Service.Standards = []carrier.Standard{{Country: "FR", Days: 2, Until: day("2026-03-09")}, {Country: "FR", Days: 1, Since: day("2026-03-09")}}
		}), "2026-03-06", "2026-03-10", "2026-03-06 16:00"},
		{"history of three days outweighs a standard of two", "2026-03-03 10:00", offered(func(o *Offer) { o.Estimate = history(map[int]int{2: 50, 3: 50}) }), "2026-03-03", "2026-03-06", "2026-03-03 16:00"},
	}
	for _, tt := range tests {
		t.Run(tt.law, func(t *testing.T) {
			options, hidden := Quote(asked(tt.now), []Offer{tt.offer})
			if len(options) != 1 || len(hidden) != 0 {
				t.Fatalf("%d options, hidden %v", len(options), hidden)
			}
			o := options[0]
			if o.Handover != day(tt.handover) || o.Day != day(tt.day) || o.OrderBefore != local(tt.before) {
				t.Errorf("handed over %v, promised %v, order before %v", o.Handover, o.Day, o.OrderBefore)
			}
			if o.Window != civil.DayWindow(o.Day, flowtest.Paris) || o.HandoverBy != o.Handover.End(flowtest.Paris) {
				t.Errorf("window %v, handed over by %v", o.Window, o.HandoverBy)
			}
		})
	}
}

func TestAServiceThatDeliversByAnHourPromisesThatHour(t *testing.T) {
	options, _ := Quote(asked("2026-03-03 10:00"), []Offer{offered(func(o *Offer) { o.Service.ByMinute = 13 * 60 })})
	if got := options[0].Window; got.From != local("2026-03-05 00:00") || got.Until != local("2026-03-05 13:00") {
		t.Errorf("%v to %v", got.From, got.Until)
	}
}

func TestTheZoneOfTheDestinationEndsTheDay(t *testing.T) {
	req := asked("2026-03-03 10:00")
	zone, err := civil.Zone("America/Martinique")
	if err != nil {
		t.Fatal(err)
	}
	req.Zone, req.To = zone, geo.Place{Country: "FR", Postcode: "97200"}
	options, hidden := Quote(req, []Offer{offered(func(o *Offer) {
		o.Service.Countries, o.Service.Standards = []string{"FR-OM"}, []carrier.Standard{{Days: 2}}
	})})
	if len(options) != 1 {
		t.Fatal(hidden)
	}
	if got := options[0]; got.Window.Until != local("2026-03-06 05:00") || got.Zone != "America/Martinique" {
		t.Errorf("until %v in %s", got.Window.Until, got.Zone)
	}
}

func TestConfidenceIsTheEstimatesOwnNeverTheTarget(t *testing.T) {
	own := offered(func(o *Offer) { o.Estimate = history(map[int]int{1: 50, 2: 47, 4: 3}) })
	options, _ := Quote(asked("2026-03-03 10:00"), []Offer{own})
	if o := options[0]; o.Day != day("2026-03-05") || o.Basis != BasisOwn || o.Confidence < 0.969 || o.Confidence > 0.971 {
		t.Errorf("%v with %v on %s", o.Day, o.Confidence, o.Basis)
	}
	options, _ = Quote(asked("2026-03-03 10:00"), []Offer{offered()})
	if o := options[0]; o.Basis != BasisStandard || o.Confidence != 0 {
		t.Errorf("a carrier's standard states no figure: %v on %s", o.Confidence, o.Basis)
	}
}

func TestWhyAServiceIsHidden(t *testing.T) {
	never := civil.NewCalendar(civil.CalendarSpec{Open: civil.WeekdaysOf(time.Sunday)})
	tests := []struct {
		code  string
		offer Offer
	}{
		{"country_not_served", offered(func(o *Offer) { o.Service.Countries = []string{"BE"} })},
		{"too_heavy", offered(func(o *Offer) { o.Service.Limits.MaxGrams = 999 })},
		{"too_many", offered(func(o *Offer) { o.Service.Limits.MaxUnits = 1 })},
		{"no_standard", offered(func(o *Offer) { o.Service.Standards = nil })},
		{"no_standard", offered(func(o *Offer) { o.Service.Standards[0].Until = day("2026-01-01") })},
		{"no_origin", offered(func(o *Offer) { o.Stock.ID = "" })},
		{"no_price", offered(func(o *Offer) { o.Priced = false })},
		{"no_handover", offered(func(o *Offer) { o.Collects = never })},
		{"no_delivery_day", offered(func(o *Offer) { o.Delivers = civil.NewCalendar(civil.CalendarSpec{}) })},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			req := asked("2026-03-03 10:00")
			req.Units = 2
			options, hidden := Quote(req, []Offer{tt.offer})
			if d := cmp.Diff([]Hidden{{"srv_1", tt.code}}, hidden); d != "" || options != nil {
				t.Errorf("%v %s", options, d)
			}
		})
	}
}

func TestEnoughHistoryNeedsNoStandard(t *testing.T) {
	o := offered(func(o *Offer) { o.Service.Standards, o.Estimate = nil, history(map[int]int{1: 100}) })
	if options, hidden := Quote(asked("2026-03-03 10:00"), []Offer{o}); len(options) != 1 {
		t.Error(hidden)
	}
}

func TestOptionsAreSortedByDateThenPriceOneAService(t *testing.T) {
	is := func(id ident.Service, stock ident.StockPoint, days int, price int64) Offer {
		return offered(func(o *Offer) {
			o.Service.ID, o.Stock.ID, o.Price = id, stock, money.Of(price, money.EUR)
			o.Service.Standards = []carrier.Standard{{Country: "FR", Days: days}}
		})
	}
	hiddenTwice := offered(func(o *Offer) { o.Service.ID, o.Priced = "srv_hidden", false })
	options, hidden := Quote(asked("2026-03-03 10:00"), []Offer{
		is("srv_slow", "stk_1", 3, 100), is("srv_dear", "stk_1", 1, 900), is("srv_cheap", "stk_1", 1, 500),
		is("srv_slow", "stk_2", 2, 100), hiddenTwice, hiddenTwice,
		offered(func(o *Offer) { o.Service.ID, o.Stock.ID = "srv_cheap", "" }),
	})
	var got []string
	for _, o := range options {
		got = append(got, string(o.Service)+" from "+string(o.Stock))
	}
	want := []string{"srv_cheap from stk_1", "srv_dear from stk_1", "srv_slow from stk_2"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Hidden{{"srv_hidden", NoPrice}}, hidden); d != "" {
		t.Error(d)
	}
}

func TestAnOptionBecomesItsToken(t *testing.T) {
	options, _ := Quote(asked("2026-03-03 10:00"), []Offer{offered(func(o *Offer) { o.Service.Mode = carrier.Relay })})
	o := options[0]
	p := o.Promised(Quoted{
		Quote: "quo_1", Merchant: "mer_1", At: local("2026-03-03 10:00"), To: lyon, Basket: "b", Shown: "jeudi", Locale: lang.French,
	})
	want := Promised{
		Quote: "quo_1", Merchant: "mer_1", Service: "srv_1", Stock: "stk_1", Collect: true,
		From: o.Window.From, Until: o.Window.Until, Zone: "Europe/Paris", HandoverBy: local("2026-03-04 00:00"), Grace: 12 * time.Hour,
		Basis: BasisStandard, Price: money.Of(590, money.EUR), Country: "FR", Postcode: "69002", Basket: "b",
		Shown: "jeudi", Locale: lang.French, Expires: local("2026-03-03 16:00"),
	}
	if d := cmp.Diff(want, p); d != "" {
		t.Error(d)
	}
}

var (
	sinkDay     civil.Day
	sinkInstant civil.Instant
)

// BenchmarkLane is held against the rank/select limit of the same computation.
func BenchmarkLane(b *testing.B) {
	week := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"})
	saturday := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"})
	cutoffs := civil.Cutoffs{Minute: [7]int{0, 840, 840, 840, 840, 840, 0}, Preparation: 1, Zone: flowtest.Paris}
	lanes := make([]Lane, 40)
	for i := range lanes {
		lanes[i] = Lane{Cutoffs: &cutoffs, Works: week, Collects: saturday, Delivers: saturday, Days: 1 + i%5}
	}
	start := local("2026-01-01 00:00")
	b.Run("one lane", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_, sinkDay, sinkInstant = lanes[i%40].Date(start + civil.Instant(i%8760)*3600e6)
		}
	})
	b.Run("forty lanes", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			for k := range lanes {
				_, sinkDay, sinkInstant = lanes[k].Date(start + civil.Instant(i%8760)*3600e6)
			}
		}
	})
}
