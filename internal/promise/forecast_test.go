package promise

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

func TestWhereAWindowBegins(t *testing.T) {
	today := day("2026-03-30")
	for _, c := range []struct {
		law, came, want string
	}{
		{"200 parcels came in 28 days → four weeks", "2026-03-20", "2026-03-02"},
		{"the 200th came just then", "2026-03-02", "2026-03-02"},
		{"200 parcels take two months → two months", "2026-01-30", "2026-01-30"},
		{"fewer are known → all there is", "", ""},
	} {
		came := civil.NoDay
		if c.came != "" {
			came = day(c.came)
		}
		if got := Since(today, came); got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.law, got, c.want)
		}
	}
}

func TestCountingDeliveryDays(t *testing.T) {
	everyDay := civil.NewCalendar(civil.CalendarSpec{Open: civil.EveryDay})
	for _, c := range []struct {
		law         string
		days        *civil.Calendar
		start, came string
		want        int
	}{
		{"Monday → Wednesday", mondayToFriday, "2026-03-02", "2026-03-04", 2},
		{"the same Monday", mondayToFriday, "2026-03-02", "2026-03-02", 0},
		{"Friday → Monday is one", mondayToFriday, "2026-03-06", "2026-03-09", 1},
		{"Saturday → Monday is one", mondayToFriday, "2026-03-07", "2026-03-09", 1},
		{"Friday → Saturday by chance: counts as Monday", mondayToFriday, "2026-03-06", "2026-03-07", 1},
		{"set out and came on a Sunday: counts as Monday", mondayToFriday, "2026-03-08", "2026-03-08", 1},
		{"Friday → Easter Monday by chance: counts as Tuesday", mondayToFriday, "2026-04-03", "2026-04-06", 1},
		{"two weeks are ten", mondayToFriday, "2026-03-02", "2026-03-16", 10},
		{"every day: Friday → Monday is three", everyDay, "2026-03-06", "2026-03-09", 3},
		{"before 1970 too", mondayToFriday, "1969-12-31", "1970-01-02", 2},
		{"came before it left, by two clocks", mondayToFriday, "2026-03-04", "2026-03-02", 0},
	} {
		if got := took(c.days, day(c.start), day(c.came)); got != c.want {
			t.Errorf("%s: got %d, want %d", c.law, got, c.want)
		}
	}
}

// A promise of n delivery days is kept exactly when the parcel took n at most.
func TestAPromiseInDeliveryDaysIsOneInCalendarDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		region := rapid.SampledFrom([]civil.Region{"", "FR"}).Draw(t, "region")
		open := civil.Weekdays(rapid.IntRange(1, 127).Draw(t, "open"))
		days := civil.NewCalendar(civil.CalendarSpec{Open: open, Region: region})
		start := civil.Day(rapid.IntRange(-500, 40_000).Draw(t, "start"))
		came := start + civil.Day(rapid.IntRange(0, 60).Draw(t, "took"))
		n := rapid.IntRange(0, 50).Draw(t, "n")
		promised := days.Add(start, n)
		if promised < start || !days.Is(promised) {
			t.Fatalf("%s and %d: promised %s, no delivery day", start, n, promised)
		}
		if n == 0 && !days.Is(start) {
			n = 1
		}
		if (came <= promised) != (took(days, start, came) <= n) {
			t.Fatalf("set out %s, promised %s for %d days, came %s after %d", start, promised, n, came, took(days, start, came))
		}
	})
}

// lane is parcels from Monday to Friday, as known on Monday 30 March 2026.
func lane(passages ...Passage) Past {
	return Past{Today: day("2026-03-30"), Since: day("2026-03-02"), Days: mondayToFriday, Passages: passages}
}

// sent is parcels that set out on a day and came on another, "" for on the road.
func sent(n int, start, came string) Passage {
	p := Passage{Start: day(start), Came: civil.NoDay, Promised: civil.NoDay, Parcels: n}
	if came != "" {
		p.Came = day(came)
	}
	return p
}

func (p Passage) promisedFor(d string) Passage {
	p.Promised = day(d)
	return p
}

