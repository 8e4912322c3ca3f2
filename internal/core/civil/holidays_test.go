package civil_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
)

// A statute names a day of each year.
type statute func(year int) civil.Day

func on(month time.Month, dayOfMonth int) statute {
	return func(year int) civil.Day { return civil.Date(year, month, dayOfMonth) }
}

// easter is so many days after Easter Sunday, by the anonymous Gregorian
// algorithm (Nature, 20 April 1876; Meeus, Astronomical Algorithms, ch. 8).
func easter(days int) statute {
	return func(y int) civil.Day {
		a, b, c := y%19, y/100, y%100
		h := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
		l := (32 + 2*(b%4) + 2*(c/4) - h - c%4) % 7
		m := (a + 11*h + 22*l) / 451
		n := h + l - 7*m + 114
		return civil.Date(y, time.Month(n/31), n%31+1) + civil.Day(days)
	}
}

// once is a holiday of one year alone.
func once(year int, month time.Month, dayOfMonth int) statute {
	return func(y int) civil.Day {
		if y != year {
			return civil.NoDay
		}
		return civil.Date(year, month, dayOfMonth)
	}
}

// until and from bound a holiday that a law ended or began.
func until(lastYear int, s statute) statute {
	return func(y int) civil.Day {
		if y > lastYear {
			return civil.NoDay
		}
		return s(y)
	}
}

func from(firstYear int, s statute) statute {
	return func(y int) civil.Day {
		if y < firstYear {
			return civil.NoDay
		}
		return s(y)
	}
}

// repentance is the Wednesday before 23 November.
func repentance(year int) civil.Day {
	d := civil.Date(year, time.November, 22)
	for d.Weekday() != time.Wednesday {
		d--
	}
	return d
}

// The statutes, written by hand and independently of the data.
var (
	// Code du travail L3133-1.
	france = []statute{
		on(1, 1), easter(1), on(5, 1), on(5, 8), easter(39), easter(50),
		on(7, 14), on(8, 15), on(11, 1), on(11, 11), on(12, 25),
	}
	// Code du travail L3134-13: Good Friday, in communes with a Protestant or
	// mixed church (counted for all), and 26 December.
	alsaceMoselle = []statute{easter(-2), on(12, 26)}
	// Arrêté royal of 18 April 1974, art. 1, for the law of 4 January 1974.
	belgium = []statute{
		on(1, 1), easter(1), on(5, 1), easter(39), easter(50),
		on(7, 21), on(8, 15), on(11, 1), on(11, 11), on(12, 25),
	}
	// The nine days of all sixteen Länder; 3 October by Einigungsvertrag art. 2.
	germany = []statute{
		on(1, 1), easter(-2), easter(1), on(5, 1), easter(39), easter(50),
		on(10, 3), on(12, 25), on(12, 26),
	}
	epiphany, corpusChristi, assumption    = on(1, 6), easter(60), on(8, 15)
	reformation, allSaints, womensDay      = on(10, 31), on(11, 1), on(3, 8)
	easterSunday, whitSunday, childrensDay = easter(0), easter(49), on(9, 20)
)

// with is a country's days and those a part of it adds.
func with(country []statute, more ...statute) []statute {
	return slices.Concat(country, more)
}

var statutes = map[civil.Region][]statute{
	"FR":    france,
	"FR-57": with(france, alsaceMoselle...),
	"FR-67": with(france, alsaceMoselle...),
	"FR-68": with(france, alsaceMoselle...),
	// Code du travail L3422-2: the abolition of slavery.
	"FR-YT": with(france, on(4, 27)),
	"FR-MQ": with(france, on(5, 22)),
	"FR-GP": with(france, on(5, 27)),
	"FR-MF": with(france, on(5, 27)),
	"FR-GF": with(france, on(6, 10)),
	"FR-BL": with(france, on(10, 9)),
	"FR-RE": with(france, on(12, 20)),
	// Codes of their own: New Caledonia's citizenship day; Polynesia's Gospel day,
	// Good Friday and, in place of 29 June from 2026, Matari'i; Wallis and
	// Futuna's saints and territory.
	"FR-PM": france,
	"FR-NC": with(france, on(9, 24)),
	"FR-PF": with(france, on(3, 5), easter(-2), until(2025, on(6, 29)), from(2026, on(11, 20))),
	"FR-WF": with(france, on(4, 28), on(6, 29), on(7, 29)),

	"BE": belgium,

	"DE":    germany,
	"DE-BB": with(germany, easterSunday, whitSunday, reformation),                         // FTG BB § 2
	"DE-BE": with(germany, womensDay, once(2025, time.May, 8), once(2028, time.June, 17)), // FeiertG BE § 1
	"DE-BW": with(germany, epiphany, corpusChristi, allSaints),                            // FTG BW § 1
	"DE-BY": with(germany, epiphany, corpusChristi, allSaints),                            // FTG BY Art. 1 (1) 1
	"DE-HB": with(germany, reformation),                                                   // FTG HB § 2
	"DE-HE": with(germany, corpusChristi),                                                 // HFeiertagsG § 1
	"DE-HH": with(germany, reformation),                                                   // FeiertG HH § 1
	"DE-MV": with(germany, womensDay, reformation),                                        // FTG M-V § 2
	"DE-NI": with(germany, reformation),                                                   // NFeiertagsG § 2
	"DE-NW": with(germany, corpusChristi, allSaints),                                      // Feiertagsgesetz NW § 2
	"DE-RP": with(germany, corpusChristi, allSaints),                                      // LFtG RP § 2
	"DE-SH": with(germany, reformation),                                                   // SFTG SH § 2
	"DE-SL": with(germany, corpusChristi, assumption, allSaints),                          // SFG SL § 2
	"DE-SN": with(germany, reformation, repentance),                                       // SächsSFG § 1
	"DE-ST": with(germany, epiphany, reformation),                                         // FeiertG LSA § 2
	"DE-TH": with(germany, childrensDay, reformation),                                     // ThürFGtG § 2
}

