package lastmile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/carbon"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

// march is a day of March 2026.
func march(d int) civil.Day { return civil.Date(2026, 3, d) }

func ways(what fact.ChangeKind, days ...int) (all []lastmile.Way) {
	for _, d := range days {
		day := march(d)
		all = append(all, lastmile.Way{Day: day, What: what, Window: civil.Window{From: day.Start(flowtest.Paris), Until: day.End(flowtest.Paris)}, AskBy: local("2026-03-02 20:00")})
	}
	return all
}

// parcel is a kilogram for a door, promised for the 3rd, that may come on the 4th and
// the 5th instead, or wait at a point of the network "net" from the 3rd to the 5th.
func parcel(set ...func(*lastmile.Candidate)) lastmile.Candidate {
	c := lastmile.Candidate{
		Order: "ord", Address: "lilas", Grams: 1000, Legal: march(30), Stay: ways("", 3)[0], Within: time.Hour,
		Doors: ways(fact.Reschedule, 4, 5), Points: ways(fact.Redirect, 3, 4, 5), Networks: []string{"net"},
		Shipment: carbon.Shipment{Mass: 1000, Mode: carbon.Home},
	}
	for _, f := range set {
		f(&c)
	}
	return c
}

// shopAt is a point of the network "net", open every day.
func shopAt(set ...func(*relay.Point)) lastmile.Spot {
	p := relay.Point{ID: "pnt_1", Network: "net", Kind: relay.Shop, Name: "Tabac", Services: []string{relay.Collect}, Zone: "Europe/Paris", Hours: hours("Mo-Su 08:00-20:00")}
	for _, f := range set {
		f(&p)
	}
	return lastmile.Spot{Point: p}
}

func hours(text string) civil.Hours {
	h, err := civil.ParseHours("hours", text)
	if err != nil {
		panic(err)
	}
	return h
}

var door = lastmile.Spot{Address: "lilas"}

// laid writes a plan as its reader sees it: the days, and each delivery on one of them.
func laid(p lastmile.Plan, day civil.Day) string {
	var out []string
	for _, d := range p.Days {
		_, _, n := time.Unix(int64(d)*86400, 0).UTC().Date()
		out = append(out, fmt.Sprint(n))
	}
	for _, m := range p.On(day).Members {
		switch {
		case m.Not != "":
			out = append(out, string(m.Not))
		case m.What == "":
			out = append(out, "stays")
		default:
			out = append(out, fmt.Sprintf("%s+%d", m.What, m.Delay))
		}
	}
	return strings.Join(out, " ")
}

func TestPlanAt(t *testing.T) {
	later := func(c *lastmile.Candidate) { c.Stay, c.Doors = ways("", 5)[0], ways(fact.Reschedule, 6) }
	for _, row := range []struct {
		law  string
		with lastmile.Candidate
		at   lastmile.Spot
		on   int
		want string
	}{
		{"the first waits for the second", parcel(later), door, 5, "5 reschedule+2 stays"},
		{"a day that one of them can not", parcel(later), door, 4, "5 reschedule+1 not_the_day"},
		{"its carrier takes no change: only its own day", parcel(func(c *lastmile.Candidate) { c.Doors, c.DoorsNot = nil, lastmile.NotHere }), door, 4, "reschedule+1 own_page"},
		{"too late to change it", parcel(func(c *lastmile.Candidate) { c.Doors, c.DoorsNot = nil, lastmile.NotLate }), door, 5, "reschedule+2 late"},
		{"another address", parcel(func(c *lastmile.Candidate) { c.Address = "roses" }), door, 4, "reschedule+1 address"},
		{"it goes to a point already", parcel(func(c *lastmile.Candidate) { c.Point = "pnt_2" }), door, 4, "reschedule+1 collected"},
		{"a change waits for an answer", parcel(func(c *lastmile.Candidate) { c.Why = lastmile.NotWaits }), door, 4, "reschedule+1 waits"},
		{"beyond the law's thirty days", parcel(func(c *lastmile.Candidate) { c.Legal = march(4) }), door, 5, "4 reschedule+2 legal"},
		{"at a point, both", parcel(), shopAt(), 4, "3 4 5 redirect+1 redirect+1"},
		{"at the point to which one goes anyway", parcel(func(c *lastmile.Candidate) { c.Point = "pnt_1" }), shopAt(), 3, "3 4 5 redirect+0 stays"},
		{"it waits there for the other", parcel(func(c *lastmile.Candidate) { c.Point = "pnt_1" }), shopAt(), 5, "3 4 5 redirect+2 stays"},
		{"it goes to another point", parcel(func(c *lastmile.Candidate) { c.Point = "pnt_2" }), shopAt(), 4, "redirect+1 collected"},
		{"a point of another network", parcel(func(c *lastmile.Candidate) { c.Networks = []string{"other"} }), shopAt(), 4, "redirect+1 not_served"},
		{"its carrier holds nothing for others", parcel(func(c *lastmile.Candidate) { c.Points, c.PointsNot = nil, lastmile.NotHeld }), shopAt(), 4, "redirect+1 not_held"},
		{"too heavy for the point", parcel(func(c *lastmile.Candidate) { c.Grams = 5000 }), shopAt(func(p *relay.Point) { p.Limits.MaxGrams = 4000 }), 4, "redirect+1 too_heavy"},
		{"a point that is shut for good", parcel(), shopAt(func(p *relay.Point) { p.Gone = local("2026-03-01 00:00") }), 4, "not_served not_served"},
	} {
		p, err := lastmile.PlanAt([]lastmile.Candidate{parcel(), row.with}, row.at, local("2026-03-02 09:00"), carbon.Default())
		if err != nil {
			t.Fatalf("%s: %v", row.law, err)
		}
		if d := cmp.Diff(row.want, laid(p, march(row.on))); d != "" {
			t.Errorf("%s: %s", row.law, d)
		}
	}
}

