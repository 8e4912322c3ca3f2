package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/returns"
)

// Three days before the last day a shopper is reminded, once; nobody is whose
// parcel is on its way.
func TestAShopperIsRemindedOnceBeforeTheLabelIsWorthNothing(t *testing.T) {
	s := open(t)
	b, c := s.had(), s.had()
	late := s.asked(s.wants(b, map[ident.Line]int{b.scarf: 1}, "wrong_size"))
	sent := s.asked(s.wants(c, map[ident.Line]int{c.scarf: 1}, "wrong_size"))
	s.labels(late.ID)
	s.labels(sent.ID)
	s.must(s.deposit(sent.ID, returns.Left{Source: returns.AtCounter, Place: "Tabac"}))

	until := func(at civil.Instant) { s.Pass(at.Sub(s.Clock().Now())); s.Quiet() }
	until(late.DepositBy.Add(-3*24*time.Hour - time.Second))
	if got := told[fact.ReturnExpiring](s, b.ID); len(got) != 0 {
		t.Errorf("too early: %+v", got)
	}
	until(late.DepositBy.Add(-3 * 24 * time.Hour))
	until(late.DepositBy.Add(-time.Second))
	if got := told[fact.ReturnExpiring](s, b.ID); len(got) != 1 || got[0].DepositBy != late.DepositBy {
		t.Errorf("reminded %+v", got)
	}
	if got := told[fact.ReturnExpiring](s, c.ID); len(got) != 0 {
		t.Errorf("it is on its way: %+v", got)
	}
	s.inState("not over yet", late.ID, returns.Ready)
	until(late.DepositBy)
	s.inState("over", late.ID, returns.Expired)
}
