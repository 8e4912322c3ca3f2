package tracking

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/carrier"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// bike connects a second carrier.
func (s *shop) bike() (id ident.Connection) {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		c, err := carrier.Connect(tx, s.m, carrier.Connection{Adapter: "simulated", Name: "Bike", Zone: "Europe/Paris"})
		id = c.ID
		return err
	})
	return id
}

func TestAParcelTravelsUnderTheNumbersOfItsLegs(t *testing.T) {
	s := open(t, world(t))
	p, quiet := s.announce("8r-0001", s.home), s.announce("8R0002", s.home)
	first := s.Clock().Now()
	s.Pass(time.Hour)
	bike := s.bike()
	s.Do(s.m, func(tx *flow.Tx) error { return AddLeg(tx, s.m, p, bike, "b 77") })
	s.See(func(tx *db.Tx) error {
		got, err := Legs(tx, s.m, []ident.Parcel{p, quiet})
		want := map[ident.Parcel][]Leg{
			p: {
				{p, s.line, carrier.FoldNumber("8r-0001"), first},
				{p, bike, carrier.FoldNumber("b 77"), first.Add(time.Hour)},
			},
			quiet: {{quiet, s.line, carrier.FoldNumber("8R0002"), first}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		return err
	})
}

func TestANumberLeadsToItsParcelsWhoseverTheyAre(t *testing.T) {
	w := world(t)
	s, other := open(t, w), open(t, w)
	number := "N" + string(s.m[4:]) // on PostgreSQL other tests' parcels are in the database too
	mine, theirs := s.announce(number, s.home), other.announce(number, other.home)
	bike := s.bike()
	s.Do(s.m, func(tx *flow.Tx) error { return AddLeg(tx, s.m, mine, bike, number+"B") })
	for _, c := range []struct {
		law, number string
		want        []Holder
	}{
		{"two merchants' parcels of one number", number, []Holder{{s.m, mine}, {other.m, theirs}}},
		{"as people type it", " " + number[:6] + " " + number[6:] + " ", []Holder{{s.m, mine}, {other.m, theirs}}},
		{"the second carrier's number", number + "B", []Holder{{s.m, mine}}},
		{"a number that nobody has", number + "Z", nil},
		{"nothing", "", nil},
	} {
		var got []Holder
		w.See(func(tx *db.Tx) (err error) {
			got, err = ByNumber(tx, c.number)
			return err
		})
		seen := map[Holder]bool{}
		for _, h := range got {
			seen[h] = true
		}
		for _, h := range c.want {
			if !seen[h] {
				t.Errorf("%s: %v is missing", c.law, h)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d found, want %d", c.law, len(got), len(c.want))
		}
	}
}

// The count grows with each event and with nothing else, also when the story
// stays as it is.
func TestScansAreCountedByOrder(t *testing.T) {
	s := open(t, world(t))
	p, q := s.announce("8R1", s.home), s.announce("8R2", s.home)
	of := func(id ident.Parcel) Whole { return Whole{s.m, ident.Order("ord_of_" + id)} }
	count := func(id ident.Parcel) (n int) {
		s.See(func(tx *db.Tx) error {
			all, err := Scans(tx, []Whole{of(p), of(q), {s.m, "ord_nobody"}})
			n = all[of(id)]
			return err
		})
		return n
	}
	now := s.Clock().Now()
	for i, r := range []carrier.Report{
		say("8R1", fact.PickedUp, now), say("8R1", fact.InTransit, now.Add(-time.Minute)), say("8R1", fact.InTransit, now.Add(-2*time.Minute)),
	} {
		s.report(fact.TrustSigned, string(rune('a'+i)), r)
		s.report(fact.TrustSigned, string(rune('A'+i)), r) // once more, in another payload
		if got := count(p); got != i+1 {
			t.Errorf("%d events, want %d", got, i+1)
		}
	}
	if got := count(q); got != 0 {
		t.Errorf("the other order has %d events", got)
	}
	if got := count("par_none"); got != 0 {
		t.Errorf("an order without parcels has %d events", got)
	}
}
