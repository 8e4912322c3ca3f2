package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/merchant"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
)

// The shop's week so far: so many orders, each with an open promise, spread over
// the hours of four days. Each of the first three days has its parcels packed;
// what is promised lies three to seven days ahead.
const (
	openCommitments = 100_000
	hoursSoFar      = 96
	hoursPacked     = 72
)

// fill lives the week but for its last hour, on the world's clock; the letters
// leave hour by hour. It answers what is needed to live on.
func (s installation) fill(ctx context.Context) (w week, err error) {
	wall := flow.RealClock().Wall
	now := wall()
	clock := flow.NewClock(now.Add(-hoursSoFar*time.Hour), 0, wall)
	d, f, err := s.open(ctx, clock)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	shop, err := openShop(ctx, f)
	if err != nil {
		return w, err
	}
	for h := range hoursSoFar - 1 {
		clock.Jump(now.Add(time.Duration(h-hoursSoFar) * time.Hour))
		if err := shop.sell(ctx, hourOf(h, now)); err != nil {
			return w, err
		}
		if err := deliver(ctx, f); err != nil {
			return w, err
		}
	}
	w.lastHour = hourOf(hoursSoFar-1, now)
	return w, f.One(ctx, "bench", shop.merchant, func(tx *flow.Tx) (err error) {
		if _, w.shop, err = merchant.IssueKey(tx, shop.merchant, merchant.NewKey{Set: merchant.Developer, Label: "shop"}); err != nil {
			return err
		}
		_, w.carrier, err = merchant.IssueKey(tx, shop.merchant, merchant.NewKey{Set: merchant.Carrier, Connection: shop.connection, Label: "carrier"})
		return err
	})
}

// hourOf is what is sold in an hour of the week. The parcels are to be handed over
// tomorrow: until the morning after that nobody looks at the promises.
func hourOf(h int, now civil.Instant) sale {
	first, next := h*openCommitments/hoursSoFar, (h+1)*openCommitments/hoursSoFar
	return sale{
		first: first, n: next - first, parcels: h < hoursPacked, handover: now.Add(36 * time.Hour),
		until: func(i int) civil.Instant {
			return now.Add(72*time.Hour + 96*time.Hour*time.Duration(i)/openCommitments)
		},
	}
}

// posters is how many letters leave at the same time: they share commits.
const posters = 32

// deliver has the letters written and taken.
func deliver(ctx context.Context, f *flow.Flow) error {
	if err := exhaust(ctx, f.DrainLater); err != nil {
		return err
	}
	return sideBySide(posters, func(int) error { return exhaust(ctx, f.RunErrands) })
}

// exhaust repeats a step until it finds nothing to do.
func exhaust(ctx context.Context, step func(context.Context) (bool, error)) error {
	for {
		if busy, err := step(ctx); !busy || err != nil {
			return err
		}
	}
}

// sideBySide does the work of several at the same time.
func sideBySide(workers int, work func(worker int) error) (err error) {
	errs := make(chan error, workers)
	for i := range workers {
		go func() { errs <- work(i) }()
	}
	for range workers {
		err = errors.Join(err, <-errs)
	}
	return err
}

// outlook is what an installation has to do, and when it last did something.
type outlook struct {
	Open       int // promises
	LastFact   civil.Instant
	NextErrand civil.Instant
	NextDue    civil.Instant
	Parked     int // at most one of each kind
}

// look reads it, while no service runs.
func (s installation) look(ctx context.Context) (o outlook, err error) {
	d, f, err := s.open(ctx, flow.RealClock())
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if o.LastFact, err = flow.StoredWorld(ctx, d); err != nil {
		return o, err
	}
	if o.NextErrand, err = f.NextErrand(ctx); err != nil {
		return o, err
	}
	if o.NextDue, err = f.NextDue(ctx); err != nil {
		return o, err
	}
	return o, f.Read(ctx, o.count)
}

// count counts the promises that are open, and asks for parked work.
func (o *outlook) count(tx *db.Tx) error {
	shops, err := merchant.List(tx, "", 1)
	if err != nil {
		return err
	}
	for _, m := range shops {
		if o.Open, err = promise.Count(tx, m.ID, fact.Open); err != nil {
			return err
		}
	}
	reactions, err := flow.ParkedAfter(tx, 0, "", 1)
	if err != nil {
		return err
	}
	errands, err := flow.ParkedErrands(tx, 1)
	o.Parked = len(reactions) + len(errands)
	return err
}

// quietFor is how far ahead the next thing to do must lie.
const quietFor = time.Hour

// idle refuses an installation that did anything since, or has anything to do
// but wait.
func (o outlook) idle(since civil.Instant) error {
	switch {
	case o.Open != openCommitments:
		return fmt.Errorf("%d promises are open instead of %d", o.Open, openCommitments)
	case o.NextErrand != 0 || o.Parked > 0:
		return fmt.Errorf("letters did not leave: %+v", o)
	case o.LastFact >= since:
		return fmt.Errorf("something happened at %s, while nothing should", o.LastFact)
	case o.NextDue < since.Add(quietFor):
		return fmt.Errorf("something falls due at %s", o.NextDue)
	}
	return nil
}
