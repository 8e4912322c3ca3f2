package app

import (
	"net/url"

	"github.com/promesse-dev/promesse/internal/core/ident"
	"github.com/promesse-dev/promesse/internal/web/console"
	"github.com/promesse-dev/promesse/internal/web/ui"
)

// console opens the door for the shops' people, and has their sign-in links
// e-mailed.
func (a *App) console(p Parts) (*ui.Door, error) {
	base, err := url.Parse(p.Base)
	if err != nil {
		return nil, err
	}
	c := console.Config{
		Flow: a.Flow, Vault: p.Vault, Base: p.Base, Log: p.Log, Proxies: p.Proxies, Guests: p.Demo,
		Curves: a.Desk.Curves, Factors: a.Desk.Factors, Policies: a.policies, Hooks: a.hooks, Erase: a.forget(p),
	}
	if p.Demo {
		c.Page = func(o ident.Order) string { return p.Base + "/p/" + string(a.Desk.Link(o)) }
	}
	a.Flow.Handle(c.Errand(p.Channels, base.Hostname()))
	return console.New(c)
}
