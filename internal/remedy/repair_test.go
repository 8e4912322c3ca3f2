package remedy

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/money"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Somebody of the shop may grant what the policy did not: once, and never more
// than was paid.
func TestSomebodyRepairsByHand(t *testing.T) {
	for _, row := range []struct {
		what     string
		late     time.Duration // 0: nothing is broken
		delivery int64
		granted  int64
		fault    string
	}{
		{"refused within the tolerance", 20 * time.Minute, 590, 590, ""},
		{"granted already by the policy", 31 * time.Minute, 590, 0, "nothing_left_to_repair"},
		{"delivery was free", 20 * time.Minute, 0, 0, "nothing_left_to_repair"},
		{"nothing is broken", 0, 590, 0, "not_found"},
	} {
		t.Run(row.what, func(t *testing.T) {
			s := newShop(t)
			ps := NewPolicies()
			r := s.promise(s.order(row.delivery), 1)
			if row.late > 0 {
				s.breaks(lateBy(r, row.late))
			}
			repair := func() (amount money.Amount, err error) {
				err = s.Try(s.m, func(tx *flow.Tx) error {
					amount, err = ps.Repair(tx, s.m, r.Commitment)
					return err
				})
				return amount, err
			}
			amount, err := repair()
			if row.fault != "" {
				if !fault.Is(err, row.fault) {
					t.Errorf("got %v, %v", amount, err)
				}
				return
			}
			if err != nil || amount.Minor != row.granted {
				t.Fatalf("got %v, %v", amount, err)
			}
			if got := s.credit(); got.Minor != row.granted {
				t.Errorf("the ledger says %d", got.Minor)
			}
			if _, err := repair(); !fault.Is(err, "nothing_left_to_repair") {
				t.Errorf("again: %v", err)
			}
			if got := s.credit(); got.Minor != row.granted {
				t.Errorf("after the second try the ledger says %d", got.Minor)
			}
		})
	}
}
