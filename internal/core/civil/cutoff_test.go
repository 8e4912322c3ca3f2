package civil_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

// zone is a zone that exists.
func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := civil.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// instant reads 2026-11-21T14:30:00+01:00.
func instant(t testing.TB, s string) civil.Instant {
	t.Helper()
	i, err := civil.ParseInstant(s)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// weekly is a cut-off at a minute of Monday to Friday.
func weekly(minute int) [7]int { return [7]int{0, minute, minute, minute, minute, minute, 0} }

func TestDispatch(t *testing.T) {
	const at1600 = 16 * 60
	paris := zone(t, "Europe/Paris")
	shop := civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"}
	everyDay := civil.CalendarSpec{Open: civil.EveryDay}
	for _, row := range []struct {
		law      string
		now      string
		cutoffs  civil.Cutoffs
		merchant civil.CalendarSpec
		carrier  civil.CalendarSpec
		handover string
		before   string
	}{
		{
			"Friday 15:59, cut-off 16:00 → Friday",
			"2026-11-20T15:59:59.999999+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, shop, "2026-11-20", "2026-11-20T16:00:00+01:00",
		},
		{
			"Friday 16:00 sharp, cut-off 16:00 → Monday",
			"2026-11-20T16:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, shop, "2026-11-23", "2026-11-23T16:00:00+01:00",
		},
		{
			"Friday 16:05, cut-off 16:00, Monday holiday → Tuesday",
			"2026-04-03T16:05:00+02:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, shop, "2026-04-07", "2026-04-07T16:00:00+02:00",
		},
		{
			"Friday 09:00 in Moselle, Good Friday and Easter Monday holidays → Tuesday",
			"2026-04-03T09:00:00+02:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR-57"},
			shop, "2026-04-07", "2026-04-07T16:00:00+02:00",
		},
		{
			"Sunday noon → Monday, to be ordered by Monday 16:00",
			"2026-11-22T12:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, shop, "2026-11-23", "2026-11-23T16:00:00+01:00",
		},
		{
			"one working day of preparation: Thursday 15:00 → Friday, to be ordered by Thursday 16:00",
			"2026-11-19T15:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600), Preparation: 1},
			shop, shop, "2026-11-20", "2026-11-19T16:00:00+01:00",
		},
		{
			"two days of preparation over Easter: Thursday 15:00 → Tuesday",
			"2026-04-02T15:00:00+02:00",
			civil.Cutoffs{Minute: weekly(at1600), Preparation: 2},
			shop, shop, "2026-04-07", "2026-04-02T16:00:00+02:00",
		},
		{
			"Saturday order, one day of preparation → Tuesday, as if ordered on Monday",
			"2026-11-21T10:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600), Preparation: 1},
			shop, shop, "2026-11-24", "2026-11-23T16:00:00+01:00",
		},
		{
			"ready on Saturday, the carrier collects on Monday: until Monday's cut-off nothing is lost",
			"2026-11-21T10:00:00+01:00",
			civil.Cutoffs{Minute: [7]int{0, at1600, at1600, at1600, at1600, at1600, 12 * 60}},
			civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"},
			shop, "2026-11-23", "2026-11-23T16:00:00+01:00",
		},
		{
			"the carrier collects on Saturday but the shop is closed → Monday",
			"2026-11-20T17:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, everyDay, "2026-11-23", "2026-11-23T16:00:00+01:00",
		},
		{
			"the carrier collects on Wednesdays only: Friday order → Wednesday, to be ordered by Tuesday's cut-off",
			"2026-11-20T10:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600), Preparation: 1},
			shop,
			civil.CalendarSpec{Open: civil.WeekdaysOf(time.Wednesday)},
			"2026-11-25", "2026-11-24T16:00:00+01:00",
		},
		{
			"taken in hand on Monday and Thursday only: Tuesday order → Thursday",
			"2026-11-24T09:00:00+01:00",
			civil.Cutoffs{Minute: [7]int{time.Monday: at1600, time.Thursday: at1600}},
			shop, shop, "2026-11-26", "2026-11-26T16:00:00+01:00",
		},
		{
			"but the days between count as preparation: Monday order, two days → Wednesday, to be ordered by Monday",
			"2026-11-23T09:00:00+01:00",
			civil.Cutoffs{Minute: [7]int{time.Monday: at1600, time.Thursday: at1600}, Preparation: 2},
			shop, shop, "2026-11-25", "2026-11-23T16:00:00+01:00",
		},
		{
			"an earlier cut-off on Friday: Friday 12:30, cut-off 12:00 → Monday",
			"2026-11-20T12:30:00+01:00",
			civil.Cutoffs{Minute: [7]int{0, at1600, at1600, at1600, at1600, 12 * 60, 0}},
			shop, shop, "2026-11-23", "2026-11-23T16:00:00+01:00",
		},
		{
			"a cut-off at midnight takes the whole day: Friday 23:59 → Friday",
			"2026-11-20T23:59:00+01:00",
			civil.Cutoffs{Minute: weekly(24 * 60)},
			shop, shop, "2026-11-20", "2026-11-21T00:00:00+01:00",
		},
		{
			"closed for August: Friday 31 July 17:00 → Monday 24 August",
			"2026-07-31T17:00:00+02:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			civil.CalendarSpec{Open: civil.MondayToFriday, Closed: []civil.Days{{First: day(t, "2026-08-01"), Last: day(t, "2026-08-23")}}},
			shop, "2026-08-24", "2026-08-24T16:00:00+02:00",
		},
		{
			"late on 31 December → Monday 4 January",
			"2026-12-31T18:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, shop, "2027-01-04", "2027-01-04T16:00:00+01:00",
		},
		{
			"the shop's clock decides: 16:05 in Réunion is 13:05 in Paris",
			"2026-11-20T13:05:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600), Zone: zone(t, "Indian/Reunion")},
			shop, shop, "2026-11-23", "2026-11-23T16:00:00+04:00",
		},
		{
			"ordered in winter time, cut off in summer time",
			"2026-03-27T17:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop, shop, "2026-03-30", "2026-03-30T16:00:00+02:00",
		},
		{
			"a cut-off at 02:30 on the Sunday without 02:30 is the moment the clocks jump",
			"2026-03-29T01:59:59+01:00",
			civil.Cutoffs{Minute: [7]int{time.Sunday: 150}},
			everyDay, everyDay, "2026-03-29", "2026-03-29T03:00:00+02:00",
		},
		{
			"and 03:00 is past it → next Sunday",
			"2026-03-29T03:00:00+02:00",
			civil.Cutoffs{Minute: [7]int{time.Sunday: 150}},
			everyDay, everyDay, "2026-04-05", "2026-04-05T02:30:00+02:00",
		},
		{
			"a cut-off at 02:30 on the Sunday with two is the first: before it → that Sunday",
			"2026-10-25T02:29:00+02:00",
			civil.Cutoffs{Minute: [7]int{time.Sunday: 150}},
			everyDay, everyDay, "2026-10-25", "2026-10-25T02:30:00+02:00",
		},
		{
			"and when the clocks show 02:15 again it is past → next Sunday",
			"2026-10-25T02:15:00+01:00",
			civil.Cutoffs{Minute: [7]int{time.Sunday: 150}},
			everyDay, everyDay, "2026-11-01", "2026-11-01T02:30:00+01:00",
		},
		{
			"in 2099 by the weekdays alone",
			"2099-12-24T17:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600), Preparation: 1},
			shop, shop, "2099-12-28", "2099-12-25T16:00:00+01:00",
		},
		{
			"no cut-off on any day → never",
			"2026-11-20T10:00:00+01:00",
			civil.Cutoffs{},
			shop, shop, "", "",
		},
		{
			"a shop never open → never",
			"2026-11-20T10:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			civil.CalendarSpec{},
			shop, "", "",
		},
		{
			"a carrier that only comes on Sundays to a shop closed on Sundays → never",
			"2026-11-20T10:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600)},
			shop,
			civil.CalendarSpec{Open: civil.WeekdaysOf(time.Sunday)},
			"", "",
		},
		{
			"preparation without end → never",
			"2026-11-20T10:00:00+01:00",
			civil.Cutoffs{Minute: weekly(at1600), Preparation: math.MaxInt},
			shop, shop, "", "",
		},
	} {
		if row.cutoffs.Zone == nil {
			row.cutoffs.Zone = paris
		}
		handover, before := row.cutoffs.Dispatch(instant(t, row.now), civil.NewCalendar(row.merchant), civil.NewCalendar(row.carrier))
		var want civil.Instant
		if row.before != "" {
			want = instant(t, row.before)
		}
		if handover.String() != row.handover || before != want {
			t.Errorf("%s: got %s ordered before %s, want %s before %s", row.law, handover, before, row.handover, want)
		}
	}
}

