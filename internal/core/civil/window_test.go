package civil_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

func TestDayWindow(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, row := range []struct {
		law, day    string
		from, until string
	}{
		{"an ordinary day has 24 hours", "2026-11-21", "2026-11-21T00:00:00+01:00", "2026-11-22T00:00:00+01:00"},
		{"the last Sunday of March has 23", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"the last Sunday of October has 25", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
	} {
		want := civil.Window{From: instant(t, row.from), Until: instant(t, row.until)}
		if got := civil.DayWindow(day(t, row.day), paris); got != want {
			t.Errorf("%s: got %s to %s", row.law, got.From, got.Until)
		}
	}
	if got := civil.DayWindow(civil.NoDay, paris); got != (civil.Window{}) {
		t.Errorf("a day never said has a window: %v", got)
	}
}

func TestSlot(t *testing.T) {
	for _, row := range []struct {
		law         string
		day         string
		from, until int
		begin, end  string
		code        string
	}{
		{law: "14:00-16:00 lasts two hours", day: "2026-11-24", from: 840, until: 960, begin: "2026-11-24T14:00:00+01:00", end: "2026-11-24T16:00:00+01:00"},
		{law: "22:00-24:00 ends with the day", day: "2026-11-24", from: 1320, until: 1440, begin: "2026-11-24T22:00:00+01:00", end: "2026-11-25T00:00:00+01:00"},
		{law: "in March 01:00-04:00 lasts two hours", day: "2026-03-29", from: 60, until: 240, begin: "2026-03-29T01:00:00+01:00", end: "2026-03-29T04:00:00+02:00"},
		{law: "in March 01:00-02:00 ends where the clocks jump", day: "2026-03-29", from: 60, until: 120, begin: "2026-03-29T01:00:00+01:00", end: "2026-03-29T03:00:00+02:00"},
		{law: "in March 03:00-04:00 follows it at once", day: "2026-03-29", from: 180, until: 240, begin: "2026-03-29T03:00:00+02:00", end: "2026-03-29T04:00:00+02:00"},
		{law: "in March nothing begins at 02:30", day: "2026-03-29", from: 150, until: 240, code: "slot_in_missing_hour"},
		{law: "in March nothing begins at 02:00", day: "2026-03-29", from: 120, until: 180, code: "slot_in_missing_hour"},
		{law: "in March nothing ends at 02:30", day: "2026-03-29", from: 60, until: 150, code: "slot_in_missing_hour"},
		{law: "in October 02:00-03:00 lasts two hours", day: "2026-10-25", from: 120, until: 180, begin: "2026-10-25T02:00:00+02:00", end: "2026-10-25T03:00:00+01:00"},
		{law: "in October 02:00-02:30 is the first half hour", day: "2026-10-25", from: 120, until: 150, begin: "2026-10-25T02:00:00+02:00", end: "2026-10-25T02:30:00+02:00"},
		{law: "in October 02:30-04:00 follows it at once", day: "2026-10-25", from: 150, until: 240, begin: "2026-10-25T02:30:00+02:00", end: "2026-10-25T04:00:00+01:00"},
		{law: "an empty slot", day: "2026-11-24", from: 840, until: 840, code: "slot_out_of_order"},
		{law: "a slot that ends before it begins", day: "2026-11-24", from: 960, until: 840, code: "slot_out_of_order"},
		{law: "a slot that begins the day before", day: "2026-11-24", from: -60, until: 60, code: "slot_out_of_order"},
		{law: "a slot that ends the day after", day: "2026-11-24", from: 1380, until: 1500, code: "slot_out_of_order"},
	} {
		got, err := civil.Slot(day(t, row.day), row.from, row.until, zone(t, "Europe/Paris"))
		if row.code != "" {
			if !fault.Is(err, row.code) || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: got %v, want %s", row.law, err, row.code)
			}
			continue
		}
		if err != nil || got != (civil.Window{From: instant(t, row.begin), Until: instant(t, row.end)}) {
			t.Errorf("%s: got %s to %s (%v)", row.law, got.From, got.Until, err)
		}
	}
}

