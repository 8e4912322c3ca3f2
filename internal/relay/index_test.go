package relay_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

// placed is a point a number of metres east of the quay.
func placed(code string, metres float64, change func(*relay.Point)) relay.Point {
	p := tobacconist(code)
	p.ID, p.Network, p.Zone, p.Located = ident.Point("pnt_"+code), "mondial_relay", "Europe/Paris", relay.Exact
	p.At.Lon += metres / 111_195 / math.Cos(p.At.Lat*math.Pi/180)
	if change != nil {
		change(&p)
	}
	p.Hours = p.Hours.In("FR")
	return p
}

func local(text string) civil.Instant {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, flowtest.Paris)
	if err != nil {
		panic(err)
	}
	return civil.At(t)
}

// told writes a search's answer: those found, then those passed over and why.
func told(found []relay.Found, left []relay.Unfit) string {
	var words []string
	for _, f := range found {
		words = append(words, f.Code)
	}
	for _, u := range left {
		words = append(words, u.Code+":"+string(u.Reason))
	}
	return strings.Join(words, " ")
}

func TestFind(t *testing.T) {
	var ix relay.Index
	err := ix.Put(
		placed("shop", 100, nil),
		placed("locker", 200, func(p *relay.Point) {
			p.Kind, p.Hours, p.Services, p.Limits = relay.Locker, hours("24/7"), []string{relay.Collect}, relay.Limits{MaxGrams: 20_000, MaxLongest: 60, MaxSum: 140}
		}),
		placed("silent", 300, func(p *relay.Point) { p.Hours, p.Limits = civil.Hours{}, relay.Limits{} }),
		placed("post", 400, func(p *relay.Point) {
			p.Network, p.Kind, p.Hours = "colissimo", relay.PostOffice, hours("Mo-Fr 09:00-17:00")
		}),
		placed("mine", 500, func(p *relay.Point) { p.Network, p.Kind = "mer_mine", relay.Store }),
		placed("gone", 50, func(p *relay.Point) { p.Gone = 1 }),
		placed("nowhere", 50, func(p *relay.Point) { p.Located, p.At = relay.Nowhere, geo.Point{} }),
	)
	if err != nil {
		t.Fatal(err)
	}
	tuesday, lunch, eve, holiday := local("2026-11-24 10:00"), local("2026-11-24 12:30"), local("2026-11-10 19:30"), local("2026-11-11 10:00")
	for _, row := range []struct {
		law  string
		q    relay.Query
		want string
	}{
		{"all carriers' points, the nearest first", relay.Query{Now: tuesday}, "shop locker silent post"},
		{"one network", relay.Query{Now: tuesday, Networks: []string{"colissimo"}}, "post"},
		{"and the merchant's own stores", relay.Query{Now: tuesday, Networks: []string{"colissimo"}, Owner: "mer_mine"}, "post mine"},
		{"not another's", relay.Query{Now: tuesday, Owner: "mer_other"}, "shop locker silent post"},
		{"the two nearest", relay.Query{Now: tuesday, Limit: 2}, "shop locker"},
		{"lockers", relay.Query{Now: tuesday, Kinds: []relay.Kind{relay.Locker}}, "locker shop:other_kind silent:other_kind post:other_kind"},
		{"where one can send", relay.Query{Now: tuesday, Service: relay.Send}, "shop silent post locker:no_service"},
		{"30.000 kg", relay.Query{Now: tuesday, Grams: 30_000}, "shop silent post locker:too_heavy"},
		{"30.001 kg: where no limit was said, it may do", relay.Query{Now: tuesday, Grams: 30_001}, "silent shop:too_heavy locker:too_heavy post:too_heavy"},
		{"1.20 m long", relay.Query{Now: tuesday, Longest: 120}, "shop silent post locker:too_long"},
		{"1.45 m around", relay.Query{Now: tuesday, Sum: 145}, "shop silent post locker:too_large"},
		{"open now, on Tuesday at 10:00", relay.Query{Now: tuesday, Open: true}, "shop locker post silent:hours_unsaid"},
		{"open now, on Tuesday at 12:30", relay.Query{Now: lunch, Open: true}, "locker post shop:closed_now silent:hours_unsaid"},
		{"open now, on 11 November: the post office said nothing of holidays, nor the locker", relay.Query{Now: holiday, Open: true}, "shop:closed_now locker:hours_unsaid silent:hours_unsaid post:hours_unsaid"},
		{"open when I can come, on Tuesday at 18:00", relay.Query{Now: tuesday, OpenAt: local("2026-11-24 18:00")}, "shop locker silent:hours_unsaid post:closed_then"},
		{"my hold ends on Wednesday at noon", relay.Query{Now: lunch, Until: local("2026-11-25 12:00")}, "shop locker post silent:hours_unsaid"},
		{"my hold ends with the holiday: closed all that time", relay.Query{Now: eve, Until: local("2026-11-12 00:00")}, "locker shop:closed_all_hold silent:hours_unsaid post:closed_all_hold"},
		{"my hold ends the minute it opens", relay.Query{Now: eve, Until: local("2026-11-12 09:00")}, "locker shop:closed_all_hold silent:hours_unsaid post:closed_all_hold"},
		{"my parcel comes when the shop has closed for the night", relay.Query{Now: local("2026-11-10 12:30"), Since: eve, Until: local("2026-11-12 09:00")}, "locker shop:closed_all_hold silent:hours_unsaid post:closed_all_hold"},
		{"my hold ends a minute after", relay.Query{Now: eve, Until: local("2026-11-12 09:01")}, "shop locker post silent:hours_unsaid"},
	} {
		row.q.Near = tobacconist("").At
		if got := told(ix.Find(row.q)); got != row.want {
			t.Errorf("%s: got %q, want %q", row.law, got, row.want)
		}
	}
	found, _ := ix.Find(relay.Query{Near: tobacconist("").At, Now: lunch})
	if f := found[0]; f.OpenNow || f.Opens.From != local("2026-11-24 14:00") || math.Abs(f.Metres-100) > 1 {
		t.Errorf("the shop at 12:30: %v, %v, %.1f m", f.OpenNow, f.Opens, f.Metres)
	}
	if f := found[1]; !f.OpenNow {
		t.Error("the locker is closed")
	}
	if f := found[2]; f.OpenNow || f.Opens != (civil.Interval{}) {
		t.Errorf("a point that said no hours: %v", f.Opens)
	}
}

