package backtest

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

// regular is a shop of 4,000 orders, a week on the road.
func regular() shop {
	return shop{
		seed: 7, perDay: 13, days: 310, ready: exponential(1), transit: lognormal(steady(5), .4),
		rests: closedOn(time.Sunday), shipsOn: monToFri, lost: .01, cancelled: .02, promises: 9,
	}
}

func TestAPromiseKnowsOnlyThePast(t *testing.T) {
	orders := regular().past()
	for _, day := range []int{60, 150, 151, 290} {
		now := instantOf(day, 13*60+37)
		var past []Order
		for _, o := range orders {
			if o.Purchased.At < now {
				forget(&o.Handed, now)
				forget(&o.Delivered, now)
				past = append(past, o)
			}
		}
		whole, sofar := promises(orders, now), promises(past, now)
		if d := cmp.Diff(whole, sofar); d != "" || len(whole) < 100 {
			t.Errorf("day %d: of %d promises, some change with what happens later:\n%s", day, len(whole), d)
		}
	}
}

// promises are those made before an instant, by instant of purchase.
func promises(orders []Order, before civil.Instant) map[civil.Instant]civil.Day {
	h := recall(orders)
	h.walk(.95)
	made := map[civil.Instant]civil.Day{}
	for _, t := range h.bought {
		if t.Purchased.At < before && t.promised != civil.NoDay {
			made[t.Purchased.At] = t.promised
		}
	}
	return made
}

func TestTheOrderOfTheRowsMeansNothing(t *testing.T) {
	orders := regular().past()
	want, err := Run(orders, .95)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(orders), func(i, j int) { orders[i], orders[j] = orders[j], orders[i] })
	before := slices.Clone(orders)
	got, err := Run(orders, .95)
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	if !slices.Equal(before, orders) {
		t.Error("the caller's orders were moved")
	}
}

// Days end with the row's clock, not with ours: an hour east or west changes nothing.
func TestDaysAreThoseOfTheRow(t *testing.T) {
	orders := regular().past()
	want, _ := Run(orders, .95)
	for _, offset := range []int32{-11 * 3600, 14 * 3600} {
		moved := slices.Clone(orders)
		for i := range moved {
			for _, m := range []*Moment{&moved[i].Purchased, &moved[i].Handed, &moved[i].Delivered} {
				if m.Happened() {
					*m = Moment{At: m.At + civil.Instant(m.Offset-offset)*aSecond, Offset: offset}
				}
			}
		}
		got, _ := Run(moved, .95)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%d seconds east:\n%s", offset, d)
		}
	}
}

func TestAStrikeMakesPromisesLonger(t *testing.T) {
	s := regular()
	s.rests = func(day int, w time.Weekday) bool { return w == time.Sunday || day >= 150 && day < 164 }
	h := recall(s.past())
	h.walk(.95)
	before, in := meanPromised(h, 130, 150), meanPromised(h, 157, 164)
	if in < before*1.2 {
		t.Errorf("%.1f days promised before the strike, %.1f in its second week", before, in)
	}
}

// meanPromised is the mean of days promised to those who bought in [from, until).
func meanPromised(h history, from, until civil.Day) float64 {
	sum, n := 0, 0
	for _, t := range h.bought {
		if day := t.from - firstDay; day >= from && day < until {
			sum, n = sum+int(t.promised-t.from), n+1
		}
	}
	return float64(sum) / float64(n)
}

func TestLostParcelsMakeNoPromiseLonger(t *testing.T) {
	s := regular()
	s.lost = 0
	none, _ := Run(s.past(), .95)
	s.lost = .04
	some, _ := Run(s.past(), .95)
	if some.Promesse.MeanDays > none.Promesse.MeanDays*1.03 {
		t.Errorf("%.2f days promised, %.2f with 4 %% lost", none.Promesse.MeanDays, some.Promesse.MeanDays)
	}
}

func TestWithoutInstantsOfHandingOver(t *testing.T) {
	s := regular()
	orders := s.past()
	for i := range orders {
		orders[i].Handed = Moment{}
	}
	if v := judge(orders, .95); v.share < .93 || !v.bold() {
		t.Errorf("kept %.3f, %.1f days promised, %d would have done", v.share, v.mean, v.hindsight)
	}
}

// Clocks of two machines disagree: an order that left or came before it was bought
// is known when it was bought, and took no time.
func TestClocksThatDisagree(t *testing.T) {
	o := Order{Purchased: at("2026-03-02T10:00:00Z"), Handed: at("2026-03-01T10:00:00Z"), Delivered: at("2026-02-28T10:00:00Z"), Promised: civil.NoDay}
	trip := tripOf(&o)
	if trip.entered != o.Purchased.At || trip.arrived != o.Purchased.At || trip.to != trip.from {
		t.Errorf("got %+v", trip)
	}
}

