package demo

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
)

const fashion = "fil-et-saison"

// A parcel is carried back in as many working days as its network takes, and
// opened on a day on which the shop works.
func TestTheWayBack(t *testing.T) {
	s := theShop(fashion)
	w := &World{opt: Options{Seed: 3, Conduct: Honest()}}
	asked := at(t, "2026-11-06 11:00") // a Friday before Armistice Day
	for _, c := range []struct {
		name        string
		by          *network
		how         fortune
		least, most int // working days
		scans       int
	}{
		{"by relay", relais, fine, 3, 6, 4},
		{"by post", poste, fine, 2, 5, 4},
		{"some days late", relais, dawdling, 6, 13, 4},
		{"never heard of again", relais, vanished, 0, 0, 2},
	} {
		for n := range 200 {
			p := planner{shop: s}
			what := p.wayBack(w.dice(s, "return/way", n), leg{goods: goods{Number: n}, by: c.by, asked: asked}, c.how)
			if len(what) != c.scans || what[0].Status != handedIn || what[0].At <= asked {
				t.Fatalf("%s: %+v", c.name, what)
			}
			for i := range what[1:] {
				if what[i+1].At <= what[i].At {
					t.Errorf("%s: %s comes before %s", c.name, what[i+1].Status, what[i].Status)
				}
			}
			if c.how == vanished {
				continue
			}
			last := what[len(what)-1]
			days := 0
			for d := what[0].At.Day(paris) + 1; d <= last.At.Day(paris); d++ {
				if s.days.carrier.Is(d) {
					days++
				}
			}
			if last.Status != arrived || days < c.least || days > c.most || !s.days.shop.Is(last.At.Day(paris)) {
				t.Errorf("%s: %d working days, %s on %s", c.name, days, last.Status, last.At)
			}
		}
	}
}

// Whatever dice fall, they fall the same when they are asked again; and so many
// shoppers send something back as the shop is used to.
func TestWhoThinksAgain(t *testing.T) {
	w, s := &World{opt: Options{Seed: 4, Conduct: Honest()}}, theShop(fashion)
	const many = 20_000
	wavering := 0.0
	for n := range many {
		first := w.wavers(s, n)
		if again := w.wavers(s, n); again != first {
			t.Fatal("another time, another mind")
		}
		wavering += share01(first)
	}
	if got := wavering / many; math.Abs(got-s.trade.back.share) > 0.01 {
		t.Errorf("%.3f send something back, want %.2f", got, s.trade.back.share)
	}
}

// What the warehouse finds is said unit by unit: also what nobody announced.
func TestWhatIsInTheBox(t *testing.T) {
	two := []sentBack{{Line: "lin_a", Units: 2, Condition: returns.Opened}}
	for _, c := range []struct {
		name string
		what content
		want []returns.Condition
	}{
		{"as announced", asSaid, []returns.Condition{returns.Opened, returns.Opened}},
		{"one was worn", worn, []returns.Condition{returns.Opened, returns.Used}},
		{"one is broken", broken, []returns.Condition{returns.Opened, returns.Broken}},
		{"one is another article", another, []returns.Condition{returns.Opened, returns.Wrong}},
		{"one is not there", lacking, []returns.Condition{returns.Opened, returns.Absent}},
		{"three instead of two", oneMore, []returns.Condition{returns.Opened, returns.Opened, returns.Unopened}},
	} {
		var got []returns.Condition
		w := &World{}
		for _, f := range c.what.findings(w.dice(theShop(fashion), "x", 1), two) {
			got = append(got, f.Condition)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

// People work on working days, from half past eight to six.
func TestPeopleWorkInTheDaytime(t *testing.T) {
	s := theShop(fashion) // Monday to Friday
	for _, c := range []struct{ name, at, day, before string }{
		{"in the morning", "2026-11-03 10:00", "2026-11-03", "2026-11-03 10:01"},
		{"before they come", "2026-11-03 05:00", "2026-11-03", "2026-11-03 08:31"},
		{"after they left", "2026-11-03 19:00", "2026-11-04", "2026-11-04 11:31"},
		{"on Saturday", "2026-11-07 10:00", "2026-11-09", "2026-11-09 11:31"},
		{"on the eve of Armistice Day, late", "2026-11-10 22:00", "2026-11-12", "2026-11-12 11:31"},
	} {
		got := s.atWork(at(t, c.at))
		day, err := civil.ParseDay(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got.Day(paris) != day || got >= at(t, c.before) || got < at(t, c.at) {
			t.Errorf("%s: %s", c.name, got.In(paris))
		}
	}
}

// A return that is asked for leads where it says.
func TestWhatFollowsFromAReturn(t *testing.T) {
	w, s := &World{opt: Options{Seed: 4, Conduct: Honest()}}, theShop(fashion)
	now := at(t, "2026-11-03 10:00")
	for _, c := range []struct {
		name string
		in   returned
		want []kind
	}{
		{"somebody looks first", returned{State: returns.Held, Route: fact.BackByRelay}, []kind{toAllow}},
		{"by relay", returned{State: returns.Accepted, Route: fact.BackByRelay, Carrier: "con_a"}, []kind{toLabel}},
		{"the shopper keeps it", returned{State: returns.Accepted, Route: fact.BackNotNeeded}, []kind{toDecide}},
		{"to a store", returned{State: returns.Ready, Route: fact.BackToStore}, []kind{toBring}},
		{"as they like", returned{State: returns.Accepted, Route: fact.BackOnTheirs}, []kind{toBring}},
		{"taken back meanwhile", returned{State: returns.Cancelled, Route: fact.BackByRelay}, nil},
	} {
		entries, err := w.proceed(s, c.in, goods{Return: ident.Return("ret_a"), Number: 7}, now)
		if err != nil {
			t.Fatal(err)
		}
		var got []kind
		for _, e := range entries {
			got = append(got, e.kind)
			if e.due < now || e.due > now.Add(7*24*time.Hour) {
				t.Errorf("%s: due %s", c.name, e.due)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}