// What Dispatch answers is what a walk from day to day finds, and the instant
// it names is the very last at which the answer holds.
func TestDispatchAgreesWithAWalk(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	rapid.Check(t, func(t *rapid.T) {
		merchantSpec, carrierSpec := specs().Draw(t, "merchant"), specs().Draw(t, "carrier")
		merchant, carrier := civil.NewCalendar(merchantSpec), civil.NewCalendar(carrierSpec)
		c := civil.Cutoffs{Preparation: rapid.IntRange(0, 5).Draw(t, "preparation"), Zone: paris}
		for i := range c.Minute {
			c.Minute[i] = rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 1440)).Draw(t, "minute")
		}
		now := civil.Date(2025, 1, 1).Start(paris) + civil.Instant(rapid.Int64Range(0, 4*365*86400e6).Draw(t, "now"))

		handover, before := c.Dispatch(now, merchant, carrier)
		if handover == civil.NoDay {
			if before != 0 {
				t.Fatalf("never, but before %s", before)
			}
			return
		}
		if want := dispatchNaively(c, now, merchantSpec, carrierSpec); handover != want {
			t.Fatalf("handover %s, walked to %s", handover, want)
		}
		if before <= now {
			t.Fatalf("order before %s, but it is %s", before, now)
		}
		if again, same := c.Dispatch(before-1, merchant, carrier); again != handover || same != before {
			t.Fatalf("just before %s: %s before %s", before, again, same)
		}
		if later, _ := c.Dispatch(before, merchant, carrier); later != civil.NoDay && later <= handover {
			t.Fatalf("at %s it is still %s", before, later)
		}
	})
}