func TestFindStopsWhereNobodyGoes(t *testing.T) {
	var ix relay.Index
	if err := ix.Put(placed("far", 200_000, nil), placed("near", 100_000, nil)); err != nil {
		t.Fatal(err)
	}
	if got := told(ix.Find(relay.Query{Near: tobacconist("").At})); got != "near" {
		t.Errorf("got %q", got)
	}
	if got := told(new(relay.Index).Find(relay.Query{})); got != "" {
		t.Errorf("an empty index: %q", got)
	}
}

func TestFindAcrossThe180thMeridian(t *testing.T) {
	var ix relay.Index
	err := ix.Put(
		placed("west", 0, func(p *relay.Point) { p.At = geo.Point{Lat: -16.5, Lon: 179.95} }),
		placed("east", 0, func(p *relay.Point) { p.At = geo.Point{Lat: -16.5, Lon: -179.99} }),
	)
	if err != nil {
		t.Fatal(err)
	}
	if got := told(ix.Find(relay.Query{Near: geo.Point{Lat: -16.5, Lon: 179.995}})); got != "east west" {
		t.Errorf("got %q", got)
	}
}

// What is found is what a look at every point finds.
func TestFindIsTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		around := func(name string) geo.Point {
			return geo.Point{Lat: rapid.Float64Range(41, 51).Draw(t, name+" lat"), Lon: rapid.Float64Range(-5, 9).Draw(t, name+" lon")}
		}
		var ix relay.Index
		var points []relay.Point
		for i := range rapid.IntRange(0, 60).Draw(t, "points") {
			p := placed(fmt.Sprint(i), 0, func(p *relay.Point) { p.At = around("point") })
			if rapid.Bool().Draw(t, "closed") {
				p.Hours = hours("Mo-Su off")
			}
			points = append(points, p)
		}
		if err := ix.Put(points...); err != nil {
			t.Fatal(err)
		}
		q := relay.Query{Near: around("me"), Now: local("2026-11-24 10:00"), Open: true, Limit: rapid.IntRange(1, 10).Draw(t, "limit")}
		found, left := ix.Find(q)
		points = slices.DeleteFunc(points, func(p relay.Point) bool {
			return !p.Hours.OpenAt(q.Now, flowtest.Paris) || q.Near.Metres(p.At) > 150_000
		})
		slices.SortFunc(points, func(a, b relay.Point) int {
			return cmp.Or(cmp.Compare(q.Near.Metres(a.At), q.Near.Metres(b.At)), cmp.Compare(a.Code, b.Code))
		})
		points = points[:min(len(points), q.Limit)]
		var want, got []float64 // two that lie on one spot may change places
		for _, p := range points {
			want = append(want, q.Near.Metres(p.At))
		}
		for _, f := range found {
			if f.Metres < 150_000 {
				got = append(got, f.Metres)
			}
		}
		if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 0.01 }) {
			t.Fatalf("found %v, want %v", got, want)
		}
		for _, u := range left {
			if u.Reason != relay.ClosedNow {
				t.Fatalf("%s was passed over: %s", u.Code, u.Reason)
			}
		}
	})
}

func TestTheIndexIsReadWhileItChanges(t *testing.T) {
	var ix relay.Index
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			for range 200 {
				found, _ := ix.Find(relay.Query{Near: tobacconist("").At, Now: local("2026-11-24 10:00"), Limit: 200})
				if n := len(found); n != 0 && n%10 != 0 {
					t.Errorf("half a change: %d", n)
				}
			}
		})
	}
	for i := range 10 {
		var batch []relay.Point
		for j := range 10 {
			batch = append(batch, placed(fmt.Sprint(i*10+j), float64(i*10+j), nil))
		}
		if err := ix.Put(batch...); err != nil {
			t.Error(err)
		}
	}
	wait.Wait()
}
