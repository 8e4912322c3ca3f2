package backtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// bought on a day, delivered so many days later, promised by the shop and by us.
func aTrip(day string, took, theirs, ours int) *trip {
	from := on(day)
	o := &Order{
		Purchased: Moment{At: Moment{}.start(from).Add(12e9), Offset: 0},
		Delivered: Moment{At: Moment{}.start(from + civil.Day(took)).Add(36e11), Offset: 0},
		Promised:  civil.NoDay,
	}
	if theirs > 0 {
		o.Promised = from + civil.Day(theirs)
	}
	t := tripOf(o)
	t.promised = from + civil.Day(ours)
	return &t
}

func TestFiguresOfPromises(t *testing.T) {
	trips := []*trip{
		aTrip("2026-03-02", 3, 3, 4), // kept by both
		aTrip("2026-03-03", 5, 4, 5), // kept by us on the day
		aTrip("2026-03-31", 9, 0, 8), // the shop promised nothing; late
		aTrip("2026-04-01", 6, 7, 5), // kept by the shop
	}
	got := score(9, trips, .75)
	want := Result{
		Orders: 9, Scored: 4,
		Shop:          &Figures{Kept: 2. / 3, MeanDays: 14. / 3, P50Days: 4},
		Promesse:      &Asked{.75, Figures{Kept: .5, MeanDays: 5.5, P50Days: 5}},
		HindsightDays: new(6),
		ByMonth: []Month{
			{Month: "2026-03", Scored: 3, Kept: 2. / 3, MeanDays: 17. / 3, Shop: &Figures{Kept: .5, MeanDays: 3.5, P50Days: 3}, TookDays: 17. / 3},
			{Month: "2026-04", Scored: 1, Kept: 0, MeanDays: 5, Shop: &Figures{Kept: 1, MeanDays: 7, P50Days: 7}, TookDays: 6},
		},
		Breaches: &Breaches{Compared: 3, Shop: Breach{1, 1}, Promesse: Breach{1, 1}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTheFixedNumberOfHindsight(t *testing.T) {
	trips := make([]*trip, 0, 100)
	for i := range 100 {
		trips = append(trips, aTrip("2026-03-02", 1+i/10, 0, 1)) // ten each of 1 to 10 days
	}
	for _, c := range []struct {
		law    string
		target float64
		want   int
	}{
		{"nine of ten", .9, 9},
		{"one more than nine of ten", .91, 10},
		{"99 %", .99, 10},
		{"a tenth", .1, 1},
		{"next to nothing", .001, 1},
	} {
		if got := hindsight(trips, c.target); got != c.want {
			t.Errorf("%s: got %d, want %d", c.law, got, c.want)
		}
	}
}

// The day promised is Thursday 5 March; it ends where the parcel is delivered.
func TestWhenABrokenPromiseIsRepaired(t *testing.T) {
	for _, c := range []struct {
		law, delivered string
		want           Breach
	}{
		{"Thursday 23:59 → kept", "2026-03-05T23:59:00+01:00", Breach{}},
		{"midnight → broken, not repaired", "2026-03-06T00:00:00+01:00", Breach{Broken: 1}},
		{"00:30 → 30 minutes late, not more", "2026-03-06T00:30:00+01:00", Breach{Broken: 1}},
		{"00:30:01 → repaired", "2026-03-06T00:30:01+01:00", Breach{1, 1}},
		{"Friday noon → repaired", "2026-03-06T12:00:00+01:00", Breach{1, 1}},
		{"23:59 at home, Friday already in the shop → kept", "2026-03-05T23:59:00-05:00", Breach{}},
		{"00:10 at home, still Thursday in the shop → broken", "2026-03-06T00:10:00+14:00", Breach{Broken: 1}},
	} {
		o := Order{Purchased: at("2026-03-02T10:00:00+01:00"), Delivered: at(c.delivered), Promised: on("2026-03-05")}
		trip := tripOf(&o)
		var got Breach
		got.add(&trip, o.Promised)
		if got != c.want {
			t.Errorf("%s: got %+v", c.law, got)
		}
	}
}
