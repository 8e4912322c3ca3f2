package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/fault"
)

func TestNewPlace(t *testing.T) {
	for _, c := range []struct {
		law, country, postcode string
		want                   Place
		code                   string
	}{
		{"Paris", "FR", "75001", Place{"FR", "75001"}, ""},
		{"in small letters, with spaces", " fr ", " 75 001 ", Place{"FR", "75001"}, ""},
		{"with the road sign", "FR", "F-75001", Place{"FR", "75001"}, ""},
		{"with the country", "FR", "fr-75001", Place{"FR", "75001"}, ""},
		{"four figures, a zero was lost", "FR", "1000", Place{}, "postcode_invalid"},
		{"no department 96", "FR", "96000", Place{}, "postcode_invalid"},
		{"no department 00", "FR", "00100", Place{}, "postcode_invalid"},
		{"a postcode with letters", "FR", "75O01", Place{}, "postcode_invalid"},
		{"no postcode", "FR", "", Place{}, "postcode_invalid"},
		{"another country's sign", "FR", "D-75001", Place{}, "postcode_invalid"},
		{"La Réunion under its own code", "RE", "97400", Place{"FR", "97400"}, ""},
		{"La Réunion with a Paris postcode", "RE", "75001", Place{}, "postcode_invalid"},
		{"Saint-Martin under its own code", "MF", "97150", Place{"FR", "97150"}, ""},
		{"Monaco", "MC", "98000", Place{"MC", "98000"}, ""},
		{"Monaco taken for France", "FR", "98000", Place{"MC", "98000"}, ""},
		{"Brussels", "BE", "B-1000", Place{"BE", "1000"}, ""},
		{"Belgian postcodes do not begin with 0", "BE", "0100", Place{}, "postcode_invalid"},
		{"five figures in Belgium", "BE", "10000", Place{}, "postcode_invalid"},
		{"Dresden", "DE", "D-01067", Place{"DE", "01067"}, ""},
		{"no German postcode begins with 00", "DE", "00999", Place{}, "postcode_invalid"},
		{"London", "gb", "sw1a  1aa", Place{"GB", "SW1A 1AA"}, ""},
		{"Lisbon", "PT", "1000-001", Place{"PT", "1000-001"}, ""},
		{"Hong Kong has no postcodes", "HK", "", Place{"HK", ""}, ""},
		{"not a postcode anywhere", "GB", "<script>", Place{}, "postcode_invalid"},
		{"no such country", "ZZ", "75001", Place{}, "unknown_country"},
		{"a name is not a code", "France", "75001", Place{}, "unknown_country"},
		{"no country", "", "75001", Place{}, "unknown_country"},
	} {
		got, err := NewPlace(c.country, c.postcode)
		if got != c.want || (c.code == "") != (err == nil) || c.code != "" && !fault.Is(err, c.code) {
			t.Errorf("%s: got %v, %v", c.law, got, err)
		}
	}
}

func TestDepartmentAndZone(t *testing.T) {
	for _, c := range []struct {
		place      Place
		department string
		zone       Zone
	}{
		{Place{"FR", "75001"}, "75", France},
		{Place{"FR", "01000"}, "01", France},
		{Place{"FR", "20000"}, "2A", Corsica}, // Ajaccio
		{Place{"FR", "20137"}, "2A", Corsica}, // Porto-Vecchio
		{Place{"FR", "20200"}, "2B", Corsica}, // Bastia
		{Place{"FR", "20620"}, "2B", Corsica}, // Biguglia
		{Place{"FR", "97110"}, "971", Overseas},
		{Place{"FR", "97400"}, "974", Overseas},
		{Place{"FR", "97133"}, "977", Overseas},
		{Place{"FR", "97150"}, "978", Overseas},
		{Place{"FR", "98800"}, "988", Overseas},
		{Place{"MC", "98000"}, "", France},
		{Place{"BE", "1000"}, "", Belgium},
		{Place{"DE", "10115"}, "", Germany},
		{Place{"LU", "1111"}, "", Union},
		{Place{"IE", ""}, "", Union},
		{Place{"CH", "1200"}, "", World},
		{Place{"GB", "SW1A 1AA"}, "", World},
		{Place{}, "", World},
	} {
		if d := c.place.Department(); d != c.department {
			t.Errorf("%v: department %q, want %q", c.place, d, c.department)
		}
		if z := c.place.Zone(); z != c.zone {
			t.Errorf("%v: zone %q, want %q", c.place, z, c.zone)
		}
	}
}