// Fridays take two days where Mondays take one.
func TestAWeekdayIsReadByItself(t *testing.T) {
	for _, c := range []struct {
		law   string
		n     int
		start string
		want  int
	}{
		{"200 set out on Mondays, enough for 10 misses at 0.95: a day", 200, "2026-03-30", 1},
		{"200 set out on Fridays: two days", 200, "2026-04-03", 2},
		{"199 are not enough: all, of which half take two days", 199, "2026-03-30", 2},
		{"nothing set out on Tuesdays: all", 200, "2026-03-31", 2},
	} {
		f := NewForecast(lane(sent(c.n, "2026-03-09", "2026-03-10"), sent(c.n, "2026-03-13", "2026-03-17")))
		if got, _ := f.Choose(day(c.start), .95); got != c.want {
			t.Errorf("%s: got %d days", c.law, got)
		}
	}
}

func TestWhatIsOverdueCounts(t *testing.T) {
	usual := sent(100, "2026-03-09", "2026-03-11") // two days; given up after eight
	for _, c := range []struct {
		law         string
		late        Passage
		due, missed float64
	}{
		{"promised for Friday and still on the road: a miss, as none was ever given up", sent(3, "2026-03-24", "").promisedFor("2026-03-27"), 203, 13},
		{"promised for today: not yet due", sent(3, "2026-03-24", "").promisedFor("2026-03-30"), 200, 10},
		{"nothing promised", sent(3, "2026-03-24", ""), 200, 10},
		{"silent for nine days: given up, and counted nowhere", sent(3, "2026-03-16", "").promisedFor("2026-03-20"), 200, 10},
		{"lost: given up at once", Passage{Start: day("2026-03-24"), Came: civil.NoDay, Lost: true, Parcels: 3}.promisedFor("2026-03-27"), 200, 10},
		{"came: the record counts it already", sent(3, "2026-03-16", "2026-03-27").promisedFor("2026-03-20"), 200, 10},
	} {
		p := lane(usual, c.late)
		p.Record = Record{Due: 200, Missed: 10}
		if f := NewForecast(p); !near(f.due, c.due) || !near(f.missed, c.missed) {
			t.Errorf("%s: of %.2f due %.2f missed, want %.2f and %.2f", c.law, f.due, f.missed, c.due, c.missed)
		}
	}
}

func TestTheRecordMovesThePromise(t *testing.T) {
	for _, c := range []struct {
		law         string
		due, missed int
		want        int
	}{
		{"as many missed as allowed: 96 of 100 come in two days", 200, 10, 2},
		{"a debt of 4 misses, over 100 parcels: the most that is asked for", 200, 14, 3},
		{"4 misses saved: 93 of 100 come in a day", 200, 6, 1},
	} {
		p := lane(sent(93, "2026-03-09", "2026-03-10"), sent(3, "2026-03-09", "2026-03-11"), sent(4, "2026-03-09", "2026-03-12"))
		p.Record = Record{Due: c.due, Missed: c.missed}
		if got, _ := NewForecast(p).Choose(day("2026-03-30"), .95); got != c.want {
			t.Errorf("%s: got %d days, want %d", c.law, got, c.want)
		}
	}
}

// What set out before the eldest that counts may be left unread.
func TestTheEldestThatCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := lane()
		draw := func(name string) Passage {
			q := Passage{Start: p.Today - civil.Day(rapid.IntRange(1, 90).Draw(t, name)), Came: civil.NoDay, Promised: civil.NoDay, Parcels: 1}
			if rapid.Bool().Draw(t, "promised") {
				q.Promised = q.Start + civil.Day(rapid.IntRange(0, 20).Draw(t, "for"))
			}
			return q
		}
		for range rapid.IntRange(0, 30).Draw(t, "arrivals") {
			q := draw("came")
			q.Came = max(q.Start, p.Since) + civil.Day(rapid.IntRange(0, 27).Draw(t, "on"))
			p.Passages = append(p.Passages, q)
		}
		eldest, few := p.eldest(), p
		few.Passages = slices.Clone(p.Passages)
		for range rapid.IntRange(0, 30).Draw(t, "on the road") {
			q := draw("waiting")
			q.Lost = rapid.IntRange(0, 4).Draw(t, "lost") == 0
			p.Passages = append(p.Passages, q)
			if q.Start >= eldest {
				few.Passages = append(few.Passages, q)
			}
		}
		all, some := NewForecast(p), NewForecast(few)
		if all.all.N != some.all.N || all.due != some.due || all.missed != some.missed {
			t.Fatalf("%+v\n%+v", all, some)
		}
		for d := range 60 {
			if all.all.KeptBy(d) != some.all.KeptBy(d) {
				t.Fatalf("by day %d: %s", d, cmp.Diff(all.all.KeptBy(d), some.all.KeptBy(d)))
			}
		}
	})
}
