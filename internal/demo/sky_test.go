package demo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/lang"
)

func TestASkyWithoutTrouble(t *testing.T) {
	for d := civil.Date(2026, time.March, 1); d <= civil.Date(2026, time.March, 16); d++ {
		if all := (sky{calm}).during(d); len(all) > 0 {
			t.Errorf("%s: %v", d, all)
		}
	}
}

// The first day of 2026 on which something of a kind begins, in a seed.
func firstOf(t *testing.T, seed uint64, kind trouble) happening {
	t.Helper()
	for d := civil.Date(2026, time.January, 1); d <= civil.Date(2026, time.December, 31); d++ {
		for _, h := range (sky{seed}).begins(d) {
			if h.kind == kind {
				return h
			}
		}
	}
	t.Fatalf("no %s in the whole year", kind)
	return happening{}
}

func TestWhatKeepsACarrierAway(t *testing.T) {
	struck, raging := firstOf(t, 3, strike), firstOf(t, 3, storm)
	region := regions[slices.IndexFunc(regions, func(r region) bool { return r.slug == raging.where })]
	there := town{"FR", region.departments[0] + "000", "Là-bas"}
	second := raging.from.Day(paris) + 1
	for second.Start(paris).Add(14*time.Hour) > raging.until { // a storm that ends early: look at its first day
		second--
	}
	for _, c := range []struct {
		name string
		by   *hauler
		to   town
		day  civil.Day
		kept bool
	}{
		{"a strike keeps its carrier from everywhere", haulers[struck.where], town{"BE", "1000", "Bruxelles"}, struck.from.Day(paris), true},
		{"and is over the next day", haulers[struck.where], town{"BE", "1000", "Bruxelles"}, struck.until.Day(paris), false},
		{"a storm keeps every carrier from its region", nil, there, second, true},
		{"and from nowhere else", nil, town{"BE", "1000", "Bruxelles"}, second, false},
		{"nor after it is over", nil, there, raging.until.Day(paris) + 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, kept := (sky{3}).keeps(c.by, c.to, c.day)
			if kept != c.kept {
				t.Errorf("%s to %s on %s: kept away by %v, storm %v, strike %v", c.by.slugOr("anybody"), c.to.city, c.day, h, raging, struck)
			}
		})
	}
}

func (h *hauler) slugOr(otherwise string) string {
	if h == nil {
		return otherwise
	}
	return h.slug
}

// Whoever is kept away says so on that day, with the reason, and brings nothing.
func TestTroubleIsSaidAndNothingMoves(t *testing.T) {
	s := theShop(grocer)
	met := map[string]int{}
	for number := range 2000 {
		w := &World{opt: Options{Seed: uint64(number)}}
		j := journey{
			placed: civil.At(time.Date(2026, 1, 1+number%360, number%24, 0, 0, 0, paris)), to: cities[number%len(cities)],
			by: []*hauler{express, roulage, flash}[number%3], near: true, fate: onTime, sky: w.sky(),
		}
		for _, e := range s.carry(w.dice(s, "fate", number), j).scans {
			day := e.at.Day(paris)
			h, kept := j.sky.keeps(j.by, j.to, day)
			near := e.status == "arrived_local" || e.status == "out_for_delivery" || e.status == "delivered"
			reason, _ := h.kind.reason()
			switch {
			case kept && near:
				t.Fatalf("%s on %s in spite of %v", e.status, day, h)
			case e.status == "exception" && (!kept || e.reason != reason || e.at < h.from):
				t.Fatalf("%s at %s, and %v", e.reason, e.at, h)
			case e.status == "exception":
				met[reason]++
			}
		}
	}
	if met["weather"] < 20 || met["strike"] < 20 {
		t.Errorf("nothing was tried: %v", met)
	}
}

func TestNewsAreSentences(t *testing.T) {
	from, until := at(t, "2026-03-03 05:10"), at(t, "2026-03-04 16:30")
	for _, c := range []struct {
		what   happening
		fr, en string
	}{
		{
			happening{storm, "bretagne", from, until},
			"Tempête sur la Bretagne jusqu'au mercredi 4 mars à 16:30 : les tournées y sont suspendues.",
			"Storm over Brittany until 16:30 on Wednesday 4 March: rounds are suspended there.",
		},
		{
			happening{strike, "flash-24", from, until},
			"Grève chez Flash 24 le mardi 3 mars : ses colis n'avancent pas ce jour-là.",
			"Strike at Flash 24 on Tuesday 3 March: its parcels do not move that day.",
		},
	} {
		for loc, want := range map[lang.Locale]string{lang.French: c.fr, lang.English: c.en} {
			if got := c.what.sentence(loc); plainSpaces(got) != want {
				t.Errorf("%q", got)
			}
		}
	}
}

// plainSpaces makes the no-break spaces of French plain.
func plainSpaces(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}
