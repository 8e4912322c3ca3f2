package promise

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/geo"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

var (
	creuse = geo.Place{Country: "FR", Postcode: "23000"}
	paris  = geo.Place{Country: "FR", Postcode: "75001"}
)

// remembered is what history knows of a source, as text.
func (s *shop) remembered(source string) (got string) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		rows, err := db.All(tx, sqlTransits, scanTransit, s.m, db.In([]string{source}))
		for _, t := range rows {
			got += fmt.Sprintf("%s handed %v arrived %v closed %v", t.zone, t.handed, t.arrived, t.closed)
		}
		return err
	})
	return got
}

func TestHistoryLearnsFromScans(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	p := s.ship(c.Order, "P1", 0)
	zone := carrier.LaneZone(lyon)
	steps := []struct {
		law  string
		scan carrier.Report
		want string
	}{
		{"announced: nothing yet", s.scan("P1", fact.Pending, "2026-03-02 10:00"), ""},
		{"the carrier has it: on the road", s.scan("P1", fact.PickedUp, "2026-03-03 17:00"), zone + " handed 2026-03-03 arrived  closed "},
		{"from depot to depot: no change", s.scan("P1", fact.ArrivedLocal, "2026-03-04 05:00"), zone + " handed 2026-03-03 arrived  closed "},
		{"tried in vain: the carrier did its part", s.scan("P1", fact.FailedAttempt, "2026-03-05 11:00"), zone + " handed 2026-03-03 arrived 2026-03-05 closed "},
		{"delivered later: still the first presentation", s.scan("P1", fact.Delivered, "2026-03-06 11:00"), zone + " handed 2026-03-03 arrived 2026-03-05 closed "},
		{"a scan of an earlier day comes late: history is put right", s.scan("P1", fact.PickedUp, "2026-03-02 18:00"), zone + " handed 2026-03-02 arrived 2026-03-05 closed "},
	}
	s.At("2026-03-07 12:00")
	for _, step := range steps {
		s.hear(step.scan)
		if d := cmp.Diff(step.want, s.remembered(string(p.ID))); d != "" {
			t.Errorf("%s: %s", step.law, d)
		}
	}
}

func TestALostParcelLeavesTheRoad(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-10")
	p := s.ship(c.Order, "P1", 0)
	s.At("2026-03-07 12:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-03 17:00"), s.scan("P1", fact.Lost, "2026-03-06"))
	want := carrier.LaneZone(lyon) + " handed 2026-03-03 arrived  closed 2026-03-06"
	if d := cmp.Diff(want, s.remembered(string(p.ID))); d != "" {
		t.Error(d)
	}
}

// settled is the record of promises to Lyon for days before one.
func (s *shop) settled(before string) (own, service Record) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		if own, _, err = db.One(tx, sqlRecord, scanRecord, s.m, ownLane(s.home.ID, carrier.LaneZone(lyon)), day(before)); err != nil {
			return err
		}
		service, _, err = db.One(tx, sqlRecord, scanRecord, s.m, serviceLane(s.home.ID), day(before))
		return err
	})
	return own, service
}

func TestHistoryRecordsWhatBecameOfQuotes(t *testing.T) {
	s := open(t)
	s.ship(s.owe(1, "2026-03-05").Order, "P1", 0)
	s.At("2026-03-09 12:00")
	steps := []struct {
		law    string
		scan   carrier.Report
		before string
		want   Record
	}{
		{"on the road: nothing is settled", s.scan("P1", fact.PickedUp, "2026-03-03 17:00"), "2026-04-01", Record{}},
		{"came on Friday, promised for Thursday: missed", s.scan("P1", fact.Delivered, "2026-03-06 10:00"), "2026-03-06", Record{Due: 1, Missed: 1}},
		{"it had been presented on Thursday, told late: kept", s.scan("P1", fact.FailedAttempt, "2026-03-05 10:00"), "2026-03-06", Record{Due: 1}},
		{"it is due when Thursday has ended", s.scan("P1", fact.PickedUp, "2026-03-02 17:00"), "2026-03-05", Record{}},
	}
	for _, step := range steps {
		s.hear(step.scan)
		if own, service := s.settled(step.before); own != step.want || service != step.want {
			t.Errorf("%s: got %+v, the service %+v", step.law, own, service)
		}
	}
}

