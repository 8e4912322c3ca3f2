package lastmile_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/lastmile"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func day(text string) civil.Day {
	d, err := civil.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestOfferFollowsTheGrid(t *testing.T) {
	s := open(t)
	tuesday := window(14, 16, 3)
	tuesday.Weekday = time.Tuesday
	thursday := window(9, 12, 5)
	thursday.Weekday = time.Thursday
	s.grid(lastmile.Grid{Windows: []lastmile.GridWindow{thursday, tuesday}})
	for _, row := range []struct {
		law, now string
		asking   lastmile.Asking
		want     []string
	}{
		{"Monday morning, a week ahead", "2026-03-02 09:00", lastmile.Asking{}, []string{"03-03 14:00-16:00 3", "03-05 09:00-12:00 5"}},
		{"two days ahead, today included", "2026-03-02 09:00", lastmile.Asking{Days: 2}, []string{"03-03 14:00-16:00 3"}},
		{"nine days ahead", "2026-03-02 09:00", lastmile.Asking{Days: 9}, []string{"03-03 14:00-16:00 3", "03-05 09:00-12:00 5", "03-10 14:00-16:00 3"}},
		{"Tuesday 12:59, closed from 13:00", "2026-03-03 12:59", lastmile.Asking{Days: 1}, []string{"03-03 14:00-16:00 3"}},
		{"Tuesday 13:00 sharp: closed", "2026-03-03 13:00", lastmile.Asking{Days: 1}, nil},
		{"closed ones too, when asked", "2026-03-03 13:00", lastmile.Asking{Days: 1, Full: true}, []string{"03-03 14:00-16:00 3"}},
		{"but not what is over", "2026-03-03 16:00", lastmile.Asking{Days: 1, Full: true}, nil},
		{"a service without slots", "2026-03-02 09:00", lastmile.Asking{Services: []ident.Service{s.post}}, nil},
		{"a service that is not there", "2026-03-02 09:00", lastmile.Asking{Services: []ident.Service{"srv_none"}}, nil},
	} {
		s.At(row.now)
		if d := cmp.Diff(row.want, shown(s.offer(row.asking))); d != "" {
			t.Errorf("%s: %s", row.law, d)
		}
	}
}

// A shop does not ring at the door on 1 May, nor on the days it closed.
func TestNoSlotOnADayWithoutDelivery(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 1)), Closures: []civil.Day{day("2026-05-03"), day("2026-05-02")}})
	s.At("2026-04-30 09:00")
	if d := cmp.Diff([]string{"04-30 14:00-16:00 1", "05-04 14:00-16:00 1"}, shown(s.offer(lastmile.Asking{Days: 5}))); d != "" {
		t.Error(d)
	}
}

func TestSlotsWhenTheClocksChange(t *testing.T) {
	s := open(t)
	night := week(window(1, 2, 1), window(2, 3, 1), window(3, 4, 1))
	for i := range night {
		night[i].CloseBefore = 0
	}
	s.grid(lastmile.Grid{Windows: night})
	for _, row := range []struct {
		law, now string
		want     []string
	}{
		{"an ordinary night", "2026-03-28 00:00", []string{"03-28 01:00-02:00 1", "03-28 02:00-03:00 1", "03-28 03:00-04:00 1"}},
		{"on 29 March nobody comes between 02:00 and 03:00", "2026-03-29 00:00", []string{"03-29 01:00-03:00 1", "03-29 03:00-04:00 1"}},
		{"on 25 October it is one slot, of two hours", "2026-10-25 00:00", []string{"10-25 01:00-02:00 1", "10-25 02:00-03:00 1", "10-25 03:00-04:00 1"}},
	} {
		s.At(row.now)
		slots := s.offer(lastmile.Asking{Days: 1})
		if d := cmp.Diff(row.want, shown(slots)); d != "" {
			t.Errorf("%s: %s", row.law, d)
		}
		for i := 1; i < len(slots); i++ {
			if slots[i].From != slots[i-1].Until {
				t.Errorf("%s: a hole or an overlap before %s", row.law, slots[i].From)
			}
		}
	}
	october := s.offer(lastmile.Asking{Days: 1})
	if lasts := october[1].Until.Sub(october[1].From); lasts != 2*time.Hour {
		t.Errorf("02:00-03:00 of 25 October lasts %s", lasts)
	}
	s.At("2026-03-29 00:00")
	missing := lastmile.Slot{Service: s.couriers, From: local("2026-03-29 01:00").Add(time.Hour), Until: local("2026-03-29 01:00").Add(2 * time.Hour)}
	if err := s.book(s.order(), missing); err != nil {
		t.Errorf("03:00-04:00 begins when 02:00 would have: %v", err)
	}
	missing.From -= 1
	refused(t, "a slot nobody offered", s.book(s.order(), missing), "unknown_slot", "token")
}

