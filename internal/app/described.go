package app

import (
	"context"
	"slices"
	"strings"

	"github.com/promesse-dev/promesse/internal/core/vault"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/promise"
	"github.com/promesse-dev/promesse/internal/remedy"
)

// described is an application on an empty database in memory, to be looked at.
func described(ctx context.Context) (*App, error) { return describe(ctx, false) }

// demoed is the demo's application, likewise.
func demoed(ctx context.Context) (*App, error) { return describe(ctx, true) }

func describe(ctx context.Context, demo bool) (*App, error) {
	keys, err := vault.New(make([]byte, vault.Size))
	if err != nil {
		return nil, err
	}
	clock := flow.RealClock()
	d, err := db.Open(ctx, "sqlite::memory:", db.Options{Now: clock.Now, Wall: clock.Wall})
	if err != nil {
		return nil, err
	}
	return New(Parts{DB: d, Clock: clock, Vault: keys, Base: "https://promesse.example", Demo: demo})
}

// allRoutes are the reactions there are.
func allRoutes() []flow.Reaction { return routes(promise.NewCurves(), remedy.NewPolicies()) }

// door is a path that can be asked for, and who may.
type door struct{ method, path, who string }

// doors lists every one, pages and API.
func (a *App) doors() (ds []door) {
	for _, r := range a.API.Routes() {
		ds = append(ds, door{r.Method, r.Path, string(r.Access)})
	}
	for _, r := range a.shown {
		ds = append(ds, door{r.Method, r.Path, string(r.Access)})
	}
	slices.SortStableFunc(ds, func(x, y door) int { return strings.Compare(x.path, y.path) })
	return ds
}