func TestHolidaysAreThoseOfTheStatutes(t *testing.T) {
	for region, laws := range statutes {
		var want []string
		for year := 2024; year <= 2030; year++ {
			for _, law := range laws {
				if d := law(year); d != civil.NoDay {
					want = append(want, d.String())
				}
			}
		}
		slices.Sort(want)
		var got []string
		for _, d := range civil.Holidays(region) {
			got = append(got, d.String())
		}
		if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
			t.Errorf("%s: statutes (-), data (+)\n%s", region, diff)
		}
	}
}

func TestEveryRegionIsReviewed(t *testing.T) {
	data, err := os.ReadFile("holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[civil.Region]int{}
	for line := range strings.Lines(string(data)) {
		if region, _, ok := strings.Cut(line, ",20"); ok && !strings.HasPrefix(line, "#") {
			rows[civil.Region(region)]++
		}
	}
	for region, years := range rows {
		if statutes[region] == nil || years != 7 {
			t.Errorf("%s: %d years, reviewed: %v", region, years, statutes[region] != nil)
		}
	}
	if len(rows) != len(statutes) {
		t.Errorf("the data has %d regions, the review %d", len(rows), len(statutes))
	}
}

func TestEasterOfTheReview(t *testing.T) {
	for year, want := range map[int]string{ // as printed in almanacs
		2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28",
		2028: "2028-04-16", 2029: "2029-04-01", 2030: "2030-04-21",
	} {
		if got := easter(0)(year).String(); got != want {
			t.Errorf("Easter %d: got %s, want %s", year, got, want)
		}
	}
}

func TestHolidaysOfUnknownRegions(t *testing.T) {
	if diff := cmp.Diff(civil.Holidays("DE"), civil.Holidays("DE-XX")); diff != "" {
		t.Errorf("an unknown Land has the national holidays: %s", diff)
	}
	if got := civil.Holidays("ZZ"); got != nil {
		t.Errorf("an unknown country has holidays: %v", got)
	}
	if got := civil.Holidays(""); got != nil {
		t.Errorf("no region has holidays: %v", got)
	}
}

func TestPlaces(t *testing.T) {
	for _, row := range []struct {
		country, postcode string
		region            civil.Region
		zone              string
	}{
		{"FR", "75011", "FR", "Europe/Paris"},
		{"FR", "57000", "FR-57", "Europe/Paris"},
		{"FR", "67000", "FR-67", "Europe/Paris"},
		{"FR", "68100", "FR-68", "Europe/Paris"},
		{"fr", " 68100 ", "FR-68", "Europe/Paris"},
		{"FR", "90000", "FR", "Europe/Paris"},
		{"FR", "20000", "FR", "Europe/Paris"},
		{"FR", "", "FR", "Europe/Paris"},
		{"FR", "6", "FR", "Europe/Paris"},
		{"FR", "97110", "FR-GP", "America/Guadeloupe"},
		{"FR", "97133", "FR-BL", "America/St_Barthelemy"},
		{"FR", "97150", "FR-MF", "America/Marigot"},
		{"FR", "97200", "FR-MQ", "America/Martinique"},
		{"FR", "97300", "FR-GF", "America/Cayenne"},
		{"FR", "97400", "FR-RE", "Indian/Reunion"},
		{"FR", "97500", "FR-PM", "America/Miquelon"},
		{"FR", "97600", "FR-YT", "Indian/Mayotte"},
		{"FR", "98600", "FR-WF", "Pacific/Wallis"},
		{"FR", "98714", "FR-PF", "Pacific/Tahiti"},
		{"FR", "98800", "FR-NC", "Pacific/Noumea"},
		{"RE", "97400", "FR-RE", "Indian/Reunion"},
		{"GP", "", "FR-GP", "America/Guadeloupe"},
		{"BE", "1000", "BE", "Europe/Brussels"},
		{"BE", "6700", "BE", "Europe/Brussels"},
		{"DE", "10115", "DE", "Europe/Berlin"},
		{"DE", "97400", "DE", "Europe/Berlin"},
		{"ES", "28001", "ES", "Europe/Madrid"},
		{"ES", "35001", "ES", "Atlantic/Canary"},
		{"ES", "38001", "ES", "Atlantic/Canary"},
		{"US", "10001", "US", ""},
		{"", "", "", ""},
	} {
		region, zone := civil.RegionOf(row.country, row.postcode), civil.ZoneOf(row.country, row.postcode)
		if region != row.region || zone != row.zone {
			t.Errorf("%s %s: got %s and %s, want %s and %s", row.country, row.postcode, region, zone, row.region, row.zone)
		}
		if _, err := civil.Zone(zone); (err == nil) != (row.zone != "") {
			t.Errorf("%s %s: zone %q: %v", row.country, row.postcode, zone, err)
		}
	}
}

func TestEveryDefaultZoneExists(t *testing.T) {
	for country := range strings.FieldsSeq("AT BE BG CH CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MC NL NO PL RO SE SI SK") {
		if _, err := civil.Zone(civil.ZoneOf(country, "")); err != nil {
			t.Errorf("%s: %v", country, err)
		}
	}
}
