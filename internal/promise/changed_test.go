package promise

import (
	"testing"

	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

func (s *shop) changed(c Commitment, w fact.Wanted) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		return tx.Emit(s.m, string(c.Order), "chg_1", fact.ChangeAccepted{Change: fact.Change{Change: "chg_1", Order: c.Order}, Wanted: w})
	})
}

// What is owed follows the shopper's choice, once the carrier agreed to it.
func TestWhatACarrierAgreesToIsOwed(t *testing.T) {
	from, until := local("2026-03-11 10:00"), local("2026-03-11 12:00")
	for _, row := range []struct {
		law     string
		wanted  fact.Wanted
		owed    fact.Owed
		collect bool
		shown   string
	}{
		{"another slot", fact.Wanted{From: from, Until: until, Slot: true}, fact.DeliverInSlot, false, "Livré mercredi 11 mars entre 10:00 et 12:00"},
		{"another day", fact.Wanted{From: from, Until: local("2026-03-12 00:00")}, fact.DeliverBy, false, "Livré mercredi 11 mars"},
		{"a point", fact.Wanted{Until: local("2026-03-12 00:00"), Point: "pnt_1"}, fact.DeliverBy, true, "Prêt à retirer mercredi 11 mars"},
	} {
		s := open(t)
		c := s.reserve("14:00", "16:00")
		s.changed(c, row.wanted)
		old := s.now(c)
		next := s.now(Commitment{ID: old.Successor})
		if old.State != fact.Amended || next.Owed != row.owed || next.Until != row.wanted.Until || next.Collect != row.collect || next.Shown != row.shown {
			t.Errorf("%s: %s, then %s until %s, collected %v: %q", row.law, old.State, next.Owed, next.Until, next.Collect, next.Shown)
		}
	}
}

func TestAPlaceToLeaveItMovesNoDate(t *testing.T) {
	s := open(t)
	c := s.reserve("14:00", "16:00")
	s.changed(c, fact.Wanted{})
	s.mustSay(c.Order, made)
}

// Agreed to at 16:01: the slot that was promised has passed, and stays broken.
func TestABreachIsNotChangedAway(t *testing.T) {
	s := open(t)
	c := s.reserve("14:00", "16:00")
	s.At("2026-03-10 16:01")
	s.changed(c, fact.Wanted{From: local("2026-03-11 10:00"), Until: local("2026-03-11 12:00"), Slot: true})
	if got := s.now(c); got.State == fact.Amended {
		t.Errorf("%s", got.State)
	}
}
