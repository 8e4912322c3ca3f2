package flow

import (
	"context"
	"fmt"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

const (
	sqlInsertLater = `insert into flow_later (merchant, reaction, fact, since) values ($1, $2, $3, $4)`
	sqlLater       = `-- across merchants: whatever is left to do, oldest first
		select merchant, reaction, fact from flow_later order by fact limit $1`
	sqlTakeLater = `delete from flow_later where merchant = $1 and reaction = $2 and fact in ($3) returning fact`
	sqlPark      = `insert into flow_parked (merchant, fact, reaction, error, since, tries) values ($1, $2, $3, $4, $5, 1)
		on conflict (merchant, reaction, fact) do update set error = excluded.error, tries = flow_parked.tries + 1`
	sqlUnpark = `delete from flow_parked where merchant = $1 and reaction = $2 and fact = $3`
	sqlParked = `-- across merchants: the operator's list of parked work
		select merchant, fact, reaction, error, since, tries from flow_parked
		where (since, fact) > ($1, $2) order by since, fact limit $3`
)

// laterBatch is how many later reactions one round takes.
const laterBatch = 100

func (g *group) postpone(t *db.Tx, r Reaction, facts []Fact) error {
	for _, f := range facts {
		if err := t.Do(sqlInsertLater, f.Merchant, r.Key(), f.ID, t.Now); err != nil {
			return err
		}
	}
	g.woken = true
	return nil
}

func (g *group) parkAll(t *db.Tx, r Reaction, facts []Fact, cause error) error {
	for _, f := range facts {
		if err := t.Do(sqlPark, f.Merchant, f.ID, r.Key(), cause.Error(), t.Now); err != nil {
			return err
		}
	}
	return nil
}

// waiting is a later reaction on the facts of one merchant.
type waiting struct {
	merchant ident.Merchant
	route    string
	facts    []ident.Fact
}

// DrainLater runs the later reactions that wait, one round of them, and
// reports whether there were any.
func (f *Flow) DrainLater(ctx context.Context) (bool, error) {
	var batch []waiting
	err := f.Read(ctx, func(tx *db.Tx) (err error) {
		batch, err = laterWork(tx)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, w := range batch {
		if err := f.runLater(ctx, w); err != nil {
			return true, err
		}
	}
	return len(batch) > 0, nil
}

func laterWork(tx *db.Tx) ([]waiting, error) {
	type row struct {
		merchant ident.Merchant
		route    string
		fact     ident.Fact
	}
	rows, err := db.All(tx, sqlLater, func(r db.Row) (w row, err error) {
		err = r.Scan(&w.merchant, &w.route, &w.fact)
		return w, err
	}, laterBatch)
	var out []waiting
	place := map[[2]string]int{}
	for _, r := range rows {
		k := [2]string{string(r.merchant), r.route}
		i, seen := place[k]
		if !seen {
			i = len(out)
			place[k] = i
			out = append(out, waiting{merchant: r.merchant, route: r.route})
		}
		out[i].facts = append(out[i].facts, r.fact)
	}
	return out, err
}

// runLater runs one reaction on its facts; when that fails, fact by fact, and
// the facts it fails on are parked.
func (f *Flow) runLater(ctx context.Context, w waiting) error {
	err := f.tryLater(ctx, w)
	if err == nil || f.db.Passing(err) {
		return err
	}
	if len(w.facts) == 1 {
		return f.parkLater(ctx, w, err)
	}
	for _, id := range w.facts {
		one := waiting{merchant: w.merchant, route: w.route, facts: []ident.Fact{id}}
		if err := f.runLater(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (f *Flow) tryLater(ctx context.Context, w waiting) error {
	return f.One(ctx, System, w.merchant, func(tx *Tx) error {
		ids, err := db.All(tx.Tx, sqlTakeLater, db.Scalar[ident.Fact], w.merchant, w.route, db.In(w.facts))
		if err != nil || len(ids) == 0 {
			return err
		}
		return f.again(tx, w.merchant, w.route, ids)
	})
}

// again runs a route on facts read back from the log.
func (f *Flow) again(tx *Tx, m ident.Merchant, route string, ids []ident.Fact) error {
	r, ok := f.byKey[route]
	if !ok {
		return fmt.Errorf("flow: no route is called %q any more", route)
	}
	fs, err := facts(tx.Tx, m, ids)
	if err != nil {
		return err
	}
	return tx.group.call(tx.Tx, r, fs)
}

func (f *Flow) parkLater(ctx context.Context, w waiting, cause error) error {
	return f.One(ctx, System, w.merchant, func(tx *Tx) error {
		took, err := tx.Changed(sqlTakeLater, w.merchant, w.route, db.In(w.facts))
		if err != nil || !took {
			return err
		}
		return tx.Do(sqlPark, w.merchant, w.facts[0], w.route, cause.Error(), tx.Now)
	})
}

// Parked is a reaction that failed on a fact, kept to be seen and replayed.
type Parked struct {
	Merchant ident.Merchant
	Fact     ident.Fact
	Route    string
	Error    string
	Since    civil.Instant
	Tries    int64
}

// ParkedAfter pages through the parked reactions of all merchants, oldest first.
func ParkedAfter(tx *db.Tx, since civil.Instant, last ident.Fact, limit int) ([]Parked, error) {
	return db.All(tx, sqlParked, scanParked, int64(since), last, limit)
}

// Replay runs a parked reaction on its fact again; what a sweep had parked goes
// back to the clock. Two replays at once: one wins, the other is told that there
// is nothing parked.
func (f *Flow) Replay(ctx context.Context, by Actor, p Parked) error {
	return f.One(ctx, by, p.Merchant, func(tx *Tx) error {
		had, err := tx.Changed(sqlUnpark, p.Merchant, p.Route, p.Fact)
		if err != nil {
			return err
		}
		if !had {
			return fault.New(fault.NotFound, "nothing_parked", "")
		}
		if slices.ContainsFunc(f.sweeps, func(s Sweep) bool { return s.Name == p.Route }) {
			return nil
		}
		return f.again(tx, p.Merchant, p.Route, []ident.Fact{p.Fact})
	})
}