// To the door nothing changes; at one point, two parcels of a kilogram come by 286 g
// each, and whoever drives there does so once: 1,526 g.
func TestWhatAPlanEmits(t *testing.T) {
	both := []lastmile.Candidate{parcel(), parcel()}
	for _, row := range []struct {
		law           string
		at            lastmile.Spot
		all           []lastmile.Candidate
		before, after lastmile.Span
	}{
		{"to the door", door, both, lastmile.Span{Low: 706, High: 706}, lastmile.Span{Low: 706, High: 706}},
		{"to a point", shopAt(), both, lastmile.Span{Low: 706, High: 706}, lastmile.Span{Low: 572, High: 2098}},
		{
			"two that went to the point on two days", shopAt(),
			[]lastmile.Candidate{collectedAt(), collectedAt()},
			lastmile.Span{Low: 572, High: 3624},
			lastmile.Span{Low: 572, High: 2098},
		},
	} {
		p, err := lastmile.PlanAt(row.all, row.at, local("2026-03-02 09:00"), carbon.Default())
		if err != nil {
			t.Fatal(err)
		}
		got := p.On(march(4))
		if got.Method != carbon.Method || got.Before != row.before || got.After != row.after {
			t.Errorf("%s: %s, before %+v, after %+v", row.law, got.Method, got.Before, got.After)
		}
	}
}

func collectedAt() lastmile.Candidate {
	return parcel(func(c *lastmile.Candidate) { c.Point, c.Shipment.Mode = "pnt_1", carbon.Relay })
}

// Whatever is asked: a day that is offered suits two at least, the best one as many
// as any, and who is not there has a reason.
func TestEveryDayOfAPlanSuitsTwo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var all []lastmile.Candidate
		for i := range rapid.IntRange(2, 6).Draw(r, "deliveries") {
			c := parcel()
			c.Order = ident.Order(fmt.Sprint("ord_", i))
			c.Stay = ways("", rapid.IntRange(3, 9).Draw(r, "promised"))[0]
			c.Doors = ways(fact.Reschedule, rapid.SliceOfN(rapid.IntRange(3, 20), 0, 5).Draw(r, "days")...)
			c.Legal, c.DoorsNot = march(rapid.IntRange(3, 25).Draw(r, "legal")), lastmile.NotLate
			c.Address = rapid.SampledFrom([]string{"lilas", "lilas", "roses"}).Draw(r, "address")
			all = append(all, c)
		}
		p, err := lastmile.PlanAt(all, door, local("2026-03-02 09:00"), carbon.Default())
		if err != nil {
			r.Fatal(err)
		}
		best, ok := p.Best()
		if ok != (len(p.Days) > 0) {
			r.Fatalf("best %v of %v", ok, p.Days)
		}
		for _, d := range p.Days {
			n := 0
			for _, m := range p.On(d).Members {
				switch {
				case m.Not == "" && (m.Way.Day != d || m.What != "" && d > m.Legal):
					r.Fatalf("%+v on %s", m, d)
				case m.Not == "":
					n++
				}
			}
			if n < 2 || n != p.Count(d) || n > p.Count(best) {
				r.Fatalf("%s suits %d, the best %d", d, n, p.Count(best))
			}
		}
	})
}