func TestWhatIsNoQuoteOfAnEstimateIsNotRecorded(t *testing.T) {
	for _, c := range []struct {
		law  string
		live func(s *shop, number string)
	}{
		{"the carrier's standard said", func(s *shop, number string) {
			p := s.promised("2026-03-05")
			p.Basis, p.Confidence = BasisStandard, 0
			s.ship(s.commit(s.place(1), p).Order, number, 0)
		}},
		{"the law said", func(s *shop, number string) {
			o := s.place(1)
			s.Do(s.m, func(tx *flow.Tx) error {
				_, err := CommitByLaw(tx, s.m, Unpromised{Order: o, Shopper: s.camille, Service: s.home.ID, Zone: "Europe/Paris", Locale: lang.French})
				return err
			})
			s.ship(o, number, 0)
		}},
		{"another service was quoted", func(s *shop, number string) {
			p := s.promised("2026-03-05")
			p.Service = s.relay.ID
			s.ship(s.commit(s.place(1), p).Order, number, 0)
		}},
		{"a box announced after the deadline", func(s *shop, number string) {
			o := s.owe(1, "2026-03-05").Order
			s.At("2026-03-06 08:00")
			s.ship(o, number, 0)
		}},
	} {
		s := open(t)
		c.live(s, "P1")
		s.At("2026-03-09 12:00")
		s.hear(s.scan("P1", fact.PickedUp, "2026-03-06 09:00"), s.scan("P1", fact.Delivered, "2026-03-09 10:00"))
		if own, service := s.settled("2026-06-01"); own != (Record{}) || service != (Record{}) {
			t.Errorf("%s: got %+v, the service %+v", c.law, own, service)
		}
	}
}

func TestADateTheShopperChoseDoesNotHideWhatWasQuoted(t *testing.T) {
	s := open(t)
	c := s.owe(1, "2026-03-05")
	s.ship(c.Order, "P1", 0)
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := Amend(tx, s.m, c.ID, Amendment{Until: local("2026-03-11 00:00"), By: fact.ByShopper, Shown: "mardi", Locale: lang.French})
		return err
	})
	s.At("2026-03-09 12:00")
	s.hear(s.scan("P1", fact.PickedUp, "2026-03-03 17:00"), s.scan("P1", fact.Delivered, "2026-03-09 10:00"))
	if own, _ := s.settled("2026-03-06"); own != (Record{Due: 1, Missed: 1}) {
		t.Errorf("got %+v", own)
	}
}

// past imports so many parcels to a place that took so many working days each,
// the last handed over on Friday 27 February.
func (s *shop) past(m ident.Merchant, service ident.Service, to geo.Place, n, days int) {
	s.T.Helper()
	s.made++
	var ds []Delivery
	for i := range n {
		handed := mondayToFriday.Add(day("2026-02-20"), -i%20)
		ds = append(ds, Delivery{
			Reference: fmt.Sprintf("old-%d-%d", s.made, i), Service: service, To: to, Handed: handed, Arrived: mondayToFriday.Add(handed, days),
		})
	}
	s.Do(m, func(tx *flow.Tx) error {
		added, err := Imported(tx, m, ds)
		if err == nil && added != n {
			return fmt.Errorf("added %d of %d", added, n)
		}
		return err
	})
}

// estimate asks for the home service to a place.
func (s *shop) estimate(c *Curves, m ident.Merchant, service carrier.Service, to geo.Place) (e Estimate) {
	s.T.Helper()
	s.See(func(tx *db.Tx) error {
		es, err := c.For(tx, m, []Road{{service, carrier.LaneZone(to)}}, day("2026-03-02"))
		if err == nil {
			e = es[0]
		}
		return err
	})
	return e
}

func TestAnEstimateStandsOnTheNearestHistoryThatSuffices(t *testing.T) {
	s := open(t)
	look := func(to geo.Place) Estimate { return s.estimate(s.curves, s.m, s.home, to) }
	if e := look(lyon); e.Basis != BasisStandard || e.all.N != 0 {
		t.Fatalf("no history: %+v", e)
	}
	s.past(s.m, s.home.ID, lyon, 29, 1)
	if e := look(lyon); e.Basis != BasisStandard {
		t.Fatalf("29 parcels: %s", e.Basis)
	}
	s.past(s.m, s.home.ID, lyon, 1, 1)
	if e := look(lyon); e.Basis != BasisOwn || e.all.N != 30 || e.all.KeptBy(1) != 1 {
		t.Errorf("30 parcels: %+v", e)
	}
	if e := look(creuse); e.Basis != BasisService || e.all.N != 30 {
		t.Errorf("none to Creuse: %+v", e)
	}
	s.past(s.m, s.home.ID, creuse, 30, 3)
	if e := look(creuse); e.Basis != BasisOwn || e.all.KeptBy(2) != 0 || e.all.KeptBy(3) != 1 {
		t.Errorf("30 to Creuse: %+v", e)
	}
	if e := look(paris); e.Basis != BasisService || e.all.N != 60 || e.all.KeptBy(1) != 0.5 {
		t.Errorf("none to Paris: %+v", e)
	}
	if e := s.estimate(s.curves, s.m, s.relay, lyon); e.Basis != BasisStandard {
		t.Errorf("another service: %s", e.Basis)
	}
}

