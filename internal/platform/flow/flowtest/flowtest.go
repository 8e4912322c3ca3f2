// Package flowtest is a world for tests: a real database, a clock that moves
// only when told, and whatever routes the test needs.
package flowtest

import (
	"context"
	"testing"
	"time"

	"github.com/promesse-dev/promesse/internal/core/civil"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/db/dbtest"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// World is a flow with its clock in the test's hand. It starts on
// Monday 2 March 2026 at 09:00 in Paris.
type World struct {
	*flow.Flow
	T    testing.TB
	wall civil.Instant
}

// Paris is where most tests live.
var Paris = mustLoad("Europe/Paris")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// New opens a world with the routes given. Every write runs twice, the first
// time undone, so that a verb which keeps something outside its transaction is found out.
func New(t testing.TB, routes ...flow.Reaction) *World {
	t.Helper()
	w := &World{T: t, wall: civil.At(time.Date(2026, 3, 2, 9, 0, 0, 0, Paris))}
	now := func() civil.Instant { return w.wall }
	clock := flow.NewClock(w.wall, 1, now)
	d := dbtest.New(t, db.Options{Now: clock.Now, Wall: now, Redo: true})
	f, err := flow.New(d, clock, routes)
	if err != nil {
		t.Fatal(err)
	}
	f.CheckEmissions()
	w.Flow = f
	return w
}

// Merchant makes an id nobody else in the database has.
func (w *World) Merchant() (m ident.Merchant) {
	w.T.Helper()
	err := w.DB().Write(context.Background(), nil, func(tx *db.Tx) error {
		m = ident.New[ident.Merchant](tx.Mint)
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return m
}

// At moves both clocks to a local time in Paris, "2006-01-02 15:04[:05]".
func (w *World) At(local string) civil.Instant {
	w.T.Helper()
	layout := "2006-01-02 15:04:05"[:len(local)]
	t, err := time.ParseInLocation(layout, local, Paris)
	if err != nil {
		w.T.Fatal(err)
	}
	w.wall = civil.At(t)
	return w.wall
}

// Pass moves both clocks by a duration.
func (w *World) Pass(d time.Duration) { w.wall = w.wall.Add(d) }

// Do runs a verb and fails the test when it is refused.
func (w *World) Do(m ident.Merchant, verb func(*flow.Tx) error) {
	w.T.Helper()
	if err := w.Try(m, verb); err != nil {
		w.T.Fatal(err)
	}
}

// Try runs a verb.
func (w *World) Try(m ident.Merchant, verb func(*flow.Tx) error) error {
	return w.One(context.Background(), "test", m, verb)
}

// See reads, and fails the test on an error.
func (w *World) See(fn func(*db.Tx) error) {
	w.T.Helper()
	if err := w.Read(context.Background(), fn); err != nil {
		w.T.Fatal(err)
	}
}

// Quiet does everything that is due now.
func (w *World) Quiet() {
	w.T.Helper()
	if err := w.Settle(context.Background()); err != nil {
		w.T.Fatal(err)
	}
}
