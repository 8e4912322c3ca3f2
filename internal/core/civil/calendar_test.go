package civil_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// day reads 2026-11-21.
func day(t testing.TB, s string) civil.Day {
	t.Helper()
	d, err := civil.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCalendarAdd(t *testing.T) {
	weekdays := civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR"}
	for _, row := range []struct {
		law  string
		spec civil.CalendarSpec
		from string
		n    int
		want string
	}{
		{"Friday + 1 working day → Monday", weekdays, "2026-11-20", 1, "2026-11-23"},
		{"Thursday before Easter + 2 → Tuesday", weekdays, "2026-04-02", 2, "2026-04-07"},
		{"the same in Moselle, where Good Friday is a holiday → Wednesday", civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR-57"}, "2026-04-02", 2, "2026-04-08"},
		{"a carrier that works Saturdays: Friday + 1 → Saturday", civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"}, "2026-11-20", 1, "2026-11-21"},
		{"a Saturday holiday is not worked: 15 August 2026 → Monday", civil.CalendarSpec{Open: civil.MondayToSaturday, Region: "FR"}, "2026-08-14", 1, "2026-08-17"},
		{"the first working day on or after a Sunday → Monday", weekdays, "2026-11-22", 0, "2026-11-23"},
		{"a working day is the first on or after itself", weekdays, "2026-11-20", 0, "2026-11-20"},
		{"the working day before Monday → Friday", weekdays, "2026-11-23", -1, "2026-11-20"},
		{"the second working day before a Sunday → Thursday", weekdays, "2026-11-22", -2, "2026-11-19"},
		{"closed 3–21 August: 31 July + 1 → 24 August", civil.CalendarSpec{Open: civil.MondayToFriday, Closed: []civil.Days{{First: day(t, "2026-08-01"), Last: day(t, "2026-08-23")}}}, "2026-07-31", 1, "2026-08-24"},
		{"open on the Sunday before Christmas: Saturday 19 December + 1 → Sunday", civil.CalendarSpec{Open: civil.MondayToSaturday, Opened: []civil.Days{{First: day(t, "2026-12-20"), Last: day(t, "2026-12-20")}}}, "2026-12-19", 1, "2026-12-20"},
		{"an opening wins over a closure and a holiday", civil.CalendarSpec{Open: civil.MondayToFriday, Region: "FR", Closed: []civil.Days{{First: day(t, "2026-05-01"), Last: day(t, "2026-05-31")}}, Opened: []civil.Days{{First: day(t, "2026-05-08"), Last: day(t, "2026-05-08")}}}, "2026-04-30", 1, "2026-05-08"},
		{"a leap day is worked: 28 February 2028 + 1 → 29 February", weekdays, "2028-02-28", 1, "2028-02-29"},
		{"over the year end: 31 December + 1 → 4 January, 1 January being a Friday holiday", weekdays, "2026-12-31", 1, "2027-01-04"},
		{"out of the known days by the front: 29 December 2023 + 1 → 2 January, past the holiday", weekdays, "2023-12-29", 1, "2024-01-02"},
		{"out of the known days by the back: 31 December 2030 + 1 → 1 January, no holiday known", weekdays, "2030-12-31", 1, "2031-01-01"},
		{"in 2099 weekdays alone count: Friday 25 December is worked", weekdays, "2099-12-24", 1, "2099-12-25"},
		{"before 2024 too: 1 May 2018 is worked", weekdays, "2018-04-30", 1, "2018-05-01"},
	} {
		got := civil.NewCalendar(row.spec).Add(day(t, row.from), row.n)
		if got.String() != row.want {
			t.Errorf("%s: got %s, want %s", row.law, got, row.want)
		}
	}
}

func TestCalendarWithoutAnyWorkingDay(t *testing.T) {
	opened := day(t, "2026-06-03")
	for name, c := range map[string]*civil.Calendar{
		"never open": civil.NewCalendar(civil.CalendarSpec{}),
		"open once":  civil.NewCalendar(civil.CalendarSpec{Opened: []civil.Days{{First: opened, Last: opened}}}),
	} {
		for _, d := range []civil.Day{day(t, "2026-06-04"), day(t, "2099-01-01"), math.MaxInt32} {
			if got := c.Next(d); got != civil.NoDay {
				t.Errorf("%s: Next(%s) = %s, want none", name, d, got)
			}
		}
	}
	once := civil.NewCalendar(civil.CalendarSpec{Opened: []civil.Days{{First: opened, Last: opened}}})
	if got := once.Next(day(t, "1999-01-01")); got != opened {
		t.Errorf("open once: Next = %s, want %s", got, opened)
	}
	if got := once.Add(day(t, "2030-01-01"), -1); got != opened {
		t.Errorf("open once: the working day before = %s, want %s", got, opened)
	}
}

func TestCalendarKnowsSevenYears(t *testing.T) {
	if civil.KnownFrom.String() != "2024-01-01" || civil.KnownUntil.String() != "2030-12-31" {
		t.Errorf("known days run from %s to %s", civil.KnownFrom, civil.KnownUntil)
	}
}

// specs draws calendars of all kinds, closures and openings reaching past the known days.
func specs() *rapid.Generator[civil.CalendarSpec] {
	runs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) civil.Days {
		first := drawDay(t, "first")
		return civil.Days{First: first, Last: first + civil.Day(rapid.IntRange(-2, 40).Draw(t, "length"))}
	}), 0, 6)
	return rapid.Custom(func(t *rapid.T) civil.CalendarSpec {
		return civil.CalendarSpec{
			Open:   civil.Weekdays(rapid.IntRange(0, 127).Draw(t, "open")),
			Region: rapid.SampledFrom([]civil.Region{"", "FR", "FR-67", "FR-RE", "BE", "DE-SN", "ZZ"}).Draw(t, "region"),
			Closed: runs.Draw(t, "closed"),
			Opened: runs.Draw(t, "opened"),
		}
	})
}

