package demo_test

import (
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Things come back in a world of people who change their minds: over relays and
// the post, to stores, by law; opened, judged, contested, paid. The demo stops
// and starts again meanwhile.
func TestThingsComeBack(t *testing.T) {
	now := civil.At(time.Date(2026, 10, 5, 5, 0, 0, 0, time.UTC))
	clock := flow.NewClock(now, 0, func() civil.Instant { return now })
	d, err := db.Open(t.Context(), "sqlite::memory:", db.Options{Now: clock.Now, Wall: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for range 3 {
		liveOn(t, d, clock, 8, 12, "fil-et-saison")
	}
	for _, c := range []struct {
		what  string
		query string
		least int64
	}{
		{"returns by relay", `select count(*) from returns_return where route = 'relay'`, 15},
		{"returns by post", `select count(*) from returns_return where route = 'post'`, 2},
		{"returns to a store", `select count(*) from returns_return where route = 'store'`, 1},
		{"withdrawals that were acknowledged", `select count(*) from returns_withdrawal where acknowledged is not null`, 1},
		{"labels used, each under a number of its own", `select count(distinct number) from returns_label where state = 'used'`, 10},
		{"points chosen", `select count(distinct point) from returns_return where point <> ''`, 10},
		{"proofs by a carrier's scan", `select count(*) from returns_deposit where source = 'carrier'`, 10},
		{"proofs of a store's clerk", `select count(*) from returns_deposit where source = 'store' and clerk <> ''`, 1},
		{"returns closed", `select count(*) from returns_return where state = 'closed'`, 1},
		{"returns that expired", `select count(*) from returns_return where state = 'expired'`, 1},
		{"decided in full", `select count(*) from returns_decision where outcome = 'full'`, 8},
		{"decided in part, with a photo", `select count(*) from returns_decision where outcome = 'partial' and reasons like '%blb_%'`, 1},
		{"disputes settled", `select count(*) from returns_dispute where state in ('upheld', 'rejected')`, 1},
		{"refunds that the shop paid", `select count(*) from payment_refund where state = 'done'`, 8},
	} {
		if got := counted(t, d, c.query); got < c.least {
			t.Errorf("%d %s, want %d at least", got, c.what, c.least)
		}
	}
	for _, c := range []struct{ what, query string }{
		{"decisions and disputes of one hand", `select count(*) from returns_dispute x join returns_decision y
			on y.merchant = x.merchant and y.id = x.decision where x.settler = y.decided_by`},
		{"pieces of work given up", `select count(*) from flow_parked`},
		{"errands given up", `select count(*) from flow_errand where state = 'parked'`},
	} {
		if got := counted(t, d, c.query); got > 0 {
			t.Errorf("%d %s", got, c.what)
		}
	}
}

func counted(t *testing.T, d *db.DB, query string) (n int64) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, _, err = db.One(tx, query, db.Scalar[int64])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
