package insight_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/speed"
)

func TestSpeedsAreThoseOfTheDaysAskedFor(t *testing.T) {
	w := flowtest.New(t)
	m, tally := w.Merchant(), speed.NewTally()
	today := w.Clock().Now().Day(time.UTC)
	visit := func(daysAgo, times int, p speed.Page, width speed.Width, took time.Duration) {
		for range times {
			tally.Count(speed.Visit{Merchant: m, Page: p, Width: width, Took: took}, w.Clock().Now().Add(-time.Duration(daysAgo)*24*time.Hour))
		}
	}
	visit(0, 60, speed.Order, speed.Wide, 950*time.Millisecond) // 900 to 1000
	visit(27, 20, speed.Order, speed.Narrow, 1100*time.Millisecond)
	visit(3, 20, speed.Order, speed.Narrow, 3*time.Second)
	visit(28, 500, speed.Order, speed.Wide, time.Minute) // before the first day
	visit(1, 1, speed.Shelves, speed.Medium, 40*time.Millisecond)
	tally.Count(speed.Visit{Merchant: w.Merchant(), Page: speed.Proof, Width: speed.Wide, Took: time.Second}, w.Clock().Now())
	if err := tally.Save(t.Context(), w.Flow); err != nil {
		t.Fatal(err)
	}
	w.See(func(tx *db.Tx) error {
		got, err := insight.SpeedsOf(tx, m, today-27, today)
		want := []insight.Speed{
			{Page: speed.Shelves, Visits: 1, P75: 37500 * time.Microsecond, Good: 1},
			// the 75th of 100 is the 15th of the 20 between 1000 and 1200 ms
			{Page: speed.Order, Visits: 100, P75: 1150 * time.Millisecond, Good: 0.8, Narrow: insight.Narrow{Visits: 40, P75: 2875 * time.Millisecond}},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		return err
	})
	w.See(func(tx *db.Tx) error {
		got, err := insight.SpeedsOf(tx, m, today+1, today+2)
		if len(got) != 0 {
			t.Errorf("of days to come: %v", got)
		}
		return err
	})
}
