package returns_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/returns"
)

// sent is an order that its carrier has, and nobody was handed.
func (s *shop) sent() bought {
	s.t.Helper()
	b := s.buys()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, _, err := order.Announce(tx, s.m, order.NewParcel{Order: b.ID, Connection: s.line, Number: "OUT" + b.Reference})
		return err
	})
	s.scan("OUT"+b.Reference, fact.InTransit, s.Clock().Now())
	return b
}

// recalled is what its carrier's yes to taking it back opens.
func (s *shop) recalled(b bought) returns.Return {
	s.t.Helper()
	s.Do(s.m, func(tx *flow.Tx) error {
		change := ident.New[ident.Change](tx.Mint)
		return tx.Emit(s.m, string(b.ID), string(change), fact.ChangeAccepted{Change: fact.Change{Change: change, What: fact.CallBack, Order: b.ID, Shopper: s.camille}})
	})
	s.Quiet()
	var all []returns.Return
	s.See(func(tx *db.Tx) error {
		of, err := returns.OfOrders(tx, s.m, []ident.Order{b.ID})
		all = of[b.ID]
		return err
	})
	if len(all) != 1 {
		s.t.Fatalf("%d returns of what was taken back", len(all))
	}
	return all[0]
}

// It is Monday 2 March: paid back by the 16th whether it is there or not, for the
// shopper was never handed it (L221-24).
func TestWhatIsTakenBackIsAWithdrawalWithNothingToSend(t *testing.T) {
	s := open(t)
	b := s.sent()
	r := s.recalled(b)
	if r.Route != fact.BackRecalled || r.Ground != fact.ByWithdrawal || r.State != returns.Accepted || r.Units != 4 || r.DepositBy != 0 {
		t.Errorf("%+v", r)
	}
	if want := local("2026-03-17 00:00"); r.RefundBy != want {
		t.Errorf("refunded by %s", r.RefundBy)
	}
	s.See(func(tx *db.Tx) error {
		law, err := r.Law(tx, s.m)
		if law.Withheld || law.Due != r.RefundBy {
			t.Errorf("the law: %+v", law)
		}
		w, err2 := returns.GetWithdrawal(tx, s.m, r.Withdrawal)
		if w.SendBackBy != 0 || !w.InTime || w.Units != 4 {
			t.Errorf("%+v, %v", w, err2)
		}
		return err
	})
	refused(t, "its carrier is on the way with it", s.Try(s.m, func(tx *flow.Tx) error {
		_, err := returns.Cancel(tx, s.m, r.ID, fact.ByShopper)
		return err
	}), "return_state", "return")
	s.Pass(3 * 24 * time.Hour)
	s.scan("OUT"+b.Reference, fact.Returned, s.Clock().Now())
	s.inState("back at the shop", r.ID, returns.Received)
}

// A carrier that said yes, and handed it over all the same: what was withdrawn from is
// to be sent now, and the days for it begin.
func TestWhatWasHandedOverAfterAllIsToBeSent(t *testing.T) {
	s := open(t)
	b := s.sent()
	r := s.recalled(b)
	s.Pass(24 * time.Hour)
	s.scan("OUT"+b.Reference, fact.Delivered, s.Clock().Now())
	r = s.inState("in Camille's hands", r.ID, returns.Accepted)
	if want := local("2026-03-18 00:00"); r.Route != fact.BackOnTheirs || r.DepositBy != want {
		t.Errorf("by %s, until %s", r.Route, r.DepositBy)
	}
}

// Who withdrew first, and then has it taken back, has one return, and nothing to send.
func TestWhatWasWithdrawnFromBeforeComesBackTheSameWay(t *testing.T) {
	s := open(t)
	b := s.sent()
	s.Do(s.m, func(tx *flow.Tx) error {
		_, _, err := returns.Withdraw(tx, s.m, returns.Renouncing{Key: "k", Order: b.ID, Name: "Camille", Contract: b.Reference, Email: "camille@example.org"})
		return err
	})
	s.Quiet()
	if r := s.recalled(b); r.Route != fact.BackRecalled || r.DepositBy != 0 || r.RefundBy != local("2026-03-17 00:00") {
		t.Errorf("%+v", r)
	}
}
