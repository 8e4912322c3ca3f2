package app

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/notify"
	"github.com/promesse-dev/promesse/internal/platform/egress"
	"github.com/promesse-dev/promesse/internal/platform/flow"
	"github.com/promesse-dev/promesse/internal/web/home"
	"github.com/promesse-dev/promesse/internal/web/lookup"
	"github.com/promesse-dev/promesse/internal/web/proof"
	"github.com/promesse-dev/promesse/internal/web/shopper"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// doorway is a door for people, and the paths that lead to it.
type doorway struct {
	open  func(Parts) (*ui.Door, error)
	paths []string
}

// doorways are all doors for people. The first page answers whatever no other does.
func (a *App) doorways() []doorway {
	return []doorway{
		{a.home, []string{"/"}},
		{a.orderPages, []string{"/p/", "/lien/", "/retractation", "/retractation/", "/assets/", "/espace", "/espace/", "/partage/"}},
		{a.lookup, []string{"/suivi"}},
		{a.embed, []string{"/embed/"}},
		{a.console, []string{"/console/"}},
		{a.proof, []string{"/b/"}},
		{a.locator, []string{"/relais", "/relais/", "/assets/relais.js", "/assets/carte/"}},
		{a.speed, []string{"/vitesse", "/assets/vitesse.js"}},
		{a.counter, []string{"/comptoir/"}},
		{a.round, []string{"/tournee/"}},
	}
}

// pages opens the doors for people.
func (a *App) pages(p Parts) (http.Handler, error) {
	mux := http.NewServeMux()
	for _, d := range slices.Concat(a.doorways(), a.shops(p), a.exhibits(p)) {
		door, err := d.open(p)
		if err != nil {
			return nil, err
		}
		a.shown = append(a.shown, door.Routes()...)
		for _, path := range d.paths {
			mux.Handle(path, door)
		}
	}
	return mux, nil
}

func (a *App) home(p Parts) (*ui.Door, error) {
	return home.New(home.Config{
		Flow: a.Flow, Link: a.Desk.Link, Base: p.Base, Demo: p.Demo, Log: p.Log,
		World: func() home.Controls { return a.stage.world }, Rooms: a.rooms, Secrets: a.secrets, Till: a.till, Van: a.van, Regular: regular(p.Demo),
	})
}

func (a *App) orderPages(p Parts) (*ui.Door, error) {
	base, err := url.Parse(p.Base)
	if err != nil {
		return nil, err
	}
	c := shopper.Config{
		Flow: a.Flow, Base: p.Base, Log: p.Log, Stop: a.stopping,
		Vault: p.Vault, Returns: a.returns, Points: a.points, Locator: "/relais", Proxies: p.Proxies,
		Texts: a.channels[notify.SMS] != nil, PushKey: a.pushKey, Pushable: func(address string) error { return egress.Check(address, p.Out.Own) },
		Link: a.Desk.Link, Invite: invite, Changes: a.changes, Desk: a.Desk,
	}
	a.Flow.Handle(shopper.Errand(c, a.channels, base.Hostname()))
	return shopper.New(c)
}

// forget erases a shopper and has the last letter written to them.
func (a *App) forget(p Parts) func(*flow.Tx, ident.Merchant, ident.Shopper) error {
	return shopper.Forget(shopper.Config{Flow: a.Flow, Vault: p.Vault})
}

func (a *App) lookup(p Parts) (*ui.Door, error) {
	return lookup.New(lookup.Config{Flow: a.Flow, Base: p.Base, Proxies: p.Proxies, Log: p.Log})
}

func (a *App) proof(p Parts) (*ui.Door, error) {
	return proof.New(proof.Config{Flow: a.Flow, Base: p.Base, Log: p.Log})
}