func TestParcelsAllOnTheRoadAreNoHistory(t *testing.T) {
	s := open(t)
	var ds []Delivery
	for i := range 40 {
		ds = append(ds, Delivery{Reference: fmt.Sprint(i), Service: s.home.ID, To: lyon, Handed: day("2026-02-27"), Arrived: civil.NoDay})
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := Imported(tx, s.m, ds)
		return err
	})
	if e := s.estimate(s.curves, s.m, s.home, lyon); e.Basis != BasisStandard {
		t.Errorf("%+v", e)
	}
}

func TestParcelsOnTheRoadAreADayOlderAfterMidnight(t *testing.T) {
	s := open(t)
	s.past(s.m, s.home.ID, lyon, 50, 2)
	var ds []Delivery
	for i := range 50 {
		ds = append(ds, Delivery{Reference: fmt.Sprint(i), Service: s.home.ID, To: lyon, Handed: day("2026-02-27"), Arrived: civil.NoDay})
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := Imported(tx, s.m, ds)
		return err
	})
	by := func(today string) (kept float64) {
		s.See(func(tx *db.Tx) error {
			es, err := s.curves.For(tx, s.m, []Road{{s.home, carrier.LaneZone(lyon)}}, day(today))
			kept = es[0].all.KeptBy(2)
			return err
		})
		return kept
	}
	// On Tuesday the fifty may still arrive within two days; on Wednesday it is known that they did not.
	if tuesday, wednesday := by("2026-03-03"), by("2026-03-04"); tuesday != 1 || math.Abs(wednesday-0.5) > 1e-9 {
		t.Errorf("Tuesday %v, Wednesday %v", tuesday, wednesday)
	}
}

func TestEveryNodeSeesThatHistoryChanged(t *testing.T) {
	s := open(t)
	other := NewCurves()
	s.past(s.m, s.home.ID, lyon, 30, 1)
	if e := s.estimate(other, s.m, s.home, lyon); e.all.N != 30 {
		t.Fatal(e.all.N)
	}
	s.past(s.m, s.home.ID, lyon, 10, 2)
	if e := s.estimate(other, s.m, s.home, lyon); e.all.N != 40 {
		t.Errorf("%d parcels", e.all.N)
	}
}

var errChangedMyMind = errors.New("changed my mind")

func TestWhatWasNeverCommittedTeachesNothing(t *testing.T) {
	s := open(t)
	s.past(s.m, s.home.ID, lyon, 30, 1)
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := Imported(tx, s.m, []Delivery{{Reference: "x", Service: s.home.ID, To: lyon, Handed: day("2026-02-20"), Arrived: day("2026-02-27")}})
		if err != nil {
			return err
		}
		if _, err := s.curves.For(tx.Tx, s.m, []Road{{s.home, carrier.LaneZone(lyon)}}, day("2026-03-02")); err != nil {
			return err
		}
		return errChangedMyMind
	})
	if !errors.Is(err, errChangedMyMind) {
		t.Fatal(err)
	}
	s.past(s.m, s.home.ID, lyon, 1, 1)
	if e := s.estimate(s.curves, s.m, s.home, lyon); e.all.N != 31 || e.all.KeptBy(1) != 1 {
		t.Errorf("%d parcels, %v by the first day", e.all.N, e.all.KeptBy(1))
	}
}

// load imports parcels to Lyon by their days; "" for one on the road.
func (s *shop) load(n int, handed, arrived string) {
	s.T.Helper()
	s.made++
	d := Delivery{Service: s.home.ID, To: lyon, Handed: day(handed), Arrived: civil.NoDay}
	if arrived != "" {
		d.Arrived = day(arrived)
	}
	var ds []Delivery
	for i := range n {
		d.Reference = fmt.Sprintf("load-%d-%d", s.made, i)
		ds = append(ds, d)
	}
	s.Do(s.m, func(tx *flow.Tx) error {
		_, err := Imported(tx, s.m, ds)
		return err
	})
}

