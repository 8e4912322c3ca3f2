package civil_test

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

var (
	sinkDay     civil.Day
	sinkInstant civil.Instant
)

func BenchmarkQuote(b *testing.B) {
	loc, err := civil.Zone("Europe/Paris")
	if err != nil {
		b.Fatal(err)
	}
	merchant := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"})
	carrier := civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"})
	cutoffs := civil.Cutoffs{Minute: [7]int{0, 960, 960, 960, 960, 960, 0}, Preparation: 1, Zone: loc}
	start := civil.Date(2026, 1, 1).Start(loc)
	now := func(i int) civil.Instant { return start + civil.Instant(i%8760)*3600e6 }

	b.Run("dispatch and transit", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			handover, before := cutoffs.Dispatch(now(i), merchant, carrier)
			sinkDay, sinkInstant = carrier.Add(handover, 2), before
		}
	})
	b.Run("transit only", func(b *testing.B) {
		b.ReportAllocs()
		d := start.Day(loc)
		for i := 0; b.Loop(); i++ {
			sinkDay = carrier.Add(d+civil.Day(i%1000), 2)
		}
	})
	b.Run("build a calendar", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			civil.NewCalendar(civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR-57"})
		}
	})
}
