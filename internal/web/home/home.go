// Package home is the first page. In the demo it has a door for each person the
// product serves: six shops for whoever buys, the console for those who work
// there, what was e-mailed, the API. Whoever sits at the machine enters the console
// with one click and sets the world's clock there: nobody else is shown a button
// for it. Below, it lists the orders being lived: what was promised, where each
// promise stands, how many were kept, broken and repaired. In service it says in
// two sentences what runs here, and nothing about anybody.
//
// The demo's people are invented, so their first names are shown to whoever
// opens the page, with the addresses of their orders' pages; that is why the
// list exists there alone. The package stores nothing.
package home

import (
	"context"
	_ "embed"
	"log/slog"
	"net/http"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/fault"
	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/core/lang"
	"github.com/promesse-dev/promesse/internal/fact"
	"github.com/promesse-dev/promesse/internal/platform/db"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/platform/visitor"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// Config is what the page stands on.
type Config struct {
	Flow  *flow.Flow
	Link  func(ident.Order) ident.Link // of an order's page
	Base  string                       // address of the installation
	Demo  bool                         // list the orders being lived
	World func() Controls              // of the demo; nil, or answers nil: the clock can not be set
	Rooms func() []string              // the paths of all doors: what is not open yet is not shown; nil is none
	// Secrets are the demo's newest letters that open something; nil: none are shown.
	Secrets func() []Secret
	// Till is the counter where whoever sits at this machine may be the clerk; nil,
	// or of no point: there is none.
	Till func() Till
	// Van is the round that whoever sits at this machine may drive; nil, or without a
	// courier: there is none.
	Van func() Van
	// Regular is the e-mail address of a shopper of several shops, whose letters are
	// among the secrets; empty: there is none.
	Regular string
	Log     *slog.Logger // nil discards
}

// Van is a round of the demo, and what opens it.
type Van struct{ Courier, PIN string }

// Till is a relay point of the demo, and what opens it.
type Till struct {
	Point      ident.Point
	Clerk, PIN string
	Coming     []string // numbers of parcels to try there
}

// Controls set the clock of the demo's world.
type Controls interface {
	Pause(context.Context) error
	Resume(context.Context) error
	NextEvent(context.Context) error   // live until something happens that somebody could notice
	NextMorning(context.Context) error // live until seven o'clock
	// News is what everybody in that world hears of: storms, strikes.
	News(context.Context, lang.Locale) ([]string, error)
}

//go:embed home.css
var sheet string

var look = ui.NewLook(sheet)

// New opens the door.
func New(c Config) (*ui.Door, error) {
	if c.World == nil {
		c.World = func() Controls { return nil }
	}
	if c.Secrets == nil {
		c.Secrets = func() []Secret { return nil }
	}
	if c.Van == nil {
		c.Van = func() Van { return Van{} }
	}
	if c.Till == nil {
		c.Till = func() Till { return Till{} }
	}
	if c.Rooms == nil {
		c.Rooms = func() []string { return nil }
	}
	return ui.NewDoor(ui.House{Base: c.Base, Log: c.Log, Passing: c.Flow.DB().Passing}, routes(c)...)
}

// routes is every path, who may use it, and its handler.
func routes(c Config) []ui.Route {
	if !c.Demo {
		return []ui.Route{{Method: http.MethodGet, Path: "/{$}", Access: ui.Anybody, Summary: "What runs here", Serve: still}}
	}
	act := func(path, summary string, do func(Controls, context.Context) error) ui.Route {
		return ui.Route{Method: http.MethodPost, Path: "/monde/" + path, Access: ui.Anybody, Summary: summary, Serve: c.set(do)}
	}
	return []ui.Route{
		{Method: http.MethodGet, Path: "/{$}", Access: ui.Anybody, Summary: "The demo's doors, and the orders being lived", Serve: c.living},
		act("pause", "Stop the demo's clock; on this machine only", Controls.Pause),
		act("reprise", "Let it run again; on this machine only", Controls.Resume),
		act("suite", "Live until the next event; on this machine only", Controls.NextEvent),
		{Method: http.MethodGet, Path: lettersPath, Access: ui.Anybody, Summary: "The demo's letters that open something; on this machine only", Serve: c.letters},
		act("matin", "Live until the next morning; on this machine only", Controls.NextMorning),
	}
}

// still is the first page of a service.
func still(r *http.Request) (ui.Answer, error) { return ui.Answer{Page: service(ui.Reader(r))}, nil }

// set does something to the world's clock, and leads back to the page.
func (c Config) set(do func(Controls, context.Context) error) func(*http.Request) (ui.Answer, error) {
	return func(r *http.Request) (ui.Answer, error) {
		world := c.World()
		if world == nil || !visitor.Local(r) {
			return ui.Answer{}, fault.New(fault.Forbidden, "world_is_local", "")
		}
		return ui.Answer{To: "/"}, do(world, r.Context())
	}
}

// living reads the newest orders of all shops in one snapshot and shows them.
func (c Config) living(r *http.Request) (a ui.Answer, err error) {
	state := fact.State(r.URL.Query().Get("state"))
	if !slices.Contains(states, state) {
		state = ""
	}
	loc := ui.Reader(r)
	var news []string
	if around := c.World(); around != nil {
		if news, err = around.News(r.Context(), loc); err != nil {
			return a, err
		}
	}
	err = c.Flow.Read(r.Context(), func(tx *db.Tx) error {
		w, err := readWorld(tx, state)
		w.speed, w.rooms = c.Flow.Clock().Speed(), c.Rooms()
		w.local = visitor.Local(r)
		w.settable = w.local && c.World() != nil
		if err == nil && w.local {
			w.van, w.regular = c.Van(), c.Regular
			w.till, err = readTill(tx, c.Till(), w.shops)
		}
		p := w.page(loc, c.Link)
		p.News = news
		a.Page = world(p)
		return err
	})
	return a, err
}
