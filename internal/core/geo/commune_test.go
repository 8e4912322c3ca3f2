package geo

import (
	"slices"
	"strings"
	"testing"
)

func labels(spots []Spot) (out []string) {
	for _, s := range spots {
		out = append(out, s.Label)
	}
	return out
}

func TestGeocode(t *testing.T) {
	for _, c := range []struct{ law, text, want string }{
		{"a postcode of one town", "29900", "Concarneau (29900)"},
		{"a postcode with two towns answers both, the larger first", "83300", "Draguignan (83300), Châteaudouble (83300)"},
		{"unless one is named", "83300 chateaudouble", "Châteaudouble (83300)"},
		{"in either order", "Châteaudouble 83300", "Châteaudouble (83300)"},
		{"with a street before", "12 rue Neuve, 83300 Draguignan", "Draguignan (83300)"},
		{"a postcode, and another town's name: the postcode counts", "29900 Lyon", "Concarneau (29900)"},
		{"a name", "Concarneau", "Concarneau (29900)"},
		{"without accents", "besancon", "Besançon (25000)"},
		{"in capitals", "BESANÇON", "Besançon (25000)"},
		{"with St for Saint", "st etienne", "Saint-Étienne (42000)"},
		{"with Ste for Sainte, and a point", "Ste. Foy les Lyon", "Sainte-Foy-lès-Lyon (69110)"},
		{"with hyphens", "Saint-Étienne", "Saint-Étienne (42000)"},
		{"with an apostrophe", "l’haÿ-les-roses", "L'Haÿ-les-Roses (94240)"},
		{"a name with a ligature", "schoelcher", "Schœlcher (97233)"},
		{"the beginning of a name", "concarn", "Concarneau (29900)"},
		{"two letters say nothing", "co", ""},
		{"but a name of one letter is a name", "Y", "Y (80190)"},
		{"a street before the town", "3 quai du Port, Concarneau", "Concarneau (29900)"},
		{"a town merged into another", "Arbignieu", "Arboys en Bugey (01300)"},
		{"Paris by an arrondissement's postcode", "75011", "Paris (75011)"},
		{"a postcode of firms, which no commune has: its district", "33074", "33074"},
		{"a postcode that can not be", "00123", ""},
		{"nowhere", "Poudlard", ""},
		{"nothing", "  ", ""},
		{"signs", "?!", ""},
		{"bytes that are no text", "\xff\xfe", ""},
		{"a book", strings.Repeat("Lyon ", 100), ""},
	} {
		if got := strings.Join(labels(Geocode("FR", c.text)), ", "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.law, got, c.want)
		}
	}
	if got := Geocode("FR", "saint denis"); len(got) < 3 || got[0].Postcode[:2] == got[1].Postcode[:2] {
		t.Errorf("a name that many towns bear: %v", labels(got))
	}
	if got := Geocode("BE", "1000"); got != nil {
		t.Errorf("Belgium is not in the list: %v", got)
	}
}

func TestPostcode(t *testing.T) {
	for _, c := range []struct {
		law, postcode string
		near          Point
		km            float64
		precision     Precision
	}{
		{"a town with a point", "29900", Point{47.87, -3.92}, 3, InCommune},
		{"Paris 11e has the point of Paris", "75011", Point{48.86, 2.38}, 4, Nearby},
		{"an arrondissement of Marseille has its own", "13001", Point{43.299, 5.384}, 1, InCommune},
		{"one of several postcodes of a city", "33800", Point{44.84, -0.58}, 4, Nearby},
		{"villages without a point: the neighbouring postcode of the department", "23460", Point{45.9, 1.9}, 40, Nearby},
		{"a postcode that no commune has, in its department", "33074", Point{44.84, -0.58}, 60, Nearby},
		{"Saint-Barthélemy", "97133", Point{17.9, -62.83}, 15, InDepartment},
		{"Saint-Denis de La Réunion has several postcodes", "97400", Point{-20.88, 55.45}, 10, Nearby},
	} {
		at, precision, ok := Postcode("FR", c.postcode)
		if km := at.Metres(c.near) / 1000; !ok || km > c.km || precision != c.precision {
			t.Errorf("%s: %v, %.1f km away, %q, %v", c.law, at, km, precision, ok)
		}
	}
	for _, c := range [][2]string{{"FR", "00123"}, {"FR", "x"}, {"BE", "1000"}, {"MC", "98000"}, {"", ""}} {
		if at, precision, ok := Postcode(c[0], c[1]); ok {
			t.Errorf("%v is at %v (%s)", c, at, precision)
		}
	}
}

// Every line of the file was read, every commune with people has a point, and
// most people live where the point is a town's own.
func TestCommunes(t *testing.T) {
	all := Communes()
	var people, located int
	for _, c := range all {
		people += c.Inhabitants
		if c.Precision == InCommune {
			located += c.Inhabitants
		}
		if c.Code == "" || c.Name == "" || c.City != "" {
			t.Errorf("%+v", c)
		}
		if c.Inhabitants > 0 && (c.Precision == "" || c.At == Point{}) {
			t.Errorf("%s (%s) is nowhere", c.Name, c.Code)
		}
	}
	if len(all) != 34_969 || people < 68_000_000 || people > 70_000_000 {
		t.Errorf("%d communes with %d people", len(all), people)
	}
	if share := float64(located) / float64(people); share < 0.82 || share > 0.84 {
		t.Errorf("%.3f of the people live in a commune with a point", share)
	}
	if i := slices.IndexFunc(all, func(c Commune) bool { return c.Name == "Bordeaux" }); all[i].Inhabitants < 200_000 || len(all[i].Postcodes) != 6 {
		t.Errorf("%+v", all[i])
	}
}

// No point of a commune lies outside its department: a wrong join would show.
func TestPointsLieInTheirDepartments(t *testing.T) {
	for _, c := range Communes() {
		if c.Precision != InCommune {
			continue
		}
		department := c.Code[:2]
		if department == "97" || department == "98" {
			department = c.Code[:3]
		}
		if centre, ok := departments[department]; ok && centre.Metres(c.At) > 150_000 && department != "987" && department != "988" && department != "973" {
			t.Errorf("%s (%s) is %.0f km from the middle of its department", c.Name, c.Code, centre.Metres(c.At)/1000)
		}
	}
}

func FuzzGeocode(f *testing.F) {
	for _, s := range []string{"33000", "st etienne", "12 rue Neuve, 69003 Lyon", "", ",", "\xff", "00000", "97133 Saint-Barthélemy", "ŒUVRE"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, spot := range Geocode("FR", s) {
			if spot.Label == "" || spot.Precision == "" || spot.Point == (Point{}) {
				t.Fatalf("%q is %+v", s, spot)
			}
		}
		if folded := Fold(s); Fold(folded) != folded {
			t.Fatalf("%q is folded to %q and then to %q", s, folded, Fold(folded))
		}
	})
}

func BenchmarkGazetteer(b *testing.B) {
	Communes()
	for b.Loop() {
		Geocode("FR", "Concarneau")
	}
}
