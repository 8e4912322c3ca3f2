package payment_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/order"
	"github.com/promesse-dev/promesse/internal/payment"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/ledger"
)

// rich is a shop whose customer has 30.00 of credit.
func rich(t *testing.T) *shop {
	s := newShop(t)
	d := s.decision(s.place(), 3000)
	d.Settlement = fact.Credit
	if err := s.decide(d); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSpending(t *testing.T) {
	for _, row := range []struct {
		law  string
		do   func(*shop, order.Order) error
		code string
		left int64
	}{
		{"a part", func(s *shop, o order.Order) error { return s.spend(o.ID, 1000) }, "", 2000},
		{"all of it", func(s *shop, o order.Order) error { return s.spend(o.ID, 3000) }, "", 0},
		{"a cent more", func(s *shop, o order.Order) error { return s.spend(o.ID, 3001) }, "credit_insufficient amount", 3000},
		{"more than the order", func(s *shop, o order.Order) error { return s.spend(o.ID, 3591) }, "credit_above_order amount", 3000},
		{"nothing", func(s *shop, o order.Order) error { return s.spend(o.ID, 0) }, "credit_amount_invalid amount", 3000},
		{"less than nothing", func(s *shop, o order.Order) error { return s.spend(o.ID, -500) }, "credit_amount_invalid amount", 3000},
		{"the same again", func(s *shop, o order.Order) error {
			if err := s.spend(o.ID, 1000); err != nil {
				return err
			}
			return s.spend(o.ID, 1000)
		}, "", 2000},
		{"another amount again", func(s *shop, o order.Order) error {
			if err := s.spend(o.ID, 1000); err != nil {
				return err
			}
			return s.spend(o.ID, 900)
		}, "credit_already_spent order", 2000},
		{"pounds for an order in euros", func(s *shop, o order.Order) error {
			return s.Try(s.m, func(tx *flow.Tx) error { return payment.Spend(tx, s.m, camille, o.ID, money.Of(1, "GBP")) })
		}, "currency_mismatch amount", 3000},
		{"somebody else's order", func(s *shop, o order.Order) error {
			return s.Try(s.m, func(tx *flow.Tx) error { return payment.Spend(tx, s.m, "shp_other", o.ID, eur(1)) })
		}, "not_found order", 3000},
		{"for a cancelled order", func(s *shop, o order.Order) error {
			s.cancel(o)
			return s.spend(o.ID, 1000)
		}, "order_not_placed order", 3000},
		{"for an order cancelled afterwards: it comes back", func(s *shop, o order.Order) error {
			err := s.spend(o.ID, 1000)
			s.cancel(o)
			s.cancel(o)
			return err
		}, "", 3000},
	} {
		t.Run(row.law, func(t *testing.T) {
			s := rich(t)
			if got := codes(row.do(s, s.place())); got != row.code {
				t.Errorf("got %q, want %q", got, row.code)
			}
			if got := s.balance(); got != eur(row.left) {
				t.Errorf("left %v", got)
			}
			s.See(func(tx *db.Tx) error {
				owed, err := ledger.Balance(tx, s.m, payment.Credits, money.EUR)
				if owed.Minor != -row.left {
					t.Errorf("the shop owes %v", owed)
				}
				return err
			})
		})
	}
}

func (s *shop) cancel(o order.Order) {
	s.T.Helper()
	s.Do(s.m, func(tx *flow.Tx) error { return order.Cancel(tx, s.m, o.ID, fact.ByShopper) })
}

// Two checkouts at the same moment can not both spend the same credit.
func TestTheSameCreditIsNotSpentTwice(t *testing.T) {
	for range 4 {
		s := rich(t)
		var together sync.WaitGroup
		orders, got := []order.Order{s.place(), s.place(), s.place()}, make([]string, 3)
		for i, o := range orders {
			together.Go(func() { got[i] = codes(s.spend(o.ID, 2000)) })
		}
		together.Wait()
		refused := 0
		for _, code := range got {
			switch code {
			case "":
			case "credit_insufficient amount":
				refused++
			default:
				t.Errorf("got %q", code)
			}
		}
		if diff := cmp.Diff(eur(1000), s.balance()); refused != 2 || diff != "" {
			t.Fatalf("%d refused: %s", refused, diff)
		}
	}
}