// drawDay prefers the known days and their edges.
func drawDay(t *rapid.T, label string) civil.Day {
	return civil.Day(rapid.OneOf(
		rapid.Int32Range(int32(civil.KnownFrom), int32(civil.KnownUntil)),
		rapid.Int32Range(int32(civil.KnownFrom)-40, int32(civil.KnownFrom)+40),
		rapid.Int32Range(int32(civil.KnownUntil)-40, int32(civil.KnownUntil)+40),
		rapid.Int32Range(-200_000, 200_000),
	).Draw(t, label))
}

// worksNaively is the rule of CalendarSpec in its plainest words.
func worksNaively(spec civil.CalendarSpec, d civil.Day) bool {
	works := spec.Open.Has(time.Unix(int64(d)*86400, 0).UTC().Weekday())
	if d < civil.KnownFrom || d > civil.KnownUntil {
		return works
	}
	for _, h := range civil.Holidays(spec.Region) {
		works = works && h != d
	}
	for _, run := range spec.Closed {
		works = works && !(run.First <= d && d <= run.Last)
	}
	for _, run := range spec.Opened {
		works = works || (run.First <= d && d <= run.Last)
	}
	return works
}

// A calendar and a walk from day to day agree, over the known days and beyond.
func TestCalendarAgreesWithAWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := specs().Draw(t, "spec")
		c := civil.NewCalendar(spec)
		start := drawDay(t, "start")
		rank := 0
		for d := start + 1; d <= start+100; d++ {
			works := worksNaively(spec, d)
			if c.Is(d) != works {
				t.Fatalf("Is(%s) = %v", d, !works)
			}
			if works {
				rank++
				if got := c.Add(start, rank); got != d {
					t.Fatalf("Add(%s, %d) = %s, want %s", start, rank, got, d)
				}
				if got := c.Add(d+1, -1); got != d {
					t.Fatalf("Add(%s, -1) = %s, want %s", d+1, got, d)
				}
			}
			if got := c.Between(start, d); got != rank {
				t.Fatalf("Between(%s, %s) = %d, want %d", start, d, got, rank)
			}
		}
	})
}

// A calendar walked whole, from before the known days to after them.
func TestCalendarAgreesWithAWalkOverAllKnownDays(t *testing.T) {
	for _, region := range []civil.Region{"FR", "FR-68", "FR-GP", "BE", "DE-BY"} {
		spec := civil.CalendarSpec{Open: civil.MondayToSaturday, Region: region}
		c := civil.NewCalendar(spec)
		last := civil.KnownUntil + 400
		next := c.Next(last)
		for d := last - 1; d > civil.KnownFrom-400; d-- {
			if worksNaively(spec, d) {
				next = d
			}
			if got := c.Next(d); got != next {
				t.Fatalf("%s: Next(%s) = %s, want %s", region, d, got, next)
			}
		}
	}
}

// Add and Between undo each other.
func TestAddAndBetweenAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := civil.NewCalendar(specs().Draw(t, "spec"))
		d, n := drawDay(t, "day"), rapid.IntRange(1, 3000).Draw(t, "n")
		if to := c.Add(d, n); to != civil.NoDay {
			if got := c.Between(d, to); got != n {
				t.Fatalf("Between(%s, Add(…, %d)) = %d", d, n, got)
			}
			if back := c.Add(to, 1-n); back != c.Add(d, 1) {
				t.Fatalf("Add(%s, %d) = %s, want the first working day after %s", to, 1-n, back, d)
			}
		}
		e := drawDay(t, "other day")
		if there, back := c.Between(d, e), c.Between(e, d); there != -back {
			t.Fatalf("Between is %d one way and %d the other", there, back)
		}
	})
}

// Nothing a caller can pass makes a calendar panic or answer a day that is not worked.
func TestCalendarSurvivesAnyArgument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := civil.NewCalendar(specs().Draw(t, "spec"))
		d := civil.Day(rapid.Int32().Draw(t, "day"))
		got := c.Add(d, rapid.Int().Draw(t, "n"))
		if got != civil.NoDay && !c.Is(got) {
			t.Fatalf("%s is not worked", got)
		}
		c.Between(d, civil.Day(rapid.Int32().Draw(t, "other day")))
		if c.Is(civil.NoDay) || c.Next(civil.NoDay) != civil.NoDay || c.Between(civil.NoDay, d) != 0 {
			t.Fatal("NoDay is worked")
		}
	})
}

func TestWeekdays(t *testing.T) {
	if got := civil.WeekdaysOf(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday); got != civil.MondayToFriday {
		t.Errorf("Monday to Friday is %07b", got)
	}
	if got := civil.MondayToFriday | civil.WeekdaysOf(time.Saturday); got != civil.MondayToSaturday {
		t.Errorf("Monday to Saturday is %07b", got)
	}
	if civil.MondayToSaturday.Has(time.Sunday) || !civil.EveryDay.Has(time.Sunday) {
		t.Error("Sunday is in the wrong set")
	}
}