func TestSlotSaysWhatIsWrong(t *testing.T) {
	_, err := civil.Slot(day(t, "2026-03-29"), 150, 240, zone(t, "Europe/Paris"))
	if want := "slot_in_missing_hour at slot map[day:2026-03-29 from:02:30 until:04:00]"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWindowContains(t *testing.T) {
	from, until := instant(t, "2026-11-24T14:00:00+01:00"), instant(t, "2026-11-24T16:00:00+01:00")
	slot, by := civil.Window{From: from, Until: until}, civil.Window{Until: until}
	for _, row := range []struct {
		law  string
		w    civil.Window
		at   civil.Instant
		want bool
	}{
		{"its first instant is inside", slot, from, true},
		{"the one before is not", slot, from - 1, false},
		{"its last instant is inside", slot, until - 1, true},
		{"its end is not", slot, until, false},
		{"any time before is inside a window without a beginning", by, instant(t, "1969-07-20T20:17:00Z"), true},
		{"but its end is not", by, until, false},
	} {
		if got := row.w.Contains(row.at); got != row.want {
			t.Errorf("%s: got %v", row.law, got)
		}
	}
}

func TestEvidenceAgainstAWindow(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	slot, err := civil.Slot(day(t, "2026-11-24"), 14*60, 16*60, paris)
	if err != nil {
		t.Fatal(err)
	}
	dayWindow := civil.DayWindow(day(t, "2026-11-24"), paris)
	by := civil.Window{Until: dayWindow.Until}
	for _, row := range []struct {
		law         string
		window      civil.Window
		at          string
		precision   civil.Precision
		want        civil.Relation
		late, early time.Duration
	}{
		{"handed over at 15:12 in a slot 14:00-16:00: kept", slot, "2026-11-24T15:12:00+01:00", civil.Exact, civil.Within, 0, 0},
		{"at 14:00 sharp: kept", slot, "2026-11-24T14:00:00+01:00", civil.Exact, civil.Within, 0, 0},
		{"at 16:00 sharp: broken, by nothing yet", slot, "2026-11-24T16:00:00+01:00", civil.Exact, civil.Outside, 0, 0},
		{"at 16:31: broken, 31 minutes late", slot, "2026-11-24T16:31:00+01:00", civil.Exact, civil.Outside, 31 * time.Minute, 0},
		{"at 13:40: broken, 20 minutes early", slot, "2026-11-24T13:40:00+01:00", civil.Exact, civil.Outside, 0, 20 * time.Minute},
		{"some time from 15 to 16: kept", slot, "2026-11-24T15:12:00+01:00", civil.ToTheHour, civil.Within, 0, 0},
		{"some time from 16 to 17: broken, perhaps by nothing", slot, "2026-11-24T16:31:00+01:00", civil.ToTheHour, civil.Outside, 0, 0},
		{"some time from 17 to 18: broken, at least an hour late", slot, "2026-11-24T17:31:00+01:00", civil.ToTheHour, civil.Outside, time.Hour, 0},
		{"the minute 13:59: broken, early by a microsecond or more", slot, "2026-11-24T13:59:30+01:00", civil.ToTheMinute, civil.Outside, 0, time.Microsecond},
		{"some time that day: across the slot, undecided", slot, "2026-11-24T15:12:00+01:00", civil.ToTheDay, civil.Across, 0, 0},
		{"some time that day: inside the day, kept", dayWindow, "2026-11-24T15:12:00+01:00", civil.ToTheDay, civil.Within, 0, 0},
		{"the day before, a day promised: broken by being early", dayWindow, "2026-11-23T15:12:00+01:00", civil.ToTheDay, civil.Outside, 0, time.Microsecond},
		{"the day before, promised by that day: kept", by, "2026-11-23T15:12:00+01:00", civil.ToTheDay, civil.Within, 0, 0},
		{"the day after: broken, late by nothing at least", by, "2026-11-25T15:12:00+01:00", civil.ToTheDay, civil.Outside, 0, 0},
		{"two days after: broken, late by a day at least", by, "2026-11-26T15:12:00+01:00", civil.ToTheDay, civil.Outside, 24 * time.Hour, 0},
		{"a precision nobody knows claims the least: the day", slot, "2026-11-24T15:12:00+01:00", "second-hand", civil.Across, 0, 0},
	} {
		e := civil.IntervalOf(instant(t, row.at), row.precision, paris)
		if got := row.window.Relate(e); got != row.want {
			t.Errorf("%s: got relation %d, want %d", row.law, got, row.want)
		}
		if late, early := row.window.LateBy(e), row.window.EarlyBy(e); late != row.late || early != row.early {
			t.Errorf("%s: got %s late, %s early", row.law, late, early)
		}
	}
}

func TestNoEvidenceProvesNothing(t *testing.T) {
	never := civil.IntervalOf(0, civil.ToTheDay, time.UTC)
	w := civil.DayWindow(day(t, "2026-11-24"), time.UTC)
	if never != (civil.Interval{}) || w.Relate(never) != civil.Across || w.LateBy(never) != 0 || w.EarlyBy(never) != 0 {
		t.Errorf("an instant never said gives %v, relation %d, late %s, early %s", never, w.Relate(never), w.LateBy(never), w.EarlyBy(never))
	}
}

func TestIntervalOf(t *testing.T) {
	for _, row := range []struct {
		law, zone, at string
		precision     civil.Precision
		from, until   string
	}{
		{"exactly: one microsecond", "Europe/Paris", "2026-11-24T15:12:34.5Z", civil.Exact, "2026-11-24T15:12:34.5Z", "2026-11-24T15:12:34.500001Z"},
		{"to the minute", "Europe/Paris", "2026-11-24T15:12:34.5Z", civil.ToTheMinute, "2026-11-24T15:12:00Z", "2026-11-24T15:13:00Z"},
		{"to the hour", "Europe/Paris", "2026-11-24T15:12:34.5Z", civil.ToTheHour, "2026-11-24T15:00:00Z", "2026-11-24T16:00:00Z"},
		{"to the hour of a zone half an hour apart", "Asia/Kolkata", "2026-11-24T15:12:34.5Z", civil.ToTheHour, "2026-11-24T14:30:00Z", "2026-11-24T15:30:00Z"},
		{"to the local day", "Europe/Paris", "2026-11-24T23:30:00Z", civil.ToTheDay, "2026-11-25T00:00:00+01:00", "2026-11-26T00:00:00+01:00"},
		{"to the local day of 25 hours", "Europe/Paris", "2026-10-25T12:00:00Z", civil.ToTheDay, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"to the second of two hours called 02", "Europe/Paris", "2026-10-25T02:15:00+01:00", civil.ToTheHour, "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"},
		{"before 1970", "Europe/Paris", "1969-12-31T12:30:30Z", civil.ToTheMinute, "1969-12-31T12:30:00Z", "1969-12-31T12:31:00Z"},
	} {
		want := civil.Interval{From: instant(t, row.from), Until: instant(t, row.until)}
		if got := civil.IntervalOf(instant(t, row.at), row.precision, zone(t, row.zone)); got != want {
			t.Errorf("%s: got %s to %s", row.law, got.From, got.Until)
		}
	}
}
