package civil_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

// clockShops are zones whose clocks do something of note: half an hour (Lord
// Howe), at midnight (Havana, Beirut, São Paulo, Asunción), on other dates or
// by decree (Casablanca, Cairo), never (Réunion, Cayenne), or skip a whole day
// (Apia, 30 December 2011).
var clockShops = []string{
	"Europe/Paris", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Berlin", "Atlantic/Azores",
	"Indian/Reunion", "Indian/Mayotte", "America/Guadeloupe", "America/Martinique", "America/Cayenne",
	"America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Australia/Lord_Howe", "America/Havana",
	"Asia/Beirut", "America/Sao_Paulo", "America/Asuncion", "Africa/Casablanca", "Africa/Cairo", "Pacific/Apia",
}

// Every day from 2000 to 2037 in every zone begins where the one before ends.
func TestDaysTileTheTimeLine(t *testing.T) {
	for _, name := range clockShops {
		loc := zone(t, name)
		for d := civil.Date(2000, 1, 1); d <= civil.Date(2037, 12, 31); d++ {
			start, end := d.Start(loc), d.End(loc)
			if name == "Pacific/Apia" && d == civil.Date(2011, 12, 30) {
				if start != end {
					t.Errorf("the day Samoa skipped lasts %s", end.Sub(start))
				}
				continue
			}
			if length := end.Sub(start); length < 23*time.Hour || length > 25*time.Hour {
				t.Fatalf("%s: %s lasts %s", name, d, length)
			}
			if start.Day(loc) != d || (end-1).Day(loc) != d || (start-1).Day(loc) >= d {
				t.Fatalf("%s: %s runs from %s to %s", name, d, start.In(loc), end.In(loc))
			}
		}
	}
}

// firstShowing walks the time line minute by minute to the first at which the
// clocks show the time or, where they skip it, a later one.
func firstShowing(d civil.Day, minute int, loc *time.Location) civil.Instant {
	y, m, dd := d.Date()
	want := time.Date(y, m, dd, 0, minute, 0, 0, time.UTC).Format("2006-01-02 15:04")
	unix := int64(d)*86400 + int64(minute)*60 - 15*3600
	for time.Unix(unix, 0).In(loc).Format("2006-01-02 15:04") < want {
		unix += 60
	}
	return civil.Instant(unix * 1e6)
}

// A slot begins and ends where a person walking the time line would say.
func TestSlotAgreesWithAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := civil.Zone(rapid.SampledFrom(clockShops).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		d := drawTransitionDay(t, loc)
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		until := rapid.IntRange(from+1, 1440).Draw(t, "until")
		w, err := civil.Slot(d, from, until, loc)
		start, end := firstShowing(d, from, loc), firstShowing(d, until, loc)
		shown := func(i civil.Instant, minute int) bool {
			local := i.In(loc)
			return i.Day(loc) == d && local.Hour()*60+local.Minute() == minute
		}
		if err != nil {
			if !fault.Is(err, "slot_in_missing_hour") || shown(start, from) && shown(firstShowing(d, until-1, loc), until-1) {
				t.Fatalf("%s %d-%d in %s: %v", d, from, until, loc, err)
			}
			return
		}
		if w != (civil.Window{From: start, Until: end}) || !shown(start, from) {
			t.Fatalf("%s %d-%d in %s: %s to %s, walked to %s and %s", d, from, until, loc, w.From, w.Until, start, end)
		}
	})
}

// drawTransitionDay prefers the days around a change of clocks.
func drawTransitionDay(t *rapid.T, loc *time.Location) civil.Day {
	d := civil.Day(rapid.Int32Range(int32(civil.Date(2000, 1, 1)), int32(civil.Date(2037, 12, 31))).Draw(t, "day"))
	if !rapid.Bool().Draw(t, "near a change of clocks") {
		return d
	}
	_, change := d.Start(loc).In(loc).ZoneBounds()
	if change.IsZero() {
		return d
	}
	return civil.At(change).Day(loc) + civil.Day(rapid.IntRange(-1, 1).Draw(t, "offset"))
}
