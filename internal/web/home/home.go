// Package home is the first page. In the demo it lists the orders being lived:
// what was promised, where each promise stands, how many were kept, broken and
// repaired, and what time it is in that world. In service it says in two
// sentences what runs here, and nothing about anybody.
//
// The demo's people are invented, so their first names are shown to whoever
// opens the page, with the addresses of their orders' pages; that is why the
// list exists there alone. The package stores nothing and writes nothing.
package home

import (
	"log/slog"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the page stands on.
type Config struct {
	Flow *flow.Flow
	Link func(ident.Order) ident.Link // of an order's page
	Base string                       // address of the installation
	Demo bool                         // list the orders being lived
	Log  *slog.Logger                 // nil discards
}

// New opens the door.
func New(c Config) (*ui.Door, error) {
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing}, routes(c)...)
}

// routes is every path, who may use it, and its handler.
func routes(c Config) []ui.Route {
	serve := still
	if c.Demo {
		serve = c.living
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/{$}", Access: ui.Anybody, Summary: "The orders of the demo; in service, what runs here", Serve: serve},
	}
}

// still is the first page of a service.
func still(r *http.Request) (ui.Answer, error) { return ui.Answer{Page: service(ui.Reader(r))}, nil }

// living reads the newest orders of all shops in one snapshot and shows them.
func (c Config) living(r *http.Request) (a ui.Answer, err error) {
	state := fact.State(r.URL.Query().Get("state"))
	if !slices.Contains(states, state) {
		state = ""
	}
	err = c.Flow.Read(r.Context(), func(tx *db.Tx) error {
		w, err := readWorld(tx, state)
		w.speed = c.Flow.Clock().Speed()
		a.Page = world(w.page(ui.Reader(r), c.Link))
		return err
	})
	return a, err
}
