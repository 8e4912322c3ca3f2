package backtest

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

func TestDeliveryDays(t *testing.T) {
	for _, c := range []struct {
		law  string
		came [7]int // Sunday first
		want civil.Weekdays
	}{
		{"every day alike", [7]int{9, 9, 9, 9, 9, 9, 9}, civil.EveryDay},
		{"nothing on Sundays", [7]int{0, 20, 20, 20, 20, 20, 10}, civil.MondayToSaturday},
		{"a chance parcel on Sundays: less than a fifth of an even share", [7]int{2, 20, 20, 20, 20, 20, 0}, civil.MondayToFriday},
		{"a small round on Saturdays: a fifth of an even share", [7]int{0, 20, 20, 20, 20, 17, 3}, civil.MondayToSaturday},
		{"one round a week", [7]int{0, 0, 0, 50, 0, 0, 0}, civil.WeekdaysOf(time.Wednesday)},
	} {
		if got := weekdaysOf(c.came); got != c.want {
			t.Errorf("%s: got %07b, want %07b", c.law, got, c.want)
		}
	}
}

func TestAWeekTurnsWithItsDays(t *testing.T) {
	friday, saturday := on("2026-03-06"), on("2026-03-07")
	w := week{}.turn(civil.EveryDay)
	if got := w.days.Add(friday, 1); got != saturday {
		t.Errorf("every day: %s after Friday", got)
	}
	w = w.turn(civil.MondayToFriday)
	if got := w.days.Add(friday, 1); got != saturday+2 {
		t.Errorf("Monday to Friday: %s after Friday", got)
	}
	if again := w.turn(civil.MondayToFriday); again != w {
		t.Error("the same week is built anew")
	}
}
