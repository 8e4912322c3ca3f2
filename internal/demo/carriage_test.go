package demo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

func theShop(slug string) *shop {
	t := tradeOf(slug)
	return &shop{Shop: Shop{Merchant: "mer_test", Slug: slug}, trade: t, days: calendarsOf(t)}
}

const grocer = "epicerie-bellecour"

// calm is a seed whose sky holds no storm and no strike in the first half of
// March 2026, as TestASkyWithoutTrouble says.
const calm = 152

func at(t *testing.T, text string) civil.Instant {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04:05"[:len(text)], text, paris)
	if err != nil {
		t.Fatal(err)
	}
	return civil.At(when)
}

func TestWhatBecomesOfAParcel(t *testing.T) {
	city, village := town{"FR", "75011", "Paris"}, town{"FR", "23000", "Guéret"}
	for _, c := range []struct {
		name, placed string
		to           town
		fate         fate
		promised     string
		last         string // status and local day of the last scan
	}{
		{"ordered Monday morning, large city: delivered Tuesday", "2026-03-02 10:00", city, onTime, "", "delivered 2026-03-03"},
		{"ordered Monday after the cut-off: a day later", "2026-03-02 16:00", city, onTime, "", "delivered 2026-03-04"},
		{"to a village: two days", "2026-03-02 10:00", village, onTime, "", "delivered 2026-03-04"},
		{"ordered Friday for a village: Monday, as Sunday does not count", "2026-03-06 10:00", village, onTime, "", "delivered 2026-03-09"},
		{"sorted wrongly: a working day late", "2026-03-02 10:00", city, nextDay, "", "delivered 2026-03-04"},
		{"nobody at home on Saturday: Monday", "2026-03-06 10:00", city, absent, "", "delivered 2026-03-09"},
		{"known to the day only", "2026-03-02 10:00", city, dayOnly, "", "delivered 2026-03-03"},
		{"taken back after a wrong door, delivered the day after", "2026-03-02 10:00", city, mistaken, "", "delivered 2026-03-04"},
		{"delivered, then seen again and delivered again: a contradiction", "2026-03-02 10:00", city, confused, "", "delivered 2026-03-04"},
		{"refused: sent back in three working days", "2026-03-02 10:00", city, refused, "", "returned 2026-03-06"},
		{"at the last tick of what was promised", "2026-03-02 10:00", city, lastTick, "2026-03-05 00:00", "delivered 2026-03-04"},
		{"at the first tick after what was promised", "2026-03-02 10:00", city, firstTick, "2026-03-05 00:00", "delivered 2026-03-05"},
		{"promised for today, which no carrier can: the tick of its own day", "2026-03-02 10:00", city, lastTick, "2026-03-03 00:00", "delivered 2026-03-03"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := theShop(grocer)
			j := journey{placed: at(t, c.placed), to: c.to, near: c.to == city, by: express, fate: c.fate, sky: sky{calm}}
			if c.promised != "" {
				j.promised = at(t, c.promised)
			}
			scans := s.carry((&World{}).dice(s, "fate", 1), j).scans
			last := scans[len(scans)-1]
			if got := fmt.Sprintf("%s %s", last.status, last.at.Day(paris)); got != c.last {
				t.Errorf("got %s", got)
			}
		})
	}
}

// drawn is a carriage of any kind.
func drawn(t *rapid.T) (w *World, j journey, how telling, number int) {
	w = &World{opt: Options{Seed: rapid.Uint64().Draw(t, "seed")}}
	all := slices.Concat(cities, villages, belgium)
	j = journey{
		placed: civil.At(time.Date(2026, 1, 1, 0, 0, 0, 0, paris)).Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "minute")) * time.Minute),
		to:     rapid.SampledFrom(all).Draw(t, "town"), near: rapid.Bool().Draw(t, "near"), slow: rapid.Bool().Draw(t, "slow"),
		by: rapid.SampledFrom([]*hauler{express, roulage, flash}).Draw(t, "carrier"), sky: w.sky(),
		fate: fate(rapid.IntRange(int(onTime), int(confused)).Draw(t, "fate")),
	}
	return w, j, telling(rapid.IntRange(int(orderly), int(stuttered)).Draw(t, "telling")), rapid.IntRange(1, 1000).Draw(t, "number")
}

func TestNobodyReportsTheFutureAndNothingIsKeptQuiet(t *testing.T) {
	s := theShop(grocer)
	rapid.Check(t, func(t *rapid.T) {
		w, j, how, number := drawn(t)
		c := s.carry(w.dice(s, "fate", number), j)
		calls := c.tell(w.dice(s, "words", number), how, number%2 == 0)
		if c.announced < j.placed {
			t.Fatalf("announced %s before the order of %s", c.announced, j.placed)
		}
		if !slices.IsSortedFunc(c.scans, func(a, b scan) int { return int(a.at - b.at) }) {
			t.Fatalf("scans out of order: %v", c.scans)
		}
		told := map[scan]bool{}
		for _, call := range calls {
			for _, s := range call.scans {
				told[s] = true
				if s.at > call.due {
					t.Fatalf("%s of %s reported at %s", s.status, s.at, call.due)
				}
			}
		}
		if len(told) != len(c.scans) {
			t.Fatalf("%d of %d scans told", len(told), len(c.scans))
		}
	})
}

func TestAPlanIsAFunctionOfItsSeed(t *testing.T) {
	s := theShop(grocer)
	rapid.Check(t, func(t *rapid.T) {
		w, j, how, number := drawn(t)
		draw := func() (carriage, []call) {
			c := s.carry(w.dice(s, "fate", number), j)
			return c, c.tell(w.dice(s, "words", number), how, number%2 == 0)
		}
		c1, calls1 := draw()
		c2, calls2 := draw()
		all := cmp.AllowUnexported(carriage{}, call{}, scan{})
		if d := cmp.Diff(c1, c2, all) + cmp.Diff(calls1, calls2, all); d != "" {
			t.Fatal(d)
		}
	})
}

func TestARegularIsAlwaysTheSamePerson(t *testing.T) {
	s, w := theShop(grocer), &World{opt: Options{Seed: 7}}
	met := map[string]customer{}
	for n := range 3000 {
		c := w.customer(s, w.dice(s, "visit", n))
		if before, ok := met[c.email]; ok && before != c {
			t.Fatalf("%s was %v and is %v", c.email, before, c)
		}
		met[c.email] = c
	}
	if len(met) < regulars/2 {
		t.Errorf("only %d people came", len(met))
	}
}
