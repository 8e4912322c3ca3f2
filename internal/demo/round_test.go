package demo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// outcome is a round in a line: what was said, and where the door lies to the slot.
func outcome(r *round) string {
	var words []string
	for _, s := range r.scans {
		word := s.status
		if s.eta != 0 {
			word += " expected"
		}
		words = append(words, word)
	}
	where := "in the slot"
	switch late := r.door.Sub(r.slot.Until); {
	case r.door < r.slot.From:
		where = "before it"
	case late == 30*time.Minute:
		where = "thirty minutes late"
	case late >= 31*time.Minute && late <= 3*time.Hour:
		where = "later than that"
	case late > 3*time.Hour:
		where = "another day"
	}
	return strings.Join(words, ", ") + ": " + where
}

func TestWhatBecomesOfAnAppointment(t *testing.T) {
	s := theShop(grocer)
	for _, c := range []struct {
		name string
		ride ride
		to   town
		sky  sky
		want string
	}{
		{"as agreed", inSlot, cities[0], sky{calm}, "left, on_round, delivered: in the slot"},
		{"thirty minutes late, to the second", halfHour, cities[0], sky{calm}, "left, on_round, delivered: thirty minutes late"},
		{"thirty-one or more, and announced", behind, cities[0], sky{calm}, "left, on_round, on_round expected, delivered: later than that"},
		{"early, without asking", hasty, cities[0], sky{calm}, "left, on_round, delivered: before it"},
		{"nobody at home", nobody, cities[0], sky{calm}, "left, on_round, failed, delivered: another day"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.drive((&World{}).dice(s, "round", 1), appointment{
				placed: at(t, "2026-03-02 10:00"), to: c.to, ride: c.ride, sky: c.sky,
				slot: civil.Window{From: at(t, "2026-03-03 14:00"), Until: at(t, "2026-03-03 16:00")},
			})
			if got := outcome(r); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestACourierWhoAsksWaitsForTheAnswer(t *testing.T) {
	s := theShop(grocer)
	for consent, want := range map[bool]string{true: "on_round, delivered: before it", false: "on_round, delivered: in the slot"} {
		r := s.drive((&World{}).dice(s, "round", 1), appointment{
			placed: at(t, "2026-03-02 10:00"), to: cities[0], ride: ahead, sky: sky{calm},
			slot: civil.Window{From: at(t, "2026-03-03 14:00"), Until: at(t, "2026-03-03 16:00")},
		})
		if r.asks == 0 || r.early <= r.asks || r.early >= r.slot.From || len(r.scans) != 1 {
			t.Fatalf("asks at %s to come at %s: %v", r.asks, r.early, r.scans)
		}
		r.meet(consent)
		if got := outcome(r); got != want {
			t.Errorf("consent %v: %q", consent, got)
		}
		if consent && r.door < r.early {
			t.Errorf("comes at %s, earlier than agreed, %s", r.door, r.early)
		}
	}
}

func TestRoundsRunInOrder(t *testing.T) {
	s := theShop(grocer)
	rapid.Check(t, func(t *rapid.T) {
		w := &World{opt: Options{Seed: rapid.Uint64().Draw(t, "seed")}}
		placed := civil.At(time.Date(2026, 1, 1, 0, 0, 0, 0, paris)).Add(time.Duration(rapid.IntRange(0, 365*24*60).Draw(t, "minute")) * time.Minute)
		from := placed.Add(3*time.Hour + time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, "ahead"))*time.Minute)
		r := s.drive(w.dice(s, "round", rapid.IntRange(1, 1000).Draw(t, "number")), appointment{
			placed: placed, slot: civil.Window{From: from, Until: from.Add(2 * time.Hour)}, to: rapid.SampledFrom(served).Draw(t, "town"),
			ride: ride(rapid.IntRange(int(inSlot), int(nobody)).Draw(t, "ride")), sky: w.sky(),
		})
		check := func(scans []scan) {
			for i, s := range scans {
				if i > 0 && s.at <= scans[i-1].at || s.at < placed {
					t.Fatalf("ordered %s, slot %s, out of order: %s", placed, from, fmt.Sprint(scans))
				}
			}
		}
		check(r.scans)
		if r.announced < placed || r.announced > r.scans[0].at {
			t.Fatalf("announced %s, ordered %s, left %s", r.announced, placed, r.scans[0].at)
		}
		if r.asks != 0 {
			left := r.scans
			r.meet(rapid.Bool().Draw(t, "consent"))
			check(slices.Concat(left, r.scans))
		}
	})
}
