package returns

import (
	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

const (
	sqlDue = `-- across merchants: the clock
		select merchant, id from returns_return where next_at is not null and next_at <= $1 order by next_at, id limit $2`
	sqlNextDue = `-- across merchants: the clock
		select next_at from returns_return where next_at is not null order by next_at limit 1`
	sqlRest      = `update returns_return set next_at = null where merchant = $1 and id = $2`
	sqlUpliftDue = `-- across merchants: the clock
		select merchant, id from returns_return where uplift_at is not null and uplift_at <= $1 order by uplift_at, id limit $2`
	sqlUpliftNext = `-- across merchants: the clock
		select uplift_at from returns_return where uplift_at is not null order by uplift_at limit 1`
)

func scanDue(r db.Row) (d flow.Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

// sweep is a sweep of the room over one id after another.
func sweep[T ~string](name, due, next string, do func(*flow.Tx, ident.Merchant, T) error) flow.Sweep {
	return flow.Sweep{
		Name: name,
		Find: func(tx *db.Tx, now civil.Instant, limit int) ([]flow.Due, error) {
			return db.All(tx, due, scanDue, now, limit)
		},
		Next: func(tx *db.Tx) (civil.Instant, error) {
			at, _, err := db.One(tx, next, db.Scalar[civil.Instant])
			return at, err
		},
		Do: func(tx *flow.Tx, m ident.Merchant, ids []string) error {
			for _, id := range ids {
				if err := do(tx, m, T(id)); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// Sweeps are the room's deadlines: holds, deposits, lost parcels, exchanges and
// contests; disputes; the surcharge on late refunds; formal notices.
func Sweeps() []flow.Sweep {
	return []flow.Sweep{
		sweep("returns.Due", sqlDue, sqlNextDue, due),
		sweep("returns.Silence", sqlQuietDue, sqlQuietNext, silent),
		sweep("returns.Uplift", sqlUpliftDue, sqlUpliftNext, uplift),
		sweep("returns.Demands", sqlDemandsDue, sqlDemandsNext, lapsed),
	}
}

// Reactions are the routes of the room.
func Reactions() []flow.Reaction {
	moved := []fact.Kind{
		fact.ReturnDeposited{}.Kind(), fact.ReturnReceived{}.Kind(), fact.ReturnLost{}.Kind(), fact.ReturnDecided{}.Kind(), fact.ReturnAccepted{}.Kind(),
	}
	closed := []fact.Kind{fact.ReturnClosed{}.Kind()}
	opened := []fact.Kind{fact.ReturnRequested{}.Kind(), fact.ReturnAccepted{}.Kind(), fact.ReturnLabelled{}.Kind()}
	given := []fact.Kind{fact.MadeGood{}.Kind(), fact.ReturnDecided{}.Kind()}
	return []flow.Reaction{
		{On: fact.ClaimDecided{}.Kind(), Name: "returns.ClaimDecided", Mode: flow.Must, Run: ClaimDecided, Emits: given},
		{On: fact.ContestDecided{}.Kind(), Name: "returns.ContestDecided", Mode: flow.Must, Run: ContestDecided, Emits: given},
		{On: fact.ParcelMoved{}.Kind(), Name: "returns.Follow", Mode: flow.May, Run: Follow, Emits: moved},
		{On: fact.Refunded{}.Kind(), Name: "returns.Paid", Mode: flow.May, Run: Paid, Emits: closed},
		{On: fact.CreditGiven{}.Kind(), Name: "returns.Paid", Mode: flow.May, Run: Paid, Emits: closed},
		{On: fact.PromiseBroken{}.Kind(), Name: "returns.NotDelivered", Mode: flow.May, Run: NotDelivered},
		{On: fact.PromiseKept{}.Kind(), Name: "returns.Acknowledged", Mode: flow.May, Run: Acknowledged},
		{On: fact.Withdrawn{}.Kind(), Name: "returns.Open", Mode: flow.Later, Run: Open, Emits: opened},
		{On: fact.ChangeAccepted{}.Kind(), Name: "returns.Recall", Mode: flow.Must, Run: Recall, Emits: append([]fact.Kind{fact.Withdrawn{}.Kind()}, opened...)},
	}
}

// due does what a return's deadline asks for.
func due(tx *flow.Tx, m ident.Merchant, id ident.Return) error {
	r, err := Get(tx.Tx, m, id)
	if err != nil {
		return err
	}
	passed := func(at civil.Instant) bool { return at != 0 && at <= tx.Now }
	switch {
	case r.Stock == StockAsked && passed(r.StockBy):
		r.answer(StockQuiet)
		return r.save(tx, m, r.State)
	case r.State == Held && passed(r.LookBy):
		return r.pass(tx, m, fact.ByNobody)
	case passed(r.overdue()):
		return r.miss(tx, m)
	case does(r.State, expiring) && passed(r.DepositBy):
		return r.lapse(tx, m)
	case passed(r.soon()):
		return r.remind(tx, m)
	case r.State == Deposited && passed(r.LookBy):
		return r.gone(tx, m)
	case r.State == Decided && passed(r.ContestBy):
		if err := r.close(tx, m); err != nil || r.State == Closed {
			return err
		}
	}
	return tx.Do(sqlRest, m, id)
}