func TestMetres(t *testing.T) {
	paris, lyon := Point{48.8566, 2.3522}, Point{45.7640, 4.8357}
	for _, c := range []struct {
		law   string
		p, q  Point
		metre float64
	}{
		{"one point", paris, paris, 0},
		{"Paris to Lyon is 392 km as the crow flies", paris, lyon, 391_500},
		{"a quarter of the equator", Point{0, 0}, Point{0, 90}, 10_007_557},
		{"across the 180th meridian", Point{0, 179.5}, Point{0, -179.5}, 111_195},
		{"pole to pole", Point{90, 0}, Point{-90, 0}, 20_015_115},
	} {
		if got := c.p.Metres(c.q); math.Abs(got-c.metre) > 0.001*c.metre {
			t.Errorf("%s: got %.0f, want %.0f", c.law, got, c.metre)
		}
	}
}

func TestPlacesAreAsFarAsTheirPeople(t *testing.T) {
	paris := Place{"FR", "75001"}
	for _, c := range []struct {
		law      string
		to       Place
		min, max float64 // km
	}{
		{"the same town", paris, 40, 40},
		{"the department next door", Place{"FR", "92100"}, 40, 40},
		{"the Rhône", Place{"FR", "69001"}, 370, 420},
		{"Corse-du-Sud", Place{"FR", "20000"}, 880, 960},
		{"La Réunion, not the centre of France", Place{"FR", "97400"}, 9200, 9500},
		{"Belgium", Place{"BE", "1000"}, 220, 320},
	} {
		got, ok := paris.Metres(c.to)
		if km := got / 1000; !ok || km < c.min || km > c.max {
			t.Errorf("%s: got %.0f km, %v", c.law, km, ok)
		}
	}
	if got, ok := paris.Metres(Place{"ZZ", ""}); ok {
		t.Errorf("a place in no country: got %.0f m", got)
	}
}

func points() *rapid.Generator[Point] {
	return rapid.Custom(func(t *rapid.T) Point {
		return Point{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
	})
}

func TestDistanceIsADistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q, r := points().Draw(t, "p"), points().Draw(t, "q"), points().Draw(t, "r")
		pq, qr, pr := p.Metres(q), q.Metres(r), p.Metres(r)
		if pq < 0 || pq > 20_015_116 || math.Abs(pq-q.Metres(p)) > 1e-3 || p.Metres(p) != 0 {
			t.Fatalf("%v to %v is %f", p, q, pq)
		}
		if pr > pq+qr+1e-3 {
			t.Fatalf("a way round is shorter: %v %v %v", p, q, r)
		}
	})
}

func FuzzNewPlaceGivesOneForm(f *testing.F) {
	for _, s := range [][2]string{{"fr", "F-75 001"}, {"RE", "97400"}, {"FR", "98000"}, {"GB", "sw1a 1aa"}, {"", ""}, {"BE", "B-B-1000"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, country, postcode string) {
		p, err := NewPlace(country, postcode)
		if err != nil {
			return
		}
		if again, err := NewPlace(p.Country, p.Postcode); err != nil || again != p {
			t.Fatalf("%q %q is %v, then %v, %v", country, postcode, p, again, err)
		}
		if _, ok := p.Centre(); !ok {
			t.Fatalf("%v is nowhere", p)
		}
	})
}