func TestTheWindowOfALane(t *testing.T) {
	s := open(t) // Monday 2 March; four weeks are from Monday 2 February on
	look := func() Curve { return s.estimate(s.curves, s.m, s.home, lyon).all }
	s.load(99, "2025-12-01", "2025-12-03")
	if c := look(); c.N != 99 || c.KeptBy(1) != 0 || c.KeptBy(2) != 1 {
		t.Errorf("fewer than 200 are known, all are looked at: %d parcels, %v by the first day", c.N, c.KeptBy(1))
	}
	s.load(60, "2025-12-05", "2025-12-09")
	s.load(150, "2026-02-09", "2026-02-10")
	if c := look(); c.N != 210 {
		t.Errorf("150 came in four weeks, and before them whole days until there are 200: %d parcels", c.N)
	}
	s.load(50, "2026-02-11", "2026-02-12")
	if c := look(); c.N != 200 || c.KeptBy(1) != 1 {
		t.Errorf("200 came in four weeks, no other is looked at: %d parcels, %v by the first day", c.N, c.KeptBy(1))
	}
	s.load(200, "2026-02-27", "2026-03-02")
	if c := look(); c.N != 400 || c.KeptBy(1) != 1 {
		t.Errorf("what came today has not come this morning: %d parcels, %v by the first day", c.N, c.KeptBy(1))
	}
	s.load(9, "2026-03-02", "2026-03-02")
	s.load(9, "2026-03-03", "")
	if c := look(); c.N != 400 {
		t.Errorf("what the carrier got today it did not have this morning: %d parcels", c.N)
	}
	s.load(7, "2025-11-03", "")
	if c := look(); c.N != 400 || c.Hope(-1) != 1 {
		t.Errorf("what was given up before the window began is not looked at: %d parcels, hope %v", c.N, c.Hope(-1))
	}
	s.load(3, "2026-02-16", "")
	if c := look(); c.N != 400 || c.Hope(-1) == 1 {
		t.Errorf("what was given up in it is: %d parcels, hope %v", c.N, c.Hope(-1))
	}
}

func TestImportingTwiceAddsNothing(t *testing.T) {
	s := open(t)
	d := Delivery{Reference: "r1", Service: s.home.ID, To: lyon, Handed: day("2026-02-20"), Arrived: civil.NoDay}
	load := func(ds ...Delivery) (added int) {
		s.Do(s.m, func(tx *flow.Tx) (err error) {
			added, err = Imported(tx, s.m, ds)
			return err
		})
		return added
	}
	if n := load(d, d); n != 1 {
		t.Errorf("first time: %d", n)
	}
	if n := load(d); n != 0 {
		t.Errorf("second time: %d", n)
	}
	d.Arrived = day("2026-02-24")
	if n := load(d); n != 0 {
		t.Errorf("once it arrived: %d", n)
	}
	want := carrier.LaneZone(lyon) + " handed 2026-02-20 arrived 2026-02-24 closed "
	if diff := cmp.Diff(want, s.remembered("ref:"+string(s.home.ID)+":r1")); diff != "" {
		t.Error(diff)
	}
	err := s.Try(s.m, func(tx *flow.Tx) error {
		_, err := Imported(tx, s.m, []Delivery{{Reference: "r2", Service: "srv_none", To: lyon}})
		return err
	})
	if !fault.Is(err, "not_found") {
		t.Errorf("unknown service: %v", err)
	}
}

func TestHistoryIsPooledOnlyThroughANetworkAndAmongFive(t *testing.T) {
	s := open(t)
	network := s.organisation(merchant.Network)
	mine, home := s.m, s.home
	peers := []ident.Merchant{mine}
	for range 4 {
		m := s.organisation(merchant.Merchant)
		s.settle(m)
		s.past(m, s.home.ID, lyon, 20, 1)
		peers = append(peers, m)
	}
	look := func() Estimate { return s.estimate(s.curves, mine, home, lyon) }
	if e := look(); e.Basis != BasisStandard {
		t.Fatalf("no grant: %s", e.Basis)
	}
	grants := map[ident.Merchant]ident.Grant{}
	for _, m := range peers {
		s.Do(m, func(tx *flow.Tx) (err error) {
			grants[m], err = merchant.Grant(tx, m, network, merchant.PoolHistory)
			return err
		})
	}
	if e := look(); e.Basis != BasisStandard {
		t.Fatalf("five share, four have anything to share: %s", e.Basis)
	}
	s.past(mine, home.ID, lyon, 1, 1)
	if e := look(); e.Basis != BasisPool || e.all.N != 81 {
		t.Fatalf("five contribute: %s of %d", e.Basis, e.all.N)
	}
	s.past(peers[1], s.services(peers[1])[0].ID, lyon, 1, 1)
	if e := look(); e.all.N != 82 {
		t.Errorf("another's history changed: %d", e.all.N)
	}
	s.Do(peers[1], func(tx *flow.Tx) error { return merchant.RevokeGrant(tx, peers[1], grants[peers[1]]) })
	if e := look(); e.Basis != BasisStandard {
		t.Errorf("four are left: %s", e.Basis)
	}
}

func (s *shop) services(m ident.Merchant) (all []carrier.Service) {
	s.T.Helper()
	s.See(func(tx *db.Tx) (err error) {
		all, err = carrier.Services(tx, m)
		return err
	})
	return all
}
