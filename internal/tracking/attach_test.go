package tracking

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func (s *shop) addLeg(id ident.Parcel, c ident.Connection, number string) error {
	return s.Try(s.m, func(tx *flow.Tx) error { return AddLeg(tx, s.m, id, c, number) })
}

func TestALegBringsItsEvents(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	at := s.At("2026-03-03 11:00")
	s.report(fact.TrustSigned, "1", say("A1", fact.InTransit, at))
	s.report(fact.TrustSigned, "2", say("B2", fact.Delivered, at+1))
	if got := s.story(id).Status; got != fact.InTransit {
		t.Errorf("before the leg: %s", got)
	}
	for range 2 { // the same leg twice is one
		if err := s.addLeg(id, s.line, "b-2"); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.story(id).Status; got != fact.Delivered {
		t.Errorf("with the leg: %s", got)
	}
	if legs := facts[fact.LegAdded](s, id); len(legs) != 1 || legs[0].Number != "B2" {
		t.Errorf("facts: %+v", legs)
	}
	s.report(fact.TrustSigned, "3", say("A1", fact.ArrivedLocal, at-1))
	if n := len(s.events(id)); n != 3 {
		t.Errorf("%d events of both legs", n)
	}
}

func TestAddLegRefuses(t *testing.T) {
	s := open(t, world(t))
	id := s.announce("A1", s.home)
	s.announce("B2", s.home)
	for _, row := range []struct {
		law         string
		parcel      ident.Parcel
		connection  ident.Connection
		number      string
		code, field string
	}{
		{"no such parcel", "par_none", s.line, "C3", "not_found", "parcel"},
		{"no such connection", id, "con_none", "C3", "not_found", "connection"},
		{"no number", id, s.line, " - ", "field_required", "number"},
		{"another parcel's number", id, s.line, "b2", "number_taken", "number"},
	} {
		faults := fault.All(s.addLeg(row.parcel, row.connection, row.number))
		if len(faults) != 1 || faults[0].Code != row.code || faults[0].Field != row.field {
			t.Errorf("%s: got %v", row.law, faults)
		}
	}
}

// Whoever announces a parcel under a number that is taken already keeps the
// parcel, and a person looks.
func TestAParcelAnnouncedUnderANumberThatIsTaken(t *testing.T) {
	s := open(t, world(t))
	first := s.announce("A1", s.home)
	if err := s.addLeg(first, s.line, "B2"); err != nil {
		t.Fatal(err)
	}
	second := s.announce("B2", s.home)
	s.report(fact.TrustSigned, "1", say("B2", fact.Delivered, s.At("2026-03-03 11:00")))
	if got := s.story(second).Status; got != fact.Pending {
		t.Errorf("the second is %s", got)
	}
	if got := s.story(first).Status; got != fact.Delivered {
		t.Errorf("the first is %s", got)
	}
	if told := facts[fact.ParcelDisputed](s, second); len(told) != 1 || told[0].What != NumberTaken {
		t.Errorf("facts: %+v", told)
	}
}

func TestAParcelWithoutANumberYet(t *testing.T) {
	s := open(t, world(t))
	a, b := s.announce("", s.home), s.announce(" ", s.home)
	if err := s.addLeg(a, s.line, "A1"); err != nil {
		t.Fatal(err)
	}
	s.report(fact.TrustSigned, "1", say("A1", fact.PickedUp, s.At("2026-03-02 18:00")))
	if sa, sb := s.story(a).Status, s.story(b).Status; sa != fact.PickedUp || sb != fact.Pending {
		t.Errorf("%s and %s", sa, sb)
	}
}
