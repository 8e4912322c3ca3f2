package relay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/flow/flowtest"
	"github.com/promesse-dev/promesse/internal/relay"
)

// network is a test's own: on PostgreSQL a package's tests share a database.
func network(t *testing.T) string { return "net_" + strings.ToLower(t.Name()) }

func hours(text string) civil.Hours {
	h, err := civil.ParseHours("hours", text)
	if err != nil {
		panic(err)
	}
	return h
}

// tobacconist is a point on the quay of Concarneau.
func tobacconist(code string) relay.Point {
	return relay.Point{
		Code: code, Kind: relay.Shop, Name: "Tabac du Port", Street: "3 quai Carnot", Postcode: "29900", City: "Concarneau", Country: "FR",
		At: geo.Point{Lat: 47.8717, Lon: -3.9192}, Services: []string{relay.Send, relay.Collect},
		Limits: relay.Limits{MaxGrams: 30_000, MaxLongest: 120, MaxSum: 150},
		Hours:  hours("Mo-Fr 09:00-12:00,14:00-19:00; Sa 09:00-12:30; PH off"), Capacity: 40,
	}
}

// room is a world in which it is Monday 2 March 2026, 09:00 in Paris.
type room struct {
	*flowtest.World
	t testing.TB
	m ident.Merchant
	n string
}

func open(t *testing.T) *room {
	t.Helper()
	w := flowtest.New(t)
	return &room{World: w, t: t, m: w.Merchant(), n: network(t)}
}

func (r *room) feed(whole bool, points ...relay.Point) (fed relay.Fed) {
	r.t.Helper()
	r.Do(r.m, func(tx *flow.Tx) (err error) {
		fed, err = relay.Feed(tx, r.m, r.n, points, whole)
		return err
	})
	return fed
}

func (r *room) point(code string) (p relay.Point) {
	r.t.Helper()
	r.See(func(tx *db.Tx) (err error) {
		p, err = relay.ByCode(tx, r.n, code)
		return err
	})
	return p
}

func (r *room) told() (bodies []fact.Body) {
	r.t.Helper()
	r.See(func(tx *db.Tx) error {
		all, err := flow.Timeline(tx, r.m, string(r.m))
		for _, f := range all {
			bodies = append(bodies, f.Body)
		}
		return err
	})
	return bodies
}

func TestFeed(t *testing.T) {
	r := open(t)
	if fed := r.feed(true, tobacconist("1"), tobacconist("2")); fed.Fresh != 2 || fed.Gone != 0 {
		t.Errorf("two new points: %+v", fed)
	}
	p := r.point("1")
	want := tobacconist("1")
	want.ID, want.Network, want.Located, want.Zone, want.Seen = p.ID, r.n, relay.Exact, "Europe/Paris", p.Seen
	want.Services = []string{relay.Collect, relay.Send}
	want.Hours = want.Hours.In("FR")
	if d := cmp.Diff(want, p); d != "" || !ident.Valid[ident.Point](string(p.ID)) {
		t.Errorf("as read back: %s", d)
	}
	r.Pass(24 * time.Hour)
	if fed := r.feed(true, tobacconist("1"), tobacconist("2")); fed.Same != 2 || fed.Changed+fed.Fresh+fed.Gone != 0 {
		t.Errorf("the same list again: %+v", fed)
	}
	if again := r.point("1"); again.ID != p.ID || again.Seen <= p.Seen {
		t.Errorf("seen again: %+v", again)
	}
	r.Pass(24 * time.Hour)
	renamed := tobacconist("1")
	renamed.Name = "Tabac de la Ville close"
	if fed := r.feed(true, renamed); fed.Changed != 1 || fed.Gone != 1 || fed.Moved != nil {
		t.Errorf("one renamed, one no longer named: %+v", fed)
	}
	if gone := r.point("2"); gone.Gone.IsZero() || gone.ID == "" {
		t.Errorf("a point that is gone can be read: %+v", gone)
	}
	r.Pass(24 * time.Hour)
	if fed := r.feed(false, tobacconist("2")); fed.Fresh != 1 {
		t.Errorf("a point that is back: %+v", fed)
	}
	if back := r.point("2"); !back.Gone.IsZero() {
		t.Errorf("still gone: %+v", back)
	}
	facts := []fact.Body{
		fact.PointsFed{Network: r.n, Fresh: 2}, fact.PointsFed{Network: r.n, Changed: 1, Gone: 1}, fact.PointsFed{Network: r.n, Fresh: 1},
	}
	if d := cmp.Diff(facts, r.told()); d != "" {
		t.Errorf("a list that says what is known is no fact: %s", d)
	}
}

