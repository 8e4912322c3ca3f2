package carrier_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
)

func place(t testing.TB, country, postcode string) geo.Place {
	t.Helper()
	p, err := geo.NewPlace(country, postcode)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var october5 = civil.Date(2026, time.October, 5)

// speedy becomes a day faster in large cities on 5 October 2026.
func speedy() carrier.Service {
	return carrier.Service{
		Countries: []string{"FR", "BE", "FR-OM"},
		Limits:    carrier.Limits{MaxGrams: 30_000, MaxUnits: 20},
		Standards: []carrier.Standard{
			{Class: carrier.InAgglomeration, Country: "FR", Days: 2, Until: october5},
			{Class: carrier.InAgglomeration, Country: "FR", Days: 1, Since: october5},
			{Class: carrier.Elsewhere, Country: "FR", Days: 2},
			{Country: "FR-COR", Days: 3},
			{Class: carrier.Elsewhere, Country: "FR-COR", Days: 4},
			{Country: "FR", Days: 9}, // narrower rows say otherwise
			{Country: "BE", Days: 3, Since: civil.Date(2026, time.January, 1)},
			{Country: "BE", Days: 2, Since: october5},
		},
	}
}

func TestServiceDays(t *testing.T) {
	lyon, village := place(t, "FR", "69003"), place(t, "FR", "23500") // Felletin, Creuse
	before, after := october5-1, october5
	for _, row := range []struct {
		law  string
		to   geo.Place
		on   civil.Day
		days int
		ok   bool
	}{
		{"Lyon, handed over the day before the switch → J+2", lyon, before, 2, true},
		{"Lyon, handed over on the day of the switch → J+1", lyon, after, 1, true},
		{"a village, the day before → J+2", village, before, 2, true},
		{"a village, on the day → J+2 still", village, after, 2, true},
		{"Corsica, though it is FR too: the narrower area and class → J+4", place(t, "FR", "20000"), after, 4, true},
		{"Monaco goes with the mainland → J+2", place(t, "FR", "98000"), after, 2, true},
		{"Brussels before any Belgian standard → none", place(t, "BE", "1000"), civil.Date(2025, time.December, 31), 0, false},
		{"Brussels under two standards → the one that began last", place(t, "BE", "1000"), after, 2, true},
		{"La Réunion is served, at no standard", place(t, "FR", "97400"), after, 0, false},
		{"Berlin → none", place(t, "DE", "10115"), after, 0, false},
	} {
		if days, ok := speedy().Days(row.to, row.on); days != row.days || ok != row.ok {
			t.Errorf("%s: got %d, %v", row.law, days, ok)
		}
	}
}

func TestServiceDaysIgnoresTheOrderOfStandards(t *testing.T) {
	s := speedy()
	for range s.Standards {
		s.Standards = append(s.Standards[1:], s.Standards[0])
		if days, _ := s.Days(place(t, "FR", "69003"), october5); days != 1 {
			t.Fatalf("Lyon takes %d days with the standards in the order %v", days, s.Standards)
		}
	}
}

func TestServiceRefuses(t *testing.T) {
	for _, row := range []struct {
		law   string
		to    geo.Place
		grams int
		units int
		code  string
	}{
		{"Lyon, 2 kg → taken", place(t, "FR", "69003"), 2000, 1, ""},
		{"exactly 30 kg and 20 units → taken", place(t, "FR", "69003"), 30_000, 20, ""},
		{"a gram too heavy", place(t, "FR", "69003"), 30_001, 1, "too_heavy"},
		{"a unit too many", place(t, "FR", "69003"), 2000, 21, "too_many"},
		{"Berlin, and too heavy besides: the place is said first", place(t, "DE", "10115"), 99_000, 1, "country_not_served"},
		{"Brussels has a standard one day → taken, whatever the day", place(t, "BE", "1000"), 2000, 1, ""},
		{"La Réunion is listed, and no standard covers it", place(t, "FR", "97400"), 2000, 1, "no_standard"},
		{"Monaco goes with France", place(t, "MC", "98000"), 2000, 1, ""},
	} {
		if code := speedy().Refuses(row.to, row.grams, row.units); code != row.code {
			t.Errorf("%s: got %q", row.law, code)
		}
	}
	if code := (carrier.Service{Countries: []string{"FR"}, Standards: []carrier.Standard{{Days: 2}}}).Refuses(place(t, "FR", "97400"), 1, 1); code != "country_not_served" {
		t.Errorf("FR alone reaches overseas: %q", code)
	}
}

func TestServiceKeepsToItsPostcodes(t *testing.T) {
	s := speedy()
	s.Postcodes = []string{"10", "6900", "69100"}
	for _, row := range []struct {
		law  string
		to   geo.Place
		code string
	}{
		{"Lyon 3e begins with 6900", place(t, "FR", "69003"), ""},
		{"Villeurbanne by its whole postcode", place(t, "FR", "69100"), ""},
		{"Caluire, in the same department, does not", place(t, "FR", "69300"), "postcode_not_served"},
		{"Troyes begins with 10", place(t, "FR", "10000"), ""},
		{"so does Brussels: a beginning holds in each of its countries", place(t, "BE", "1000"), ""},
		{"Berlin does too, in a country that is not served: that is said first", place(t, "DE", "10115"), "country_not_served"},
		{"a postcode that holds 69 further on", place(t, "FR", "26900"), "postcode_not_served"},
	} {
		if code := s.Refuses(row.to, 1000, 1); code != row.code {
			t.Errorf("%s: got %q, want %q", row.law, code, row.code)
		}
	}
}

// By appointment, the slots say when: no standard is missed.
func TestAServiceByAppointmentNeedsNoStandard(t *testing.T) {
	s := carrier.Service{Mode: carrier.Slot, Countries: []string{"FR"}}
	if code := s.Refuses(place(t, "FR", "69003"), 1000, 1); code != "" {
		t.Errorf("refused: %s", code)
	}
}

func TestServiceWithoutLimitsTakesEverything(t *testing.T) {
	s := speedy()
	s.Limits = carrier.Limits{}
	if code := s.Refuses(place(t, "FR", "69003"), 1<<40, 1<<40); code != "" {
		t.Errorf("refused: %s", code)
	}
}
