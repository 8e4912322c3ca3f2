package tracking

import (
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// Stalls is the sweep over parcels that nothing was heard of for longer than
// their connection allows. It emits tracking.stalled, once per sign of life.
func Stalls() flow.Sweep {
	return flow.Sweep{
		Name: "tracking.Stall",
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, sqlStalled, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			at, _, err := db.One(tx, sqlNextStall, db.Scalar[civil.Instant])
			return at, err
		},
		Do: stall,
	}
}

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

func stall(tx *flow.Tx, m ident.Merchant, ids []string) error {
	silent, err := db.All(tx.Tx, sqlStall, scanSilent, m, db.In(ids), tx.Now)
	if err != nil {
		return err
	}
	for _, p := range silent {
		body := fact.ParcelStalled{Parcel: p.id, Order: p.order, Status: p.Status, LastScan: p.LastScan}
		if err := tx.Emit(m, string(p.order), fmt.Sprintf("%s/%d", p.id, int64(p.stalled)), body); err != nil {
			return err
		}
	}
	return nil
}

func scanSilent(r db.Row) (p parcel, err error) {
	err = r.Scan(&p.id, &p.order, &p.Status, &p.LastScan, &p.stalled)
	return p, err
}