func dispatchNaively(c civil.Cutoffs, now civil.Instant, merchant, carrier civil.CalendarSpec) civil.Day {
	d := now.Day(c.Zone)
	for ; ; d++ {
		minute := c.Minute[d.Weekday()]
		if worksNaively(merchant, d) && minute > 0 && now < firstShowing(d, minute, c.Zone) {
			break
		}
	}
	for left := c.Preparation; left > 0; {
		d++
		if worksNaively(merchant, d) {
			left--
		}
	}
	for !worksNaively(merchant, d) || !worksNaively(carrier, d) {
		d++
	}
	return d
}

func TestCheckCutoffs(t *testing.T) {
	good := civil.Cutoffs{Minute: [7]int{0, 1, 960, 1440, 960, 960, 0}, Preparation: 366}
	if err := good.Check("cutoffs"); err != nil {
		t.Errorf("good cut-offs: %v", err)
	}
	for name, bad := range map[string]civil.Cutoffs{
		"cutoff_out_of_range at cutoffs map[minute:1441 weekday:3]": {Minute: [7]int{3: 1441}},
		"cutoff_out_of_range at cutoffs map[minute:-1 weekday:0]":   {Minute: [7]int{0: -1}},
		"preparation_out_of_range at cutoffs map[days:-1 max:366]":  {Preparation: -1},
		"preparation_out_of_range at cutoffs map[days:367 max:366]": {Preparation: 367},
	} {
		err := bad.Check("cutoffs")
		if err == nil || err.Error() != name || !fault.Is(err, strings.Fields(name)[0]) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}