// A destination overseas has the same hours by its own clocks.
func TestSlotsAreByTheClocksOfTheDestination(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(14, 16, 1))})
	reunion, err := civil.Zone("Indian/Reunion")
	s.must(err)
	slots := s.offer(lastmile.Asking{Zone: reunion, Days: 1})
	if want := local("2026-03-02 11:00"); len(slots) != 1 || slots[0].From != want || slots[0].Day != day("2026-03-02") {
		t.Errorf("%v, want %s", slots, want)
	}
	b := s.booking(s.order(), slots[0])
	refused(t, "by the clocks of Paris", s.Try(s.m, func(tx *flow.Tx) error {
		_, err := lastmile.Book(tx, s.m, b)
		return err
	}), "unknown_slot", "token")
	b.Zone = "Indian/Reunion"
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := lastmile.Book(tx, s.m, b)
		return err
	})
}

func TestTheGridThatHolds(t *testing.T) {
	s := open(t)
	s.grid(lastmile.Grid{Windows: week(window(9, 10, 1)), Since: day("2026-03-01")})
	s.grid(lastmile.Grid{Windows: week(window(11, 12, 1)), Since: day("2026-03-05")})
	s.grid(lastmile.Grid{Windows: week(window(13, 14, 1)), Since: day("2026-03-04")})
	s.grid(lastmile.Grid{Windows: week(window(15, 16, 1)), Since: day("2026-03-05")})
	want := []string{
		"03-03 09:00-10:00 1", // since 1 March
		"03-04 13:00-14:00 1", // since 4 March
		"03-05 15:00-16:00 1", // since 5 March, and set last
	}
	s.At("2026-03-03 00:00")
	if d := cmp.Diff(want, shown(s.offer(lastmile.Asking{Days: 3}))); d != "" {
		t.Error(d)
	}
	s.See(func(tx *db.Tx) error {
		grids, err := lastmile.Grids(tx, s.m, s.couriers, day("2026-03-04"))
		if len(grids) != 2 || grids[0].Since != day("2026-03-04") || grids[1].Windows[0].FromMinute != 15*60 {
			t.Errorf("the grids on 4 March: %+v", grids)
		}
		return err
	})
	// Without a day, from today on.
	s.At("2026-03-06 08:00")
	s.grid(lastmile.Grid{})
	if got := s.offer(lastmile.Asking{}); len(got) != 0 {
		t.Errorf("no slots any more, and %v", shown(got))
	}
}

func TestSetGridRefuses(t *testing.T) {
	s := open(t)
	good := lastmile.Grid{Service: s.couriers, Windows: week(window(14, 16, 3))}
	for _, row := range []struct {
		law         string
		spoil       func(*lastmile.Grid)
		code, field string
	}{
		{"a service that is not there", func(g *lastmile.Grid) { g.Service = "srv_none" }, "not_found", "service"},
		{"a service to the door, whenever", func(g *lastmile.Grid) { g.Service = s.post }, "service_without_slots", "service"},
		{"an eighth day of the week", func(g *lastmile.Grid) { g.Windows[0].Weekday = 7 }, "unknown_value", "windows[0].weekday"},
		{"a slot that ends before it begins", func(g *lastmile.Grid) { g.Windows[1].UntilMinute = 13 * 60 }, "slot_out_of_order", "windows[1]"},
		{"a slot over midnight", func(g *lastmile.Grid) { g.Windows[1].UntilMinute = 1441 }, "slot_out_of_order", "windows[1]"},
		{"a slot from before midnight", func(g *lastmile.Grid) { g.Windows[1].FromMinute = -1 }, "slot_out_of_order", "windows[1]"},
		{"the same slot twice", func(g *lastmile.Grid) { g.Windows = append(g.Windows, g.Windows[3]) }, "slot_twice", "windows[7]"},
		{"room for nobody", func(g *lastmile.Grid) { g.Windows[2].Capacity = 0 }, "number_out_of_range", "windows[2].capacity"},
		{"room for a city", func(g *lastmile.Grid) { g.Windows[2].Capacity = 10_001 }, "number_out_of_range", "windows[2].capacity"},
		{"closed after it began", func(g *lastmile.Grid) { g.Windows[2].CloseBefore = -1 }, "duration_out_of_range", "windows[2].close_before"},
		{"closed a month before", func(g *lastmile.Grid) { g.Windows[2].CloseBefore = 30 * 24 * time.Hour }, "duration_out_of_range", "windows[2].close_before"},
		{"since the last century", func(g *lastmile.Grid) { g.Since = day("1999-01-01") }, "date_out_of_range", "since"},
		{"more windows than a week holds", func(g *lastmile.Grid) { g.Windows = make([]lastmile.GridWindow, 673) }, "list_too_long", "windows"},
		{"more closures than anybody means", func(g *lastmile.Grid) { g.Closures = make([]civil.Day, 1001) }, "list_too_long", "closures"},
	} {
		g := good
		g.Windows = append([]lastmile.GridWindow{}, good.Windows...)
		row.spoil(&g)
		err := s.Try(s.m, func(tx *flow.Tx) error {
			_, err := lastmile.SetGrid(tx, s.m, g)
			return err
		})
		refused(t, row.law, err, row.code, row.field)
	}
	if slots := s.offer(lastmile.Asking{}); len(slots) != 0 {
		t.Errorf("something was set all the same: %v", shown(slots))
	}
}
