package demo_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/promesse-dev/promesse/internal/app"
	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/demo"
	"github.com/promesse-dev/promesse/internal/insight"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
)

// start builds the whole application.
func start(d *db.DB, clock *flow.Clock, channels notify.Channels) (demo.Process, error) {
	keys, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		return demo.Process{}, err
	}
	a, err := app.New(app.Parts{DB: d, Clock: clock, Vault: keys, Base: "https://promesse.test", Channels: channels})
	if err != nil {
		return demo.Process{}, err
	}
	a.Flow.CheckEmissions()
	return demo.Process{Flow: a.Flow, Handler: a.Handler}, nil
}

func verify(ctx context.Context, d *db.DB) (all []demo.Violation, err error) {
	found, err := insight.Verify(ctx, d)
	for _, v := range found {
		all = append(all, demo.Violation{Invariant: v.Invariant, IDs: v.IDs})
	}
	return all, err
}

func live(t *testing.T, seed uint64) demo.Result {
	t.Helper()
	r, err := demo.Simulate(t.Context(), demo.Simulation{Seed: seed, Days: 20, Start: start, Verify: verify})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASeedIsAWorldWithoutViolations(t *testing.T) {
	once, again, other := live(t, 21), live(t, 21), live(t, 22)
	if d := cmp.Diff(once, again); d != "" {
		t.Errorf("the same seed twice:\n%s", d)
	}
	if once.Hash == other.Hash {
		t.Error("two seeds made the same facts")
	}
	for _, r := range []demo.Result{once, other} {
		if len(r.Violations) > 0 {
			t.Errorf("seed %d: %v", r.Seed, r.Violations)
		}
		if r.Deaths < 3 || r.Repeats == 0 {
			t.Errorf("seed %d: %d deaths, %d letters twice: nothing was tried", r.Seed, r.Deaths, r.Repeats)
		}
		if r.Orders < 40 || r.Events < 250 || r.Broken < 15 || r.Remedies < 10 || r.Messages < 150 || r.Calls < 200 {
			t.Errorf("a dull world: %+v", r)
		}
	}
}