func TestAPointThatMovedKeepsItsIDAndSaysSo(t *testing.T) {
	for _, row := range []struct {
		law   string
		move  func(*relay.Point)
		moved bool
	}{
		{"its position corrected by 40 metres", func(p *relay.Point) { p.At.Lat += 0.0004 }, false},
		{"two streets away", func(p *relay.Point) { p.Street, p.At.Lat = "8 rue Vauban", p.At.Lat+0.003 }, true},
		{"the street's name corrected, at the same place", func(p *relay.Point) { p.Street = "3, quai Lazare Carnot" }, false},
		{"another address, and its network does not say where", func(p *relay.Point) { p.Street, p.At = "8 rue Vauban", geo.Point{} }, true},
		{"the same address, and its network no longer says where", func(p *relay.Point) { p.At = geo.Point{} }, false},
		{"other hours", func(p *relay.Point) { p.Hours = hours("Mo 09:00-12:00") }, false},
	} {
		t.Run(row.law, func(t *testing.T) {
			r := open(t)
			r.n = "moves"
			p := tobacconist(t.Name()[len(t.Name())-20:])
			r.feed(false, p)
			before := r.point(p.Code)
			r.Pass(24 * time.Hour)
			row.move(&p)
			fed := r.feed(false, p)
			after := r.point(p.Code)
			if after.ID != before.ID || fed.Changed != 1 || !after.Moved.IsZero() != row.moved || (len(fed.Moved) == 1) != row.moved {
				t.Errorf("%+v, %+v", fed, after)
			}
			if want := "3 quai Carnot, 29900 Concarneau"; row.moved && after.Was != want {
				t.Errorf("was at %q", after.Was)
			}
		})
	}
}

func TestFeedInPages(t *testing.T) {
	r := open(t)
	r.feed(true, tobacconist("1"), tobacconist("2"), tobacconist("3"))
	r.Pass(time.Hour)
	var gone int
	first := r.feed(false, tobacconist("1")).Version
	r.feed(false, tobacconist("3")) // in the same instant
	r.Do(r.m, func(tx *flow.Tx) (err error) {
		gone, err = relay.Absent(tx, r.m, r.n, first)
		return err
	})
	if gone != 1 || r.point("2").Gone.IsZero() || !r.point("1").Gone.IsZero() || !r.point("3").Gone.IsZero() {
		t.Errorf("%d are gone", gone)
	}
}

func TestFeedRefuses(t *testing.T) {
	r := open(t)
	for _, row := range []struct {
		law, field, code string
		spoil            func(*relay.Point)
	}{
		{"a point without a number", "points[1].code", "field_required", func(p *relay.Point) { p.Code = " " }},
		{"a point without a name", "points[1].name", "field_required", func(p *relay.Point) { p.Name = "" }},
		{"a number given twice", "points[1].code", "point_twice", func(p *relay.Point) { p.Code = "1" }},
		{"a kind there is not", "points[1].kind", "unknown_value", func(p *relay.Point) { p.Kind = "castle" }},
		{"a postcode that lost its zero", "points[1].postcode", "postcode_invalid", func(p *relay.Point) { p.Postcode = "1000" }},
		{"a country there is not", "points[1].country", "unknown_country", func(p *relay.Point) { p.Country = "ZZ" }},
		{"latitude and longitude that changed places", "points[1].latitude", "point_astray", func(p *relay.Point) { p.At = geo.Point{Lat: p.At.Lon, Lon: p.At.Lat} }},
		{"a latitude of 478 degrees", "points[1].latitude", "number_out_of_range", func(p *relay.Point) { p.At.Lat = 478 }},
		{"a negative weight", "points[1].max_grams", "number_out_of_range", func(p *relay.Point) { p.Limits.MaxGrams = -1 }},
		{"a zone there is not", "points[1].zone", "unknown_zone", func(p *relay.Point) { p.Zone = "Europe/Ys" }},
		{"a service that is a sentence", "points[1].services", "unknown_value", func(p *relay.Point) { p.Services = []string{"we print!"} }},
		{"a name that is no text", "points[1].name", "invalid_utf8", func(p *relay.Point) { p.Name = "\xff" }},
	} {
		p := tobacconist("2")
		row.spoil(&p)
		err := r.Try(r.m, func(tx *flow.Tx) error {
			_, err := relay.Feed(tx, r.m, r.n, []relay.Point{tobacconist("1"), p}, true)
			return err
		})
		if faults := fault.All(err); len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: got %v", row.law, err)
		}
	}
	for _, row := range []struct {
		law, network, code string
		points             []relay.Point
	}{
		{"a whole list with nothing in it", r.n, "field_required", nil},
		{"a list without end", r.n, "list_too_long", make([]relay.Point, relay.MaxFeed+1)},
		{"the stores of another", "mer_00000000000000000000000000", "not_found", []relay.Point{tobacconist("1")}},
		{"a network without a name", "", "unknown_value", []relay.Point{tobacconist("1")}},
	} {
		err := r.Try(r.m, func(tx *flow.Tx) error {
			_, err := relay.Feed(tx, r.m, row.network, row.points, true)
			return err
		})
		if !fault.Is(err, row.code) {
			t.Errorf("%s: got %v", row.law, err)
		}
	}
}

