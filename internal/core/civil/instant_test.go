package civil_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
)

func TestZone(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince", "Indian/Mayotte"} {
		loc, err := civil.Zone(name)
		if err != nil || loc.String() != name {
			t.Errorf("%s: %v, %v", name, loc, err)
			continue
		}
		if again := zone(t, name); again != loc {
			t.Errorf("%s is loaded twice", name)
		}
	}
	for _, name := range []string{
		"", "Local", "localtime", "utc", "Europe", "europe/paris", "Europe/Paname", "Europe/", "/Europe/Paris",
		"Europe//Paris", "Europe/./Paris", "Europe/../Europe/Paris", "right/Europe/Paris", "posix/Europe/Paris",
		`Europe\Paris`, "Europe/Paris\x00", "Europe/Pâris", strings.Repeat("A/", 5000) + "A",
	} {
		loc, err := civil.Zone(name)
		if loc != nil || !fault.Is(err, "unknown_zone") || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.40q: got %v, %v, want unknown_zone", name, loc, err)
		}
	}
}

func TestCheckInstant(t *testing.T) {
	now := instant(t, "2026-11-21T12:00:00Z")
	for _, row := range []struct {
		law string
		at  string
		ok  bool
	}{
		{"now", "2026-11-21T12:00:00Z", true},
		{"the first instant of 2000", "2000-01-01T00:00:00Z", true},
		{"the one before", "1999-12-31T23:59:59.999999Z", false},
		{"two years ahead", "2028-11-21T12:00:00Z", true},
		{"and a microsecond", "2028-11-21T12:00:00.000001Z", false},
		{"2099", "2099-01-01T00:00:00Z", false},
		{"never said", "1970-01-01T00:00:00Z", false},
	} {
		err := civil.CheckInstant("purchased_at", instant(t, row.at), now)
		if (err == nil) != row.ok {
			t.Errorf("%s: %v", row.law, err)
		}
		if want := "date_out_of_range at purchased_at map[first:2000-01-01 last:2028-11-21]"; err != nil && err.Error() != want {
			t.Errorf("%s: got %v, want %s", row.law, err, want)
		}
	}
}

func TestDurationsDoNotWrapAround(t *testing.T) {
	first, last := instant(t, "0001-01-02T00:00:00Z"), instant(t, "9999-12-31T23:59:59Z")
	if got := last.Sub(first); got < 292*365*24*time.Hour {
		t.Errorf("ten thousand years are %s", got)
	}
	if got := first.Sub(last); got > -292*365*24*time.Hour {
		t.Errorf("ten thousand years back are %s", got)
	}
	if got := last.Sub(last.Add(-90 * time.Minute)); got != 90*time.Minute {
		t.Errorf("ninety minutes are %s", got)
	}
}

func TestWeekdayOfADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Day(rapid.Int32Range(-1_000_000, 1_000_000).Draw(t, "day"))
		y, m, dd := d.Date()
		if want := time.Date(y, m, dd, 12, 0, 0, 0, time.UTC).Weekday(); d.Weekday() != want {
			t.Fatalf("%s is a %s, not a %s", d, want, d.Weekday())
		}
	})
}

// The local day of an instant is the one its clocks show, before 1970 too.
func TestDayOfAnInstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := civil.Zone(rapid.SampledFrom(clockShops).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		i := civil.Instant(rapid.Int64Range(-1e15, 1e16).Draw(t, "instant"))
		if got, want := i.Day(loc).String(), i.In(loc).Format(time.DateOnly); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func TestStoredAndSent(t *testing.T) {
	type message struct {
		Day     civil.Day
		Instant civil.Instant
	}
	for _, m := range []message{
		{civil.Date(2026, 11, 21), instant(t, "2026-11-21T14:30:00.000001+01:00")},
		{civil.NoDay, 0},
		{civil.Date(1969, 12, 31), -1},
	} {
		sent, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back message
		if err := json.Unmarshal(sent, &back); err != nil || back != m {
			t.Errorf("sent as %s, back as %v (%v)", sent, back, err)
		}
		var stored message
		day, _ := m.Day.Value()
		at, _ := m.Instant.Value()
		if err := stored.Day.Scan(day); err != nil || stored.Day != m.Day {
			t.Errorf("day stored as %v, back as %s (%v)", day, stored.Day, err)
		}
		if err := stored.Instant.Scan(at); err != nil || stored.Instant != m.Instant {
			t.Errorf("instant stored as %v, back as %s (%v)", at, stored.Instant, err)
		}
	}
}
