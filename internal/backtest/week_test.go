package backtest

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// mondayToFriday is the week of a shop whose carrier rests at week-ends.
var mondayToFriday = weekOf([7]int{0, 20, 20, 20, 20, 20, 0})

func TestDeliveryDays(t *testing.T) {
	for _, c := range []struct {
		law  string
		came [7]int // Sunday first
		want []time.Weekday
	}{
		{"every day alike", [7]int{9, 9, 9, 9, 9, 9, 9}, []time.Weekday{0, 1, 2, 3, 4, 5, 6}},
		{"nothing on Sundays", [7]int{0, 20, 20, 20, 20, 20, 10}, []time.Weekday{1, 2, 3, 4, 5, 6}},
		{"a chance parcel on Sundays: less than a fifth of an even share", [7]int{2, 20, 20, 20, 20, 20, 0}, []time.Weekday{1, 2, 3, 4, 5}},
		{"a small round on Saturdays: a fifth of an even share", [7]int{0, 20, 20, 20, 20, 17, 3}, []time.Weekday{1, 2, 3, 4, 5, 6}},
		{"one round a week", [7]int{0, 0, 0, 50, 0, 0, 0}, []time.Weekday{3}},
	} {
		w := weekOf(c.came)
		var got []time.Weekday
		for d := civil.Day(3); d < 10; d++ { // day 3 is a Sunday
			if w.delivers(d) {
				got = append(got, d.Weekday())
			}
		}
		if len(got) != len(c.want) || w.open != len(c.want) {
			t.Errorf("%s: got %v, want %v", c.law, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: got %v, want %v", c.law, got, c.want)
			}
		}
	}
}

func TestCountingDeliveryDays(t *testing.T) {
	for _, c := range []struct {
		law      string
		week     week
		from, to string
		want     int
	}{
		{"Monday → Wednesday", mondayToFriday, "2026-03-02", "2026-03-04", 2},
		{"the same Monday", mondayToFriday, "2026-03-02", "2026-03-02", 0},
		{"Friday → Monday is one", mondayToFriday, "2026-03-06", "2026-03-09", 1},
		{"Saturday → Monday is one", mondayToFriday, "2026-03-07", "2026-03-09", 1},
		{"Friday → Saturday by chance: counts as Monday", mondayToFriday, "2026-03-06", "2026-03-07", 1},
		{"bought and delivered on a Sunday: counts as Monday", mondayToFriday, "2026-03-08", "2026-03-08", 1},
		{"two weeks are ten", mondayToFriday, "2026-03-02", "2026-03-16", 10},
		{"every day: Friday → Monday is three", everyDay, "2026-03-06", "2026-03-09", 3},
		{"before 1970 too", mondayToFriday, "1969-12-31", "1970-01-02", 2},
	} {
		if got := c.week.between(on(c.from), on(c.to)); got != c.want {
			t.Errorf("%s: got %d, want %d", c.law, got, c.want)
		}
	}
}

func TestTheDayAfterSomeDeliveryDays(t *testing.T) {
	for _, c := range []struct {
		law, from string
		n         int
		want      string
	}{
		{"Thursday and 2 → Monday", "2026-03-05", 2, "2026-03-09"},
		{"Friday and 1 → Monday", "2026-03-06", 1, "2026-03-09"},
		{"Sunday and 1 → Monday", "2026-03-08", 1, "2026-03-09"},
		{"Monday and 0 → the same Monday", "2026-03-02", 0, "2026-03-02"},
		{"Sunday and 0 → Monday, the first that can be promised", "2026-03-08", 0, "2026-03-09"},
		{"Monday and 10 → two weeks", "2026-03-02", 10, "2026-03-16"},
	} {
		if got := mondayToFriday.after(on(c.from), c.n); got != on(c.want) {
			t.Errorf("%s: got %s", c.law, got)
		}
	}
}

// A promise of n delivery days is kept exactly when the parcel took n at most.
func TestAPromiseInDeliveryDaysIsOneInCalendarDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var came [7]int
		for i := range came {
			came[i] = rapid.IntRange(0, 9).Draw(t, "came")
		}
		came[rapid.IntRange(0, 6).Draw(t, "sure")] = 9
		w := weekOf(came)
		from := civil.Day(rapid.IntRange(-500, 40_000).Draw(t, "from"))
		to := from + civil.Day(rapid.IntRange(0, 60).Draw(t, "took"))
		n := rapid.IntRange(0, 50).Draw(t, "n")
		promised := w.after(from, n)
		if promised < from || !w.delivers(promised) {
			t.Fatalf("%s and %d: promised %s, no delivery day", from, n, promised)
		}
		if n == 0 && !w.delivers(from) {
			n = 1
		}
		if (to <= promised) != (w.between(from, to) <= n) {
			t.Fatalf("bought %s, promised %s for %d days, came %s after %d", from, promised, n, to, w.between(from, to))
		}
	})
}