func TestWhereAPointIs(t *testing.T) {
	for _, row := range []struct {
		law, country, postcode, zone string
		at                           geo.Point
		located                      relay.Located
	}{
		{"its network said where", "FR", "29900", "Europe/Paris", geo.Point{Lat: 47.87, Lon: -3.92}, relay.Exact},
		{"it did not: about where its town is", "FR", "29900", "Europe/Paris", geo.Point{}, relay.ByCommune},
		{"in Belgium, of which we have no list", "BE", "1000", "Europe/Brussels", geo.Point{}, relay.Nowhere},
		{"on La Réunion, under its own code", "RE", "97400", "Indian/Reunion", geo.Point{Lat: -20.88, Lon: 55.45}, relay.Exact},
	} {
		p := tobacconist("1")
		p.Network, p.Country, p.Postcode, p.At = "n", row.country, row.postcode, row.at
		got, err := relay.Check("", p)
		if err != nil || got.Located != row.located || got.Zone != row.zone {
			t.Errorf("%s: %s in %s, %v", row.law, got.Located, got.Zone, err)
		}
	}
}

func TestStores(t *testing.T) {
	r := open(t)
	var first, second relay.Point
	p := tobacconist("concarneau")
	p.Kind, p.Name = "", "La boutique"
	r.Do(r.m, func(tx *flow.Tx) (err error) {
		first, err = relay.SetStore(tx, r.m, p)
		return err
	})
	p.Name = "La boutique du port"
	r.Do(r.m, func(tx *flow.Tx) (err error) {
		if second, err = relay.SetStore(tx, r.m, p); err != nil {
			return err
		}
		_, err = relay.SetStore(tx, r.m, p) // said again
		return err
	})
	if first.ID == "" || second.ID != first.ID || second.Kind != relay.Store || second.Owner() != r.m || second.Name != p.Name {
		t.Errorf("%+v, then %+v", first, second)
	}
	r.Do(r.m, func(tx *flow.Tx) error { return relay.CloseStore(tx, r.m, "concarneau") })
	r.Do(r.m, func(tx *flow.Tx) error { return relay.CloseStore(tx, r.m, "concarneau") })
	set := fact.Body(fact.StoreSet{Point: first.ID})
	if d := cmp.Diff([]fact.Body{set, set, set}, r.told()); d != "" {
		t.Errorf("opened, renamed, closed: %s", d)
	}
	if err := r.Try(r.m, func(tx *flow.Tx) error { return relay.CloseStore(tx, r.m, "nowhere") }); !fault.Is(err, "not_found") {
		t.Errorf("a store that is not there: %v", err)
	}
	r.See(func(tx *db.Tx) error {
		got, err := relay.Get(tx, first.ID)
		if err != nil || got.Gone.IsZero() {
			t.Errorf("closed: %+v, %v", got, err)
		}
		list, err := relay.List(tx, string(r.m), "", 10)
		if len(list) != 1 || list[0].ID != first.ID {
			t.Errorf("the stores: %v", list)
		}
		_, missing := relay.Get(tx, "pnt_none")
		if !fault.Is(missing, "not_found") {
			t.Errorf("no such point: %v", missing)
		}
		return err
	})
}