// two hundred orders bought on 2 March and delivered one a minute on 4 March from
// noon on: the last at 15:19.
func twoHundred() (orders []Order) {
	for i := range 200 {
		orders = append(orders, Order{
			Purchased: at("2026-03-02T10:00:00+01:00"), Handed: at("2026-03-03T10:00:00+01:00"),
			Delivered: Moment{at("2026-03-04T12:00:00+01:00").At.Add(time.Duration(i) * time.Minute), 3600}, Promised: on("2026-03-05"),
		})
	}
	return orders
}

func TestWhatIsScored(t *testing.T) {
	none := Moment{}
	for _, c := range []struct {
		law               string
		bought            string
		handed, delivered Moment
		scored            int
	}{
		{"bought at the instant of the 200th delivery", "2026-03-04T15:19:00+01:00", at("2026-03-05T10:00:00+01:00"), at("2026-03-06T10:00:00+01:00"), 0},
		{"bought a second later", "2026-03-04T15:19:01+01:00", at("2026-03-05T10:00:00+01:00"), at("2026-03-06T10:00:00+01:00"), 1},
		{"the same instant in another offset, a second later", "2026-03-04T09:19:01-05:00", at("2026-03-05T10:00:00-05:00"), at("2026-03-06T10:00:00-05:00"), 1},
		{"bought later, never handed over", "2026-03-10T10:00:00+01:00", none, none, 0},
		{"bought later, on the road for ever", "2026-03-10T10:00:00+01:00", at("2026-03-10T11:00:00+01:00"), none, 0},
		{"bought later, delivered, nobody knows when it left", "2026-03-10T10:00:00+01:00", none, at("2026-03-12T10:00:00+01:00"), 1},
		{"bought in 2099", "2099-03-10T10:00:00+01:00", none, at("2099-03-12T10:00:00+01:00"), 1},
	} {
		r, err := Run(append(twoHundred(), Order{Purchased: at(c.bought), Handed: c.handed, Delivered: c.delivered, Promised: civil.NoDay}), .9)
		if err != nil || r.Orders != 201 || r.Scored != c.scored {
			t.Errorf("%s: %d of %d scored, want %d, %v", c.law, r.Scored, r.Orders, c.scored, err)
		}
	}
}

func TestTheResultAsJSON(t *testing.T) {
	later := func(promised civil.Day) []Order {
		return append(twoHundred(), Order{Purchased: at("2026-03-10T10:00:00+01:00"), Handed: at("2026-03-11T10:00:00+01:00"), Delivered: at("2026-03-12T10:00:00+01:00"), Promised: promised})
	}
	for _, c := range []struct {
		law    string
		orders []Order
		want   string
	}{
		{"no order", nil, `{"orders":0,"scored":0,"shop":null,"promesse":null,"hindsight_days":null,"by_month":[]}`},
		{"199 deliveries", twoHundred()[1:], `{"orders":199,"scored":0,"shop":null,"promesse":null,"hindsight_days":null,"by_month":[]}`},
		{"nobody buys after them", twoHundred(), `{"orders":200,"scored":0,"shop":null,"promesse":null,"hindsight_days":null,"by_month":[]}`},
		{
			"one buys, as all others took two days", later(on("2026-03-11")),
			`{"orders":201,"scored":1,"shop":{"kept":0,"mean_days":1,"p50_days":1},"promesse":{"target":0.9,"kept":1,"mean_days":2,"p50_days":2},` +
				`"hindsight_days":2,"by_month":[{"month":"2026-03","scored":1,"kept":1,"mean_days":2}]}`,
		},
		{
			"the shop had promised nothing", later(civil.NoDay),
			`{"orders":201,"scored":1,"shop":null,"promesse":{"target":0.9,"kept":1,"mean_days":2,"p50_days":2},` +
				`"hindsight_days":2,"by_month":[{"month":"2026-03","scored":1,"kept":1,"mean_days":2}]}`,
		},
	} {
		r, err := Run(c.orders, .9)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, string(got)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.law, d)
		}
	}
}

func TestTargetsThatCanNotBeAsked(t *testing.T) {
	for _, target := range []float64{0, 1, -1, 95, nan()} {
		if _, err := Run(nil, target); !fault.Is(err, "share_out_of_range") {
			t.Errorf("%v: got %v", target, err)
		}
	}
}

func nan() float64 { var zero float64; return zero / zero }
