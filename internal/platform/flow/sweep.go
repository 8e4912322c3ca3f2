package flow

import (
	"context"
	"fmt"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
)

// sweepBatch is how many due things one transaction handles: ten times as many
// would buy a fifth of the speed and cost their neighbours ten times the wait.
const sweepBatch = 100

// Due is something whose instant has come.
type Due struct {
	Merchant ident.Merchant
	ID       string
}

// Sweep is a room's answer to "what is due?".
type Sweep struct {
	Name string // room.Verb
	Find func(tx *db.Tx, now civil.Instant, limit int) ([]Due, error)
	Next func(tx *db.Tx) (civil.Instant, error) // the earliest instant at which Find answers; zero = nothing planned
	Do   func(tx *Tx, m ident.Merchant, ids []string) error
}

// Watch registers a room's deadlines. Call it before Run.
func (f *Flow) Watch(s Sweep) { f.sweeps = append(f.sweeps, s) }

// Sweep handles one round of what is due, and reports whether anything was.
func (f *Flow) Sweep(ctx context.Context) (bool, error) {
	any := false
	for _, s := range f.sweeps {
		worked, err := f.sweep(ctx, s)
		any = any || worked
		if err != nil {
			return any, fmt.Errorf("sweep %s: %w", s.Name, err)
		}
	}
	return any, nil
}

func (f *Flow) sweep(ctx context.Context, s Sweep) (bool, error) {
	var due []Due
	err := f.Read(ctx, func(tx *db.Tx) error {
		parked, err := db.All(tx, sqlParkedDue, scanDue, s.Name)
		if err != nil {
			return err
		}
		found, err := s.Find(tx, f.clock.Now(), sweepBatch+len(parked))
		due = without(found, parked)
		return err
	})
	if err != nil {
		return false, err
	}
	merchants, ids := byMerchant(due)
	for _, m := range merchants {
		if err := f.fire(ctx, s, m, ids[m]); err != nil {
			return true, err
		}
	}
	return len(due) > 0, nil
}

const (
	sqlParkedDue = `-- across merchants: what the clock must not touch again by itself
		select merchant, fact from flow_parked where reaction = $1`
)

func scanDue(r db.Row) (d Due, err error) {
	err = r.Scan(&d.Merchant, &d.ID)
	return d, err
}

func without(due, parked []Due) []Due {
	if len(parked) == 0 {
		return due
	}
	skip := make(map[Due]bool, len(parked))
	for _, p := range parked {
		skip[p] = true
	}
	kept := due[:0]
	for _, d := range due {
		if !skip[d] {
			kept = append(kept, d)
		}
	}
	return kept
}

func byMerchant(due []Due) (order []ident.Merchant, ids map[ident.Merchant][]string) {
	ids = map[ident.Merchant][]string{}
	for _, d := range due {
		if _, seen := ids[d.Merchant]; !seen {
			order = append(order, d.Merchant)
		}
		ids[d.Merchant] = append(ids[d.Merchant], d.ID)
	}
	return order, ids
}

// fire handles due things of a merchant; when that fails, in halves, and one
// that fails alone is parked under the sweep's name.
func (f *Flow) fire(ctx context.Context, s Sweep, m ident.Merchant, ids []string) error {
	err := f.One(ctx, TheClock, m, func(tx *Tx) error { return s.Do(tx, m, ids) })
	if err == nil || f.db.Passing(err) {
		return err
	}
	if len(ids) > 1 {
		if err := f.fire(ctx, s, m, ids[:len(ids)/2]); err != nil {
			return err
		}
		return f.fire(ctx, s, m, ids[len(ids)/2:])
	}
	return f.One(ctx, TheClock, m, func(tx *Tx) error {
		return tx.Do(sqlPark, m, ids[0], s.Name, err.Error(), tx.Now)
	})
}

// NextDue is the earliest instant of world time at which something is due,
// zero when nothing is planned.
func (f *Flow) NextDue(ctx context.Context) (next civil.Instant, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		for _, s := range f.sweeps {
			at, err := s.Next(tx)
			if err != nil {
				return fmt.Errorf("next of %s: %w", s.Name, err)
			}
			if at != 0 && (next == 0 || at < next) {
				next = at
			}
		}
		return nil
	})
	return next, err
}

// NextErrand is the instant of machine time at which an errand is due, zero when none waits.
func (f *Flow) NextErrand(ctx context.Context) (next civil.Instant, err error) {
	err = f.Read(ctx, func(tx *db.Tx) error {
		next, _, err = db.One(tx, sqlNextErrand, db.Scalar[civil.Instant])
		return err
	})
	return next, err
}