func TestNetworks(t *testing.T) {
	r := open(t)
	nowhere := tobacconist("2")
	nowhere.At, nowhere.Hours = geo.Point{}, civil.Hours{}
	r.feed(false, tobacconist("1"), nowhere)
	r.See(func(tx *db.Tx) error {
		all, err := relay.Networks(tx)
		i := slices.IndexFunc(all, func(n relay.Network) bool { return n.Name == r.n })
		if i < 0 {
			t.Fatalf("not among %v", all)
		}
		if n := all[i]; n.Points != 2 || n.Exact != 1 || n.Unsaid != 1 || n.Seen != tx.Now || n.IsStore {
			t.Errorf("%+v", n)
		}
		return err
	})
}

func TestTheIndexFollowsTheList(t *testing.T) {
	r := open(t)
	r.feed(false, tobacconist("1"), tobacconist("2"))
	var ix relay.Index
	refresh := func() []string {
		r.See(ix.Refresh)
		found, _ := ix.Find(relay.Query{Near: tobacconist("").At, Networks: []string{r.n}, Now: flowNow(r)})
		var codes []string
		for _, f := range found {
			codes = append(codes, f.Code)
		}
		slices.Sort(codes)
		return codes
	}
	if got := fmt.Sprint(refresh()); got != "[1 2]" {
		t.Errorf("at first: %s", got)
	}
	r.Pass(time.Hour)
	far := tobacconist("2")
	far.Postcode, far.City, far.At = "69001", "Lyon", geo.Point{Lat: 45.767, Lon: 4.834}
	r.feed(true, far, tobacconist("3"))
	if got := fmt.Sprint(refresh()); got != "[3]" {
		t.Errorf("1 is gone, 2 moved to Lyon, 3 is new: %s", got)
	}
	before := ix.Len()
	if got := fmt.Sprint(refresh()); got != "[3]" || ix.Len() != before {
		t.Errorf("nothing has changed: %s", got)
	}
}

func flowNow(r *room) (now civil.Instant) {
	r.See(func(tx *db.Tx) error {
		now = tx.Now
		return nil
	})
	return now
}

func TestFavourites(t *testing.T) {
	r := open(t)
	r.feed(false, tobacconist("1"), tobacconist("2"))
	first, second := r.point("1").ID, r.point("2").ID
	favour := func(m ident.Merchant, id ident.Point, kept bool) error {
		return r.Try(m, func(tx *flow.Tx) error { return relay.Favour(tx, m, "shp_camille", id, kept) })
	}
	kept := func() (ids []ident.Point) {
		r.See(func(tx *db.Tx) (err error) {
			ids, err = relay.Favourites(tx, r.m, "shp_camille")
			return err
		})
		return ids
	}
	for _, step := range []struct {
		law  string
		id   ident.Point
		kept bool
		want []ident.Point
	}{
		{"one is kept", first, true, []ident.Point{first}},
		{"kept again", first, true, []ident.Point{first}},
		{"another comes first", second, true, []ident.Point{second, first}},
		{"the first is dropped", first, false, []ident.Point{second}},
		{"dropped again", first, false, []ident.Point{second}},
		{"and kept anew", first, true, []ident.Point{first, second}},
	} {
		r.Pass(time.Minute)
		if err := favour(r.m, step.id, step.kept); err != nil || !slices.Equal(kept(), step.want) {
			t.Errorf("%s: %v, %v", step.law, kept(), err)
		}
	}
	if err := favour(r.m, "pnt_none", true); !fault.Is(err, "not_found") {
		t.Errorf("a point there is not: %v", err)
	}
	r.Do(r.m, func(tx *flow.Tx) error {
		_, err := relay.SetStore(tx, r.m, tobacconist("mine"))
		return err
	})
	var mine relay.Point
	r.See(func(tx *db.Tx) (err error) {
		mine, err = relay.ByCode(tx, string(r.m), "mine")
		return err
	})
	if err := favour(r.Merchant(), mine.ID, true); !fault.Is(err, "not_found") {
		t.Errorf("another's store: %v", err)
	}
}
