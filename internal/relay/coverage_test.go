package relay_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/relay"
)

// village is a commune so many metres east of the quay.
func village(name string, metres float64, people int) geo.Commune {
	return geo.Commune{Code: name, Name: name, Inhabitants: people, At: placed("", metres, nil).At, Precision: geo.InCommune}
}

// monday is that of a week without holidays; november that of 11 November 2026.
var (
	monday   = civil.Date(2026, time.November, 23)
	november = civil.Date(2026, time.November, 9)
)

func TestCover(t *testing.T) {
	points := []relay.Point{
		placed("port", 0, func(p *relay.Point) { p.Hours = hours("Mo-Fr 09:00-12:00,14:00-19:00; PH off") }),
		placed("bourg", 4000, func(p *relay.Point) { p.Hours = hours("Mo-Sa 10:00-20:00; PH off") }),
		placed("muet", 100_000, func(p *relay.Point) { p.Hours = civil.Hours{} }),
		placed("gone", 20_000, func(p *relay.Point) { p.Gone = 1 }),
		placed("nowhere", 20_000, func(p *relay.Point) { p.Located = relay.Nowhere }),
	}
	communes := []geo.Commune{
		village("Port", 100, 10_000), village("Entre", 2000, 3000), village("Bourg", 4100, 2000), village("Muet", 100_500, 700),
		village("Loin", 20_000, 400), village("Voisin", 22_000, 300), village("Ailleurs", 50_000, 500),
		{Name: "Flou", Inhabitants: 999, At: points[0].At, Precision: geo.Nearby},
	}
	c := relay.Cover(points, communes, relay.Covering{Week: monday, Reach: 3000, Most: 5})
	for _, row := range []struct {
		law       string
		got, want int
	}{
		{"points that are there", c.Points, 4},
		{"of which one is nowhere", c.Nowhere, 1},
		{"and one said no hours", c.Unsaid, 1},
		{"people whose commune has a middle", c.People, 16_900},
		{"those whose has none are told apart", c.Unlocated, 999},
		{"near a point, open or not", c.Near, 15_700},
		{"Monday 09:30: only the port is open", c.Open[0][9], 13_000},
		{"Monday 10:30: both, and nobody counts twice", c.Open[0][10], 15_000},
		{"Monday 12:30: only the village", c.Open[0][12], 5000},
		{"Monday 19:30: only the village", c.Open[0][19], 5000},
		{"Monday 20:30: nobody", c.Open[0][20], 0},
		{"Saturday 10:30: only the village", c.Open[5][10], 5000},
		{"Sunday: nobody", c.Open[6][10], 0},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %d, want %d", row.law, row.got, row.want)
		}
	}
	if got := relay.Cover(points, communes, relay.Covering{Week: november, Reach: 3000}); got.Open[2][10] != 0 || got.Open[1][10] != 15_000 {
		t.Errorf("Wednesday 11 November 10:30: %d; the day before: %d", got.Open[2][10], got.Open[1][10])
	}
	var words string
	for _, o := range c.Openings {
		words += fmt.Sprint(o.Commune.Name, " ", o.People, "; ")
	}
	if words != "Loin 700; Ailleurs 500; " {
		t.Errorf("where to open: %s", words)
	}
	words = ""
	for _, e := range c.Extended {
		words += fmt.Sprint(e.Point.Code, " day ", e.Day, " hour ", e.Hour, " ", e.People, "; ")
	}
	if words != "port day 0 hour 7 13000; bourg day 0 hour 7 5000; " {
		t.Errorf("which hours to extend: %s", words)
	}
}

func TestCoverOfNothing(t *testing.T) {
	c := relay.Cover(nil, geo.Communes(), relay.Covering{Week: monday, Reach: 5000, Most: 3})
	if c.Near != 0 || c.Points != 0 || len(c.Extended) != 0 || len(c.Openings) != 3 || c.Openings[0].People < 2_000_000 {
		t.Errorf("no points, and the first would not stand by Paris: %+v", c.Openings)
	}
	if share := float64(c.Unlocated) / float64(c.People+c.Unlocated); share < 0.16 || share > 0.19 {
		t.Errorf("%.3f of the people have no point", share)
	}
}

// A point more never covers fewer people, and nobody is near an open point
// without being near a point.
func TestAPointMoreCoversNoFewer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var communes []geo.Commune
		for i := range rapid.IntRange(1, 12).Draw(t, "communes") {
			communes = append(communes, village(fmt.Sprint(i), float64(rapid.IntRange(0, 30_000).Draw(t, "at")), rapid.IntRange(0, 5000).Draw(t, "people")))
		}
		var points []relay.Point
		for i := range rapid.IntRange(1, 6).Draw(t, "points") {
			points = append(points, placed(fmt.Sprint(i), float64(rapid.IntRange(0, 30_000).Draw(t, "at")), nil))
		}
		in := relay.Covering{Week: monday, Reach: 4000, Most: 20}
		fewer, all := relay.Cover(points[1:], communes, in), relay.Cover(points, communes, in)
		if all.Near < fewer.Near || all.Near > all.People {
			t.Fatalf("near: %d, then %d of %d", fewer.Near, all.Near, all.People)
		}
		for d := range 7 {
			for h := range 24 {
				if all.Open[d][h] < fewer.Open[d][h] || all.Open[d][h] > all.Near {
					t.Fatalf("day %d, hour %d: %d, then %d of %d", d, h, fewer.Open[d][h], all.Open[d][h], all.Near)
				}
			}
		}
		gained := 0
		for _, o := range all.Openings {
			gained += o.People
		}
		if gained > all.People-all.Near {
			t.Fatalf("%d would gain a point, and %d have none", gained, all.People-all.Near)
		}
	})
}
