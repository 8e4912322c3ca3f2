package civil_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

func TestSoManyOpeningHoursLater(t *testing.T) {
	const week = "Mo-Fr 09:00-18:00; PH FR off; 2026-08-03..2026-08-14 off"
	for _, c := range []struct {
		what, hours, at string
		open            time.Duration
		want            string // empty: never
	}{
		{"inside one day", week, "2026-03-02 09:00", 8 * time.Hour, "2026-03-02 17:00"},
		{"to the very end of a day", week, "2026-03-02 10:00", 8 * time.Hour, "2026-03-02 18:00"},
		{"over a night", week, "2026-03-02 10:01", 8 * time.Hour, "2026-03-03 09:01"},
		{"asked at night, counted from the morning", week, "2026-03-02 23:00", 8 * time.Hour, "2026-03-03 17:00"},
		{"Friday evening is Monday", week, "2026-03-06 17:30", 8 * time.Hour, "2026-03-09 16:30"},
		{"1 May is a holiday, and a Friday", week, "2026-04-30 17:00", 2 * time.Hour, "2026-05-04 10:00"},
		{"closed for two weeks", week, "2026-07-31 17:00", 2 * time.Hour, "2026-08-17 10:00"},
		{"the night the clocks go forward", "Su 00:00-06:00", "2026-03-29 00:00", 4 * time.Hour, "2026-03-29 05:00"},
		{"open day and night", "24/7", "2026-03-02 09:00", 240 * time.Hour, "2026-03-12 09:00"},
		{"never open", "Mo off", "2026-03-02 09:00", time.Hour, ""},
		{"nobody said", "", "2026-03-02 09:00", time.Hour, ""},
		{"more hours than a year has", "Mo 09:00-10:00", "2026-03-02 09:00", 60 * time.Hour, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			h, err := civil.ParseHours("hours", c.hours)
			if err != nil {
				t.Fatal(err)
			}
			zone := paris(t)
			got, ok := h.After(instantOf(t, c.at, zone), c.open, zone)
			if !ok && c.want == "" {
				return
			}
			if want := c.want; !ok || got.In(zone).Format("2006-01-02 15:04") != want {
				t.Errorf("got %s %v, want %s", got.In(zone), ok, want)
			}
		})
	}
}

func TestThePlaceWasOpenExactlySoLong(t *testing.T) {
	h, err := civil.ParseHours("hours", "Mo-Fr 09:00-12:00,14:00-18:30; Sa 10:00-13:00; PH FR off")
	if err != nil {
		t.Fatal(err)
	}
	zone := paris(t)
	start := instantOf(t, "2026-01-01 00:00", zone)
	rapid.Check(t, func(t *rapid.T) {
		at := start.Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "minute")) * time.Minute)
		open := time.Duration(rapid.IntRange(1, 100*60).Draw(t, "open")) * time.Minute
		until, ok := h.After(at, open, zone)
		if !ok || h.OpenFor(at, until, zone) != open {
			t.Fatalf("from %s: open for %s until %s", at.In(zone), h.OpenFor(at, until, zone), until.In(zone))
		}
	})
}

func paris(t testing.TB) *time.Location {
	t.Helper()
	z, err := civil.Zone("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instantOf(t testing.TB, text string, zone *time.Location) civil.Instant {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return civil.At(at)
}
