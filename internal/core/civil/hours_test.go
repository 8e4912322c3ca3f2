package civil_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

// tobacconist is a shop of a usual kind.
const tobacconist = "Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:30; PH off"

func hours(t *testing.T, text string, r civil.Region) civil.Hours {
	t.Helper()
	h, err := civil.ParseHours("hours", text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return h.In(r)
}

func local(t *testing.T, text string, zone *time.Location) civil.Instant {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return civil.At(at)
}

func TestOpeningHours(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, row := range []struct {
		law, hours, at string
		open           bool
		next           string // from, until, as the clocks show them; "" for never
	}{
		{"Tuesday 10:00, open 09:00–12:00 and 14:00–19:00 → open until 12:00", tobacconist, "2026-11-24 10:00", true, "11-24 09:00 11-24 12:00"},
		{"Tuesday 09:00 sharp → open", tobacconist, "2026-11-24 09:00", true, "11-24 09:00 11-24 12:00"},
		{"Tuesday 12:00 sharp → closed, opens 14:00", tobacconist, "2026-11-24 12:00", false, "11-24 14:00 11-24 19:00"},
		{"Tuesday 12:30, open 09:00–12:00 and 14:00–19:00 → closed, opens 14:00", tobacconist, "2026-11-24 12:30", false, "11-24 14:00 11-24 19:00"},
		{"Tuesday 19:30 → opens on Wednesday", tobacconist, "2026-11-24 19:30", false, "11-25 09:00 11-25 12:00"},
		{"Saturday 13:00 → opens on Monday", tobacconist, "2026-11-28 13:00", false, "11-30 09:00 11-30 12:00"},
		{"Friday 1 May 10:00, holidays off → opens on Saturday", tobacconist, "2026-05-01 10:00", false, "05-02 09:00 05-02 12:30"},
		{"Wednesday 11 November, \"PH off\" → opens on Thursday", tobacconist, "2026-11-11 10:00", false, "11-12 09:00 11-12 12:00"},
		{"11 November, holidays as ever → open", "Mo-Fr 09:00-12:00; PH open", "2026-11-11 10:00", true, "11-11 09:00 11-11 12:00"},
		{"11 November, hours of its own on holidays", "Mo-Fr 09:00-12:00; PH 10:00-11:00", "2026-11-11 09:30", false, "11-11 10:00 11-11 11:00"},
		{"11 November, nothing said about holidays → nobody is sent there", "Mo-Fr 09:00-12:00", "2026-11-11 10:00", false, "11-12 09:00 11-12 12:00"},
		{"open on 11 November this year only", "Mo-Fr 09:00-12:00; PH off; 2026-11-11 10:00-12:00", "2026-11-11 10:30", true, "11-11 10:00 11-11 12:00"},
		{"26 December is a holiday in Moselle, and not in Paris", "Sa 09:00-12:00; PH off", "2026-12-26 10:00", true, "12-26 09:00 12-26 12:00"},
		{"26 December by the holidays of Moselle", "Sa 09:00-12:00; PH FR-57 off", "2026-12-26 10:00", false, "01-02 09:00 01-02 12:00"},
		{"closed for stock-taking on Tuesday", tobacconist + "; 2026-11-24 off", "2026-11-24 10:00", false, "11-25 09:00 11-25 12:00"},
		{"closed for three weeks in August", tobacconist + "; 2026-08-03..2026-08-22 off", "2026-08-04 10:00", false, "08-24 09:00 08-24 12:00"},
		{"of two things said about one day, the later counts", tobacconist + "; 2026-08-03..2026-08-22 off; 2026-08-10 09:00-10:00", "2026-08-04 10:00", false, "08-10 09:00 08-10 10:00"},
		{"more openings in a week than most have", "Mo-Su 08:00-09:00,10:00-11:00,12:00-13:00", "2026-11-24 12:30", true, "11-24 12:00 11-24 13:00"},
		{"and closed between two of them", "Mo-Su 08:00-09:00,10:00-11:00,12:00-13:00", "2026-11-28 11:30", false, "11-28 12:00 11-28 13:00"},
		{"a locker is always open", "24/7", "2026-11-24 03:00", true, "11-23 00:00 12-02 00:00"},
		{"a locker said 00:00–24:00", "Mo-Su 00:00-24:00", "2026-11-24 23:59", true, "11-23 00:00 12-02 00:00"},
		{"a locker on a holiday of which nothing was said", "Mo-Su 00:00-24:00", "2026-11-11 10:00", false, "11-12 00:00 11-20 00:00"},
		{"Friday 23:00, open 18:00–02:00 → open until Saturday 02:00", "Fr 18:00-02:00", "2026-11-27 23:00", true, "11-27 18:00 11-28 02:00"},
		{"Saturday 01:30, Friday's night goes on", "Fr 18:00-02:00", "2026-11-28 01:30", true, "11-27 18:00 11-28 02:00"},
		{"Saturday 02:00, Friday's night is over", "Fr 18:00-02:00", "2026-11-28 02:00", false, "12-04 18:00 12-05 02:00"},
		{"closed on Friday: there is no night to Saturday", "Fr 18:00-02:00; 2026-11-27 off", "2026-11-28 01:30", false, "12-04 18:00 12-05 02:00"},
		{"closed on Saturday: Friday's night is not cut at midnight", "Mo-Su 18:00-02:00; 2026-11-28 off", "2026-11-28 01:30", true, "11-27 18:00 11-28 02:00"},
		{"the night before a holiday ends on it", "Mo-Su 18:00-02:00; PH off", "2026-11-11 01:30", true, "11-10 18:00 11-11 02:00"},
		{"the night of a holiday does not begin", "Mo-Su 18:00-02:00; PH off", "2026-11-12 01:30", false, "11-12 18:00 11-13 02:00"},
		{"until midnight, said 00:00", "Tu 18:00-00:00", "2026-11-24 23:59", true, "11-24 18:00 11-25 00:00"},
		{"in March the night is an hour shorter", "Sa 22:00-05:00", "2026-03-29 03:30", true, "03-28 22:00 03-29 05:00"},
		{"in March nobody is open from 02:00 to 03:00", "Su 02:00-03:00", "2026-03-29 03:00", false, "04-05 02:00 04-05 03:00"},
		{"in March 01:00–02:30 ends where the clocks jump", "Su 01:00-02:30", "2026-03-29 01:30", true, "03-29 01:00 03-29 03:00"},
		{"never open", "Mo-Su off", "2026-11-24 10:00", false, ""},
		{"open on one day, long past", "2020-01-01 09:00-12:00", "2026-11-24 10:00", false, ""},
		{"nobody said when", "", "2026-11-24 10:00", false, ""},
	} {
		h, at := hours(t, row.hours, "FR"), local(t, row.at, paris)
		if got := h.OpenAt(at, paris); got != row.open {
			t.Errorf("%s: open is %v", row.law, got)
		}
		w, ok := h.Next(at, paris)
		got := ""
		if ok {
			got = w.From.In(paris).Format("01-02 15:04") + " " + w.Until.In(paris).Format("01-02 15:04")
		}
		if got != row.next {
			t.Errorf("%s: next is %q, want %q", row.law, got, row.next)
		}
	}
}

// In October 02:30 comes twice. Hours mean its first showing, as slots do.
func TestHoursWhenTheClocksArePutBack(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, row := range []struct {
		law, hours, at string
		open           bool
	}{
		{"01:00–02:30, the first 02:15", "Su 01:00-02:30", "2026-10-25T02:15:00+02:00", true},
		{"01:00–02:30, the second 02:15 is later than the first 02:30", "Su 01:00-02:30", "2026-10-25T02:15:00+01:00", false},
		{"02:00–03:00 lasts two hours", "Su 02:00-03:00", "2026-10-25T02:45:00+01:00", true},
		{"02:00–03:00 is over at 03:00", "Su 02:00-03:00", "2026-10-25T03:00:00+01:00", false},
	} {
		if got := hours(t, row.hours, "FR").OpenAt(instant(t, row.at), paris); got != row.open {
			t.Errorf("%s: open is %v", row.law, got)
		}
	}
}

func TestHoursOfADay(t *testing.T) {
	for _, row := range []struct {
		law, hours, day, want string
		doubt                 bool
	}{
		{"an ordinary Tuesday", tobacconist, "2026-11-24", "[09:00-12:00 14:00-19:00]", false},
		{"Sunday", tobacconist, "2026-11-29", "[]", false},
		{"a holiday, and it said so", tobacconist, "2026-11-11", "[]", false},
		{"a holiday, and it said nothing", "Mo-Fr 09:00-12:00", "2026-11-11", "[]", true},
		{"a holiday of which the dates speak", "Mo-Fr 09:00-12:00; 2026-11-11 10:00-11:00", "2026-11-11", "[10:00-11:00]", false},
		{"what is left of the night comes first", "Fr 22:00-02:00; Sa 09:00-12:00", "2026-11-28", "[00:00-02:00 09:00-12:00]", false},
		{"times that touch are one", "Mo 09:00-12:00,12:00-19:00", "2026-11-23", "[09:00-19:00]", false},
		{"a day never said", tobacconist, "", "[]", false},
	} {
		d := civil.NoDay
		if row.day != "" {
			d = day(t, row.day)
		}
		h := hours(t, row.hours, "FR")
		if got := fmt.Sprint(h.Day(d)); got != row.want || h.Doubt(d) != row.doubt {
			t.Errorf("%s: got %s, doubt %v", row.law, got, h.Doubt(d))
		}
	}
}

func TestOpenFor(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	for _, row := range []struct {
		law, hours, from, until string
		want                    time.Duration
	}{
		{"a Tuesday", tobacconist, "2026-11-24 00:00", "2026-11-25 00:00", 8 * time.Hour},
		{"from within one opening to within another", tobacconist, "2026-11-24 11:00", "2026-11-24 15:30", 2*time.Hour + 30*time.Minute},
		{"a hold that ends before Monday's opening", tobacconist, "2026-11-28 13:00", "2026-11-30 09:00", 0},
		{"from the eve of 1 May to the end of 1 May", tobacconist, "2026-04-30 19:00", "2026-05-02 00:00", 0},
		{"a night is counted once", "Fr 18:00-02:00", "2026-11-27 00:00", "2026-11-29 00:00", 8 * time.Hour},
		{"a locker in the night of March", "24/7", "2026-03-29 00:00", "2026-03-30 00:00", 23 * time.Hour},
		{"a locker in the night of October", "24/7", "2026-10-25 00:00", "2026-10-26 00:00", 25 * time.Hour},
		{"an end before the beginning", tobacconist, "2026-11-24 12:00", "2026-11-24 09:00", 0},
	} {
		got := hours(t, row.hours, "FR").OpenFor(local(t, row.from, paris), local(t, row.until, paris), paris)
		if got != row.want {
			t.Errorf("%s: got %v, want %v", row.law, got, row.want)
		}
	}
}

func TestHoursAreRefused(t *testing.T) {
	for _, row := range []struct{ law, text, code string }{
		{"an opening from 24:00 to 00:00", "Mo 24:00-00:00", "hours_out_of_order"},
		{"an opening of no length", "Mo 09:00-09:00", "hours_out_of_order"},
		{"00:00–00:00 is a whole day or none: say which", "Mo 00:00-00:00", "hours_out_of_order"},
		{"two openings at one time", "Mo 09:00-12:00,11:00-15:00", "hours_overlap"},
		{"a night that runs into the morning", "Fr 22:00-10:00; Sa 09:00-12:00", "hours_overlap"},
		{"the night of Saturday runs into Sunday", "Sa 22:00-10:00; Su 09:00-12:00", "hours_overlap"},
		{"a day told twice", "Mo-Fr 09:00-12:00; We 14:00-19:00", "hours_day_twice"},
		{"25:00 is no time", "Mo 09:00-25:00", "hours_unreadable"},
		{"09:60 is no time", "Mo 09:60-12:00", "hours_unreadable"},
		{"24:30 is no time", "Mo 09:00-24:30", "hours_unreadable"},
		{"a time without minutes", "Mo 9-12", "hours_unreadable"},
		{"no day", "09:00-12:00", "hours_unreadable"},
		{"no such day", "Xx 09:00-12:00", "hours_unreadable"},
		{"a day without times", "Mo", "hours_unreadable"},
		{"no end", "Mo 09:00", "hours_unreadable"},
		{"a weekday that is open without hours", "Mo open", "hours_unreadable"},
		{"a date that is none", "2026-02-30 off", "hours_unreadable"},
		{"a closure that ends before it begins", "2026-08-22..2026-08-03 off", "hours_unreadable"},
		{"only separators", ";;", "hours_unreadable"},
		{"a sentence", "toujours ouvert", "hours_unreadable"},
		{"bytes that are no text", "Mo \xff\xfe", "hours_unreadable"},
		{"a book", strings.Repeat("Mo 09:00-12:00;", 1000), "field_too_long"},
	} {
		h, err := civil.ParseHours("points[3].hours", row.text)
		faults := fault.All(err)
		if len(faults) == 0 || faults[0].Code != row.code || faults[0].Field != "points[3].hours" || h.Said() {
			t.Errorf("%s: got %v, want %s", row.law, err, row.code)
		}
	}
	_, err := civil.NewHours("hours", civil.HoursSpec{Holiday: []civil.Span{{From: 600, Until: 600 + 1441}}})
	if !fault.Is(err, "hours_out_of_order") {
		t.Errorf("an opening of more than a day: got %v", err)
	}
}

func TestHoursAreWrittenInOneWay(t *testing.T) {
	for _, row := range []struct{ law, text, want string }{
		{"as it was", tobacconist, tobacconist},
		{"days one by one are joined", "tu 9:00-12:00; MO 09:00–12:00", "Mo-Tu 09:00-12:00"},
		{"openings are put in order", "Mo 14:00-19:00,09:00-12:00", "Mo 09:00-12:00,14:00-19:00"},
		{"a day taken out of a range", "Mo-Fr 09:00-12:00; We off", "Mo-Tu 09:00-12:00; Th-Fr 09:00-12:00"},
		{"a range over the end of the week", "Sa-Mo 09:00-12:00", "Mo 09:00-12:00; Sa-Su 09:00-12:00"},
		{"always", "24/7", "Mo-Su 00:00-24:00"},
		{"never", "Mo-Su off", "Mo-Su off"},
		{"past midnight", "Fr 22:00-02:00", "Fr 22:00-02:00"},
		{"a region's holidays", "PH FR-57 10:00-12:00; 2026-12-24 closed", "Mo-Su off; PH FR-57 10:00-12:00; 2026-12-24 off"},
		{"nobody said", "  ", ""},
	} {
		h := hours(t, row.text, "")
		if h.String() != row.want {
			t.Errorf("%s: got %q", row.law, h)
		}
		var again civil.Hours
		b, err := json.Marshal(h)
		if err == nil {
			err = json.Unmarshal(b, &again)
		}
		if err != nil || !again.Equal(h) || again.Said() != h.Said() {
			t.Errorf("%s: as JSON %s it is %q, %v", row.law, b, again, err)
		}
	}
	var h civil.Hours
	if err := json.Unmarshal([]byte(`"24:00-00:00"`), &h); !fault.Is(err, "hours_unreadable") {
		t.Errorf("JSON that is no hours: %v", err)
	}
}

func TestHoursOfARegionKeepTheirOwn(t *testing.T) {
	h := hours(t, "Sa 09:00-12:00; PH FR-57 off", "FR")
	if got := h.Spec().Region; got != "FR-57" {
		t.Errorf("the address's region replaced the one that was said: %s", got)
	}
	if got := (civil.Hours{}).In("FR"); got.Said() || got.Spec().Region != "" {
		t.Errorf("hours nobody said: %v", got)
	}
}

func someHours() *rapid.Generator[civil.Hours] {
	span := rapid.Custom(func(t *rapid.T) civil.Span {
		from := rapid.IntRange(0, 1439).Draw(t, "from")
		return civil.Span{From: from, Until: from + rapid.IntRange(1, 1000).Draw(t, "long")}
	})
	return rapid.Custom(func(t *rapid.T) civil.Hours {
		spec := civil.HoursSpec{Region: "FR", Holidays: rapid.SampledFrom([]civil.HolidayRule{civil.HolidaysUnsaid, civil.HolidaysOff, civil.HolidaysAsEver}).Draw(t, "holidays")}
		for d := range spec.Week {
			if rapid.Bool().Draw(t, "open") {
				spec.Week[d] = []civil.Span{span.Draw(t, "span")}
			}
		}
		if rapid.Bool().Draw(t, "dated") {
			first := civil.Date(2026, time.March, rapid.IntRange(1, 60).Draw(t, "first"))
			spec.Dated = []civil.Dated{{Days: civil.Days{First: first, Last: first + 2}, Spans: rapid.SliceOfN(span, 0, 1).Draw(t, "spans")}}
		}
		h, _ := civil.NewHours("hours", spec) // days that overlap make none
		return h
	}).Filter(civil.Hours.Said)
}

// The quick answer, the next opening and the sum of openings agree at every
// instant, nights of changed clocks included.
func TestOpenNextAndOpenForAgree(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	begin := civil.Date(2026, time.March, 1).Start(paris)
	rapid.Check(t, func(t *rapid.T) {
		h := someHours().Draw(t, "hours")
		at := begin.Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "minute")) * time.Minute)
		w, ok := h.Next(at, paris)
		open := h.OpenAt(at, paris)
		if open != (ok && w.From <= at) {
			t.Fatalf("%s at %s: open %v, next %v", h, at, open, w)
		}
		if ok && (w.Until <= at || h.OpenFor(at, max(at, w.From), paris) != 0 || h.OpenFor(w.From, w.Until, paris) != w.Until.Sub(w.From)) {
			t.Fatalf("%s at %s: next is %s to %s, open before for %v and inside for %v", h, at, w.From, w.Until, h.OpenFor(at, w.From, paris), h.OpenFor(w.From, w.Until, paris))
		}
	})
}
