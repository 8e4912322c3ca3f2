package webhook

import (
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// mostReplayed is how many dead deliveries one call brings back.
const mostReplayed = 500

// Replay sends a delivery again, dead or delivered, under the same id and number;
// what waits is left as it is. The faults are not_found and webhook_endpoint_off.
func Replay(tx *flow.Tx, m ident.Merchant, id ident.Delivery) error {
	d, err := DeliveryOf(tx.Tx, m, id)
	if err != nil {
		return err
	}
	e, err := awake(tx.Tx, m, d.Endpoint)
	if err != nil {
		return err
	}
	return e.again(tx, m, []ident.Delivery{id})
}

// ReplayDead sends the dead deliveries of an endpoint again, the oldest first, at
// most 500 at once, and answers how many: ask again while it is that many. The
// faults are those of Replay.
func ReplayDead(tx *flow.Tx, m ident.Merchant, id ident.Endpoint) (int, error) {
	e, err := awake(tx.Tx, m, id)
	if err != nil {
		return 0, err
	}
	dead, err := db.All(tx.Tx, sqlDead, scanDelivery, m, id, "", mostReplayed)
	if err != nil || len(dead) == 0 {
		return 0, err
	}
	ids := make([]ident.Delivery, len(dead))
	for i, d := range dead {
		ids[i] = d.ID
	}
	return len(ids), e.again(tx, m, ids)
}

func awake(tx *db.Tx, m ident.Merchant, id ident.Endpoint) (Endpoint, error) {
	e, err := Get(tx, m, id)
	if err == nil && e.State != On {
		err = fault.New(fault.Conflict, "webhook_endpoint_off", "endpoint")
	}
	return e, err
}

func (e Endpoint) again(tx *flow.Tx, m ident.Merchant, ids []ident.Delivery) error {
	subjects, err := db.All(tx.Tx, sqlReplay, db.Scalar[string], m, db.In(ids))
	if err != nil || len(subjects) == 0 {
		return err
	}
	if err := tx.Do(sqlPromote, m, e.ID, db.In(subjects), tx.Wall); err != nil {
		return err
	}
	return e.wake(tx, m)
}

// Try sends a delivery that says nothing, to see whether the endpoint takes it.
// The faults are those of Replay.
func Try(tx *flow.Tx, m ident.Merchant, id ident.Endpoint) (ident.Delivery, error) {
	e, err := awake(tx.Tx, m, id)
	if err != nil {
		return "", err
	}
	d := Delivery{ID: ident.New[ident.Delivery](tx.Mint), Endpoint: id, Kind: TestKind, State: Waiting, Made: tx.Now}
	d.Subject = string(d.ID) // an object of its own: it waits for nobody
	if err := insertDelivery(tx, m, d); err != nil {
		return "", err
	}
	if err := tx.Do(sqlPromote, m, id, db.In([]string{d.Subject}), tx.Wall); err != nil {
		return "", err
	}
	return d.ID, e.wake(tx, m)
}
